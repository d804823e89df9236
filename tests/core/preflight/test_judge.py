"""Each check on facts: what it finds, how bad it is, and that it is silent otherwise."""

from dataclasses import replace

import pytest

from core import reasons
from core.facts import FieldInfo, Stage, User
from core.policy import EACH_ITS_OWN, LineRow, Mode, OwnField
from core.preflight import (
    Level,
    Package,
    Report,
    Seen,
    Subject,
    judge,
    report_from_json,
    report_to_json,
)
from core.salesforce.setup_pages import setup_page
from core.texts import say
from tests.core.helpers.cases import CONNECTED, DEALS, GONE, OLENA, PETRO, REOPEN, row, shape
from tests.core.helpers.cases import fields as cases_fields
from tests.core.helpers.cases import policy as customers

READ = {
    "Lead": ("Id", "LastName", "IsConverted"),
    "Contact": ("Id", "LastName", "AccountId", "IsPersonAccount", "UniTalk_Key__c"),
    "Opportunity": ("Name", "StageName"),
}
POLICY = customers(lines=(), missed_calls=(row(OLENA, PETRO),), default_responsible=OLENA)
CONTACTS = POLICY.model_copy(update={"mode": Mode.CONTACTS, "contact_account_id": "001A"})
OPPORTUNITIES = CONTACTS.model_copy(update={"mode": Mode.OPPORTUNITIES})


def org(**changes):
    """Fields by `Object__Field`: None takes one away, keys change it, a FieldInfo adds it."""
    usual = shape()
    fields = {name: dict(known) for name, known in usual.fields.items()}
    fields["Lead"]["IsConverted"] = FieldInfo("IsConverted", "Converted", "boolean")
    fields["Contact"] |= cases_fields("HomePhone", "OtherPhone", "AssistantPhone")
    fields["Task"] |= cases_fields("UniTalk_External_Line__c")
    for name, known in fields.items():
        known["Id"] = FieldInfo("Id", f"{name} ID", "id", createable=False)
    for path, change in changes.items():
        name, _, field = path.partition("__")
        if change is None:
            fields[name].pop(field)
        elif isinstance(change, dict):
            fields[name][field] = replace(fields[name][field], **change)
        else:
            fields[name][change.name] = change
    return replace(usual, fields=fields)


SEEN = Seen(
    org(),
    CONNECTED,
    api_version="66.0",
    api_used=100,
    api_allowed=1000,
    ceiling=800,
    storage=(900, 1000),
    packages=(Package("UniTalk", "", "1.2"),),
    read=READ,
    createable={"Lead": True},
    duplicate_rules={},
    sees_all={"Lead": True},
    records={"Lead": 12},
    seconds=0.25,
    time_zone="Europe/Kyiv",
)


def found(seen, policy=POLICY):
    """Level and code of everything but what is fine."""
    report = judge(seen, policy)
    for one in report.findings:
        assert not one.setup or setup_page("https://x", one.setup)
    return [
        (str(one.level), one.reason.code) for one in report.findings if one.level is not Level.GOOD
    ]


def test_an_org_with_all_it_needs():
    report = judge(SEEN, POLICY)
    assert found(SEEN) == []
    assert report.package == "1.2"
    assert {one.subject for one in report.findings} == set(Subject)
    assert all("…" not in say(one.reason, "en") for one in report.findings)
    assert found(SEEN, CONTACTS) == []
    assert found(SEEN, OPPORTUNITIES) == []


def told(code):
    return code if "." in code else f"preflight.{code}"


def required(name, **more):
    return FieldInfo(name, f"The {name}", **{"type": "string", "required": True, **more})


NO_OPEN = (Stage("Lost", "Lost", True),)
WITHOUT_KEY = org(Task__UniTalk_Call_Id__c=None)
LOCKED = {"createable": False}
CLOSED = {"filterable": False}
A_REFERENCE = required("Partner__c", type="reference")
TIMED_OUT = reasons.preflight.look_up_refused(reasons.Words("QUERY_TIMEOUT"))
STOP, WARNING = "stop", "warning"


@pytest.mark.parametrize(
    ("changes", "level", "code"),
    [
        ({"packages": (), "shape": WITHOUT_KEY}, WARNING, "package_missing"),
        ({"shape": WITHOUT_KEY}, WARNING, "package_hidden"),
        ({"api_used": 800}, STOP, "api_calls_gone"),
        ({"api_used": 1000, "ceiling": None}, STOP, "api_calls_gone"),
        ({"api_used": 640}, WARNING, "api_calls_near"),
        ({"storage": (0, 1000)}, STOP, "storage_full"),
        ({"storage": (49, 1000)}, WARNING, "storage_little"),
        ({"time_zone": "Europe/Warsaw"}, WARNING, "time_zone_other"),
        ({"time_zone": "Africa/Johannesburg"}, WARNING, "time_zone_other"),
        ({"shape": org(Lead__Phone=None, Lead__MobilePhone=None)}, STOP, "hold.blind"),
        ({"shape": org(Task__WhoId=None)}, STOP, "hold.no_who"),
        ({"shape": org(Lead__Phone=LOCKED, Lead__MobilePhone=LOCKED)}, STOP, "hold.no_number"),
        ({"shape": org(Lead__MobilePhone=None)}, WARNING, "phones_hidden"),
        ({"shape": org(Lead__Phone={"filterable": False})}, WARNING, "phones_encrypted"),
        ({"createable": {"Lead": False}}, STOP, "cannot_create"),
        ({"createable": {"Task": False}}, STOP, "cannot_create"),
        ({"shape": org(Lead__IsConverted=None)}, WARNING, "not_read"),
        ({"shape": org(Task__Description=None)}, WARNING, "left_out"),
        ({"shape": org(Task__Description=LOCKED)}, WARNING, "left_out"),
        ({"shape": org(Task__UniTalk_Call_Id__c=LOCKED)}, WARNING, "package_fields"),
        ({"shape": org(Task__UniTalk_Call_Id__c={"filterable": False})}, WARNING, "package_fields"),
        ({"shape": org(Lead__UniTalk_Key__c=None)}, WARNING, "package_fields"),
        ({"shape": org(Task__UniTalk_External_Line__c=None)}, WARNING, "package_fields"),
        ({"shape": org(Lead__x=required("Region__c"))}, STOP, "required"),
        ({"shape": org(Task__x=required("Reason__c"))}, STOP, "required"),
        ({"shape": org(Lead__x=A_REFERENCE)}, STOP, "required_unfillable"),
        ({"sees_all": {"Lead": False}}, WARNING, "sharing"),
        ({"sees_all": {"Lead": None}}, WARNING, "sharing_unknown"),
        ({"seconds": 5.0}, WARNING, "look_up_slow"),
        ({"refused": TIMED_OUT}, STOP, "look_up_refused"),
        ({"shape": replace(org(), users={})}, WARNING, "users_hidden"),
    ],
)
def test_one_thing_is_amiss(changes, level, code):
    assert found(replace(SEEN, **changes)) == [(level, told(code))]


@pytest.mark.parametrize("untold", ["storage", "duplicate_rules", "records"])
def test_what_salesforce_does_not_tell_costs_nothing(untold):
    seen = replace(SEEN, **{untold: None})
    assert found(seen) == [("unknown", "preflight.not_told")]


@pytest.mark.parametrize(
    ("policy", "chosen", "changes", "level", "code"),
    [
        (CONTACTS, {"contact_account_id": ""}, {}, WARNING, "contacts_private"),
        (OPPORTUNITIES, {"open_stage": "Gone"}, {}, WARNING, "stage_gone"),
        (OPPORTUNITIES, {}, {"shape": replace(org(), stages=NO_OPEN)}, STOP, "no_open_stage"),
        (POLICY, {"missed_calls": (row(GONE),)}, {}, WARNING, "users_inactive"),
        (POLICY, {"default_responsible": "005NOBODY"}, {}, WARNING, "users_gone"),
        (OPPORTUNITIES, {}, {"shape": org(Opportunity__StageName=None)}, WARNING, "not_read"),
    ],
)
def test_what_the_settings_make_of_it(policy, chosen, changes, level, code):
    policy = policy.model_copy(update=chosen)
    assert found(replace(SEEN, **changes), policy) == [(level, told(code))]


def test_an_account_of_its_own_for_each_contact_is_looked_after():
    each = CONTACTS.model_copy(update={"contact_account_id": EACH_ITS_OWN})
    account = cases_fields("Name", "OwnerId", x=required("Segment__c"))
    seen = replace(SEEN, shape=replace(org(), fields={**org().fields, "Account": account}))
    assert found(seen, each) == [("stop", "preflight.required_unfillable")]
    assert found(seen, CONTACTS) == [], "one for all is there already"


def test_what_a_mode_does_not_touch_is_not_told():
    phones = ("Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone")
    hidden = replace(SEEN, shape=org(**{f"Contact__{name}": None for name in phones}))
    assert found(hidden) == []
    assert ("stop", "hold.blind") in found(hidden, CONTACTS)


@pytest.mark.parametrize(("change", "page"), [(None, "permission_sets"), (CLOSED, "encryption")])
def test_what_makes_us_blind_is_mended_where_it_is(change, page):
    seen = replace(SEEN, shape=org(Lead__Phone=change, Lead__MobilePhone=change))
    (only,) = judge(seen, POLICY).of(STOP)
    assert only.setup == page


def test_without_a_key_for_calls():
    bare = org(Task__UniTalk_Call_Id__c=None, Task__CallObject=None)
    assert ("warning", "task.no_key") in found(replace(SEEN, shape=bare, packages=()))
    blunt = org(Task__UniTalk_Call_Id__c=None, Task__CallObject={"filterable": False})
    assert ("warning", "preflight.key_unsearchable") in found(replace(SEEN, shape=blunt))


def test_opportunities_out_of_sight():
    fields = {name: known for name, known in org().fields.items() if name != "Opportunity"}
    seen = replace(SEEN, shape=replace(org(), fields=fields))
    assert ("warning", "preflight.opportunities_hidden") in found(seen, OPPORTUNITIES)


def test_an_opportunity_that_cannot_be_opened_again():
    seen = replace(SEEN, shape=org(Opportunity__StageName={"updateable": False}))
    assert ("warning", "preflight.not_changed") in found(seen, REOPEN)
    assert ("warning", "preflight.not_changed") not in found(seen, DEALS)


def finding(seen, code, policy=POLICY):
    return next(one for one in judge(seen, policy).findings if one.reason.code == code)


def test_a_required_field_is_offered_as_an_own_field_and_then_filled():
    seen = replace(SEEN, shape=org(Lead__x=required("Region__c")))
    stop = finding(seen, "preflight.required")
    assert (stop.own_field, stop.setup) == ("Lead.Region__c", "fields/Lead")
    own = OwnField(object="Lead", field="Region__c", template="Kyiv")
    assert found(seen, POLICY.model_copy(update={"own_fields": (own,)})) == []


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{external_line}", []),
        ("{group}", []),
        ("{employee}", [("warning", "preflight.required_sometimes")]),
        ("{recording}", [("warning", "preflight.required_sometimes")]),
    ],
)
def test_a_required_field_that_only_some_calls_fill(template, expected):
    seen = replace(SEEN, shape=org(Lead__x=required("Region__c", length=255)))
    own = OwnField(object="Lead", field="Region__c", template=template)
    lines = (LineRow(line="2000", user_id=OLENA),)
    assert found(seen, POLICY.model_copy(update={"own_fields": (own,), "lines": lines})) == expected


def test_an_account_of_its_own_that_cannot_be_made():
    each = CONTACTS.model_copy(update={"contact_account_id": EACH_ITS_OWN})
    seen = replace(SEEN, shape=org(Contact__AccountId=LOCKED))
    assert ("warning", "preflight.accounts_not_made") in found(seen, each)
    assert ("warning", "preflight.accounts_not_made") not in found(SEEN, each)


def test_values_that_a_restricted_list_does_not_have():
    choice = FieldInfo("Rating", "Rating", "picklist", picklist=("Hot", "Cold"), restricted=True)
    seen = replace(SEEN, shape=org(Lead__x=choice))
    for template, expected in (("Warm", [("warning", "own.not_in_list")]), ("Hot", [])):
        own = OwnField(object="Lead", field="Rating", template=template)
        assert found(seen, POLICY.model_copy(update={"own_fields": (own,)})) == expected


def test_a_text_that_is_longer_than_its_field():
    seen = replace(SEEN, shape=org(Lead__x=FieldInfo("Code__c", "Code", "string", length=5)))
    for template, expected in (("123456", [("warning", "field.cut")]), ("{line}-1234", [])):
        own = OwnField(object="Lead", field="Code__c", template=template)
        assert found(seen, POLICY.model_copy(update={"own_fields": (own,)})) == expected


def test_what_is_told_of_rules_types_and_numbers():
    more = replace(
        SEEN,
        duplicate_rules={"Lead": ("Standard", "Strict"), "Account": ("Other",)},
        record_types={"Lead": "Partner", "Opportunity": "Sales"},
    )
    told = finding(more, "preflight.duplicates")
    assert told.level == WARNING, "one that names no record stops the call"
    rules = told.reason.params["rules"]
    assert rules == "Lead: Standard, Strict"
    assert finding(more, "preflight.record_types").reason.params["types"] == "Lead: Partner"
    assert finding(more, "preflight.records").reason.params["counts"] == "Lead: 12"


@pytest.mark.parametrize(
    ("namespace", "packages", "version"),
    [
        ("", (), ""),
        ("", None, ""),
        ("", (Package("Other", "", "9.9"), Package("UniTalk Calls", "", "1.2")), "1.2"),
        ("unitalk", (Package("UniTalk", "other", "9.9"), Package("X", "unitalk", "2.0")), "2.0"),
    ],
)
def test_which_version_of_the_package(namespace, packages, version):
    fields = dict(org().fields)
    if namespace:
        key = FieldInfo(f"{namespace}__UniTalk_Call_Id__c", "Key", "string")
        task = {k: v for k, v in fields["Task"].items() if k != "UniTalk_Call_Id__c"}
        fields["Task"] = {**task, key.name: key}
    seen = replace(SEEN, shape=replace(org(), fields=fields), packages=packages)
    assert judge(seen, POLICY).package == version


def test_the_worst_first():
    seen = replace(SEEN, storage=(0, 1000), time_zone="Europe/Warsaw", seconds=9.0)
    levels = [one.level for one in judge(seen, POLICY).findings]
    assert levels == sorted(levels, key=list(Level).index)


def test_a_report_is_kept_as_it_is():
    report = replace(judge(replace(SEEN, storage=(0, 9)), POLICY), trouble=reasons.task.no_key())
    assert report_from_json(report_to_json(report)) == report
    assert report_from_json({"findings": "odd"}) == Report()
    assert report_from_json({}) == Report()


def test_users_who_take_turns_are_named_once():
    users = {OLENA: User(OLENA, "Olena"), PETRO: User(PETRO, "Petro")}
    seen = replace(SEEN, shape=replace(org(), users=users))
    assert finding(seen, "preflight.users").reason.params["count"] == "2"
