"""Own fields: templates over a call's variables, and values that a field takes."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.facts import FieldInfo
from core.loops import Missed
from core.own_fields import VARIABLES, Unfit, check, fit, render, unknown_variables, variables
from core.policy import OwnField, Policy, When
from core.rules import decide
from core.working import Span
from tests.core.helpers import cases as a


def info(kind: str, **more) -> FieldInfo:
    return FieldInfo("My__c", "My", kind, **more)


def test_every_variable_of_an_answered_call():
    call = a.call(group="Sales", cause="16", source="REGULAR")
    assert variables(call, a.NUMBER, a.policy(), a.facts()) == {
        "client_number": "+380505557182",
        "client_number_spaced": "+380 50 555 7182",
        "external_line": "380444900123",
        "line": "2000",
        "employee": "Olena",
        "direction": "incoming",
        "status": "answered, incoming",
        "state": "ANSWER",
        "answered": "true",
        "missed": "false",
        "date": "2026-07-09",
        "time": "16:58:52",
        "datetime": "2026-07-09T16:58:52+03:00",
        "duration": "9",
        "duration_total": "19",
        "recording": "https://api.unitalk.cloud/tracking/rec/275",
        "group": "Sales",
        "cause": "ended as usual",
        "source": "ordinary call",
        "working_hours": "true",
        "missed_count": "0",
        "called_back_after": "",
        "call_id": "275",
    }


@pytest.mark.parametrize(
    ("changes", "name", "language", "text"),
    [
        ({"cause": "17"}, "cause", "uk", "зайнято"),
        ({"cause": "19"}, "cause", "ru", "нет ответа"),
        ({"cause": "99"}, "cause", "en", "99"),
        ({"cause": "1.5"}, "cause", "en", "1.5"),
        ({"cause": ""}, "cause", "en", ""),
        ({"source": "REGULAR"}, "source", "uk", "звичайний дзвінок"),
        ({"source": "A.NEW.ONE"}, "source", "uk", "A.NEW.ONE"),
        ({"source": ""}, "source", "en", ""),
    ],
)
def test_telephonys_codes_are_words_where_their_meaning_is_known(changes, name, language, text):
    known = variables(a.call(**changes), a.NUMBER, a.policy(language=language), a.facts())
    assert known[name] == text


KYIV = ZoneInfo("Europe/Kyiv")
MISSED = Missed(datetime(2026, 7, 9, 16, 46, 10, tzinfo=KYIV), times=2)
LATER = Missed(datetime(2026, 7, 9, 18, tzinfo=KYIV), times=2)
WAITED = [
    # what, call, missed before, missed_count, called_back_after
    ("missed first", a.missed(), None, "1", ""),
    ("missed again", a.missed(), MISSED, "3", ""),
    ("called again", a.call(), MISSED, "2", "12"),
    ("called back", a.outgoing(), MISSED, "2", "12"),
    ("called back, nobody there", a.outgoing(state="BUSY"), MISSED, "2", ""),
    ("over before, told late", a.call(), LATER, "2", ""),
    ("nobody waits", a.outgoing(), None, "0", ""),
]


@pytest.mark.parametrize(("what", "call", "missed", "count", "after"), WAITED)
def test_how_often_a_client_called_in_vain_and_how_long(what, call, missed, count, after):
    known = variables(call, a.NUMBER, a.policy(), a.facts(), missed)
    assert (known["missed_count"], known["called_back_after"]) == (count, after), what


def test_own_fields_tell_how_often_a_client_called_in_vain():
    template = "{missed_count} {called_back_after}"
    own = OwnField(object="Task", field="Waited__c", template=template)
    shape = a.shape()
    fields = {**shape.fields, "Task": {**shape.fields["Task"], **a.fields("Waited__c")}}
    facts = a.facts(a.lead(), shape=replace(shape, fields=fields))
    later = datetime(2026, 7, 9, 17, 10, 52)
    calls = [
        a.waiting(a.missed(), 1),
        a.waiting(a.missed(key="276"), 2),
        a.waiting(a.outgoing(key="277", started_at=later), 3),
        a.waiting(a.outgoing(key="278", started_at=later), 4),
    ]
    policy = a.policy(own_fields=(own,), missed_calls=(a.row(a.OLENA),))
    plans = decide(calls, policy, facts)
    assert [a.task(one).fields["Waited__c"] for one in plans] == ["1", "2", "2 12", "0"]


@pytest.mark.parametrize(("ends", "text"), [("17:00", "true"), ("16:00", "false")])
def test_whether_a_call_came_in_working_hours(ends, text):
    hours = (Span(weekday=3, begins="09:00", ends=ends),)  # a Thursday, 16:58
    known = variables(a.call(), a.NUMBER, a.policy(working_hours=hours), a.facts())
    assert known["working_hours"] == text


def test_the_names_offered_are_the_names_there_are():
    assert tuple(variables(a.missed(), a.NUMBER, Policy(), a.facts())) == VARIABLES


def test_a_template_is_filled_and_nothing_else_is_touched():
    known = {"line": "{date}", "date": "D"}
    assert render("{line} {nope} {date} {} {0.x} {date.year} }{", known) == (
        "{date} {nope} D {} {0.x} {date.year} }{"
    )
    assert unknown_variables("{line} {nope}") == ("nope",)


HEAT = {
    "restricted": True,
    "picklist": ("hot", "cold", "centre"),
    "labels": (("Горячий", "hot"), ("Холодний", "cold"), ("Дем'янівка - центр", "centre")),
}
BOTH = {"restricted": True, "picklist": ("yes", "no", "both")}
FITTING = [
    # type, more, text, value
    ("string", {"length": 5}, "abcdefg", "abcd…"),
    ("string", {"length": 7}, "abcdefg", "abcdefg"),
    ("string", {"length": 4}, "😀😀😀", "😀…"),
    ("textarea", {"length": 32000}, "a\nb", "a\nb"),
    ("combobox", {"length": 255}, "Call", "Call"),
    ("int", {"digits": 8}, "19", 19),
    ("int", {}, "19.6", 20),
    ("double", {"precision": 18, "scale": 2}, "1 234,567", 1234.57),
    ("double", {"scale": 17}, "1234567890123456789." + "1" * 40, 1234567890123456789.0),
    ("currency", {"precision": 18, "scale": 2}, "-5", -5.0),
    ("percent", {"scale": 0}, "50", 50.0),
    ("boolean", {}, "true", True),
    ("boolean", {}, "Да", True),
    ("boolean", {}, "ні", False),
    ("boolean", {}, "0", False),
    ("date", {}, "2026-07-09", "2026-07-09"),
    ("date", {}, "09.07.2026", "2026-07-09"),
    ("date", {}, "2026-07-09T23:30:00+00:00", "2026-07-10"),
    ("datetime", {}, "2026-07-09 16:58:52", "2026-07-09T16:58:52+03:00"),
    ("datetime", {}, "2026-01-09 16:58:52", "2026-01-09T16:58:52+02:00"),
    ("datetime", {}, "09.07.2026 16:58", "2026-07-09T16:58:00+03:00"),
    ("datetime", {}, "2026-07-09T13:58:52Z", "2026-07-09T13:58:52+00:00"),
    # Before zones were whole minutes, and as nobody sends it.
    ("datetime", {}, "1900-01-01 00:00", "1899-12-31T21:57:56+00:00"),
    ("datetime", {}, "2026-07-09T16:58:52+03:00:30", "2026-07-09T13:58:22+00:00"),
    ("picklist", {"restricted": True, "picklist": ("Phone", "Web")}, "phone", "Phone"),
    ("picklist", {"picklist": ("Phone",), "length": 255}, "Call", "Call"),
    ("multipicklist", {"restricted": True, "picklist": ("A", "B")}, "a; B", "A;B"),
    ("multipicklist", HEAT, "холодний; HOT ;Горячий", "cold;hot"),
    ("multipicklist", {**HEAT, "restricted": False}, "Горячий;new", "hot;new"),
    ("multipicklist", {"labels": (("Так; ні", "both"),), **BOTH}, "так; ні", "both"),
    ("picklist", HEAT, "Горячий", "hot"),
    ("picklist", {**HEAT, "restricted": False}, "Горячий", "hot"),
    ("picklist", {**HEAT, "restricted": False}, "Теплый", "Теплый"),
    ("picklist", {**HEAT, "restricted": False}, "Зам\u02bcок", "Зам\u02bcок"),
    ("picklist", HEAT, "HOT", "hot"),
    ("picklist", HEAT, "холоднии\u0306\u00a0", "cold"),
    ("picklist", HEAT, "дем`янівка \u2014 центр", "centre"),
    ("picklist", {"picklist": ("a", "b"), "labels": (("b", "a"), ("a", "b"))}, "b", "b"),
    ("picklist", {"picklist": ("M²", "m2")}, "m2", "m2"),
    ("boolean", {}, "\u200bТАК", True),
    ("double", {"scale": 2}, "\u22121\u202f234,5", -1234.5),
    ("date", {}, "\u200e09.07.2026", "2026-07-09"),
    ("phone", {"length": 40}, "+380505557182", "+380505557182"),
    ("url", {"length": 255}, "https://x.example/1", "https://x.example/1"),
    ("email", {"length": 80}, "a@b.example", "a@b.example"),
]


@pytest.mark.parametrize(("kind", "more", "text", "value"), FITTING)
def test_a_value_fits(kind, more, text, value):
    found = fit(text, info(kind, **more), Policy())
    assert found == value
    assert type(found) is type(value)


UNFIT = [
    ("string", {}, "  ", "own.empty"),
    ("string", {}, "\u200b\u2800", "own.empty"),
    ("picklist", HEAT, "Горяч", "own.not_in_list"),
    ("multipicklist", HEAT, "Горячий;Теплый", "own.not_in_list"),
    ("multipicklist", {}, ";;", "own.empty"),
    ("date", {}, "1700-01-01T00:00+14:00", "own.not_date"),
    ("datetime", {}, "1700-01-01T00:00+14:00", "own.not_datetime"),
    ("double", {"precision": 18, "scale": 10}, "1234567890123456789", "own.too_big"),
    ("int", {}, "many", "own.not_number"),
    ("int", {}, "nan", "own.not_number"),
    ("int", {}, "1_000", "own.not_number"),
    ("double", {"scale": 2}, "1_0.5", "own.not_number"),
    ("double", {"scale": 2}, "1\uff3f000", "own.not_number"),
    ("int", {}, "1e999999", "own.not_number"),
    ("int", {"digits": 8}, "123456789", "own.too_big"),
    ("double", {"precision": 4, "scale": 2}, "100", "own.too_big"),
    ("boolean", {}, "maybe", "own.not_checkbox"),
    ("date", {}, "today", "own.not_date"),
    ("date", {}, "0001-01-01", "own.not_date"),
    ("datetime", {}, "16:58", "own.not_datetime"),
    ("picklist", {"restricted": True, "picklist": ("Web",)}, "Phone", "own.not_in_list"),
    ("multipicklist", {"restricted": True, "picklist": ("A",)}, "A;C", "own.not_in_list"),
    ("phone", {"length": 40}, "1" * 41, "own.too_long"),
    ("url", {"length": 20}, "https://x.example/" + "1" * 9, "own.too_long"),
    ("url", {}, "no address", "own.not_url"),
    ("email", {}, "nobody", "own.not_email"),
    ("reference", {}, "005X", "own.type"),
    ("address", {}, "Kyiv", "own.type"),
    ("id", {}, "1", "own.type"),
]


@pytest.mark.parametrize(("kind", "more", "text", "reason"), UNFIT)
def test_a_value_does_not_fit(kind, more, text, reason):
    found = fit(text, info(kind, **more), Policy())
    assert isinstance(found, Unfit)
    assert found.reason.code == reason


KINDS = sorted({case[0] for case in FITTING + UNFIT})


@given(st.sampled_from(KINDS), st.text(), st.integers(0, 20))
def test_no_text_breaks_a_field(kind, text, length):
    found = fit(text, info(kind, length=length, scale=2, precision=10), Policy())
    if isinstance(found, str) and length and kind in ("string", "textarea", "phone", "email"):
        assert len(found.encode("utf-16-le")) <= 2 * length


def org(**fields: FieldInfo):
    known = a.shape()
    lead = {**known.fields["Lead"], **fields}
    return replace(known, fields={**known.fields, "Lead": lead})


LEAD_FIELDS = {
    "Text__c": info("string", length=80),
    "When__c": info("datetime"),
    "Day__c": info("date"),
    "Count__c": info("int", digits=8),
    "Late__c": info("boolean"),
    "List__c": info("picklist", restricted=True, picklist=("missed, incoming", "x")),
    "Lists__c": info("multipicklist", restricted=True, picklist=("x",), labels=(("Икс", "x"),)),
    "Site__c": info("url", length=255),
    "Who__c": info("reference"),
    "Once__c": info("string", updateable=False),
    "Formula__c": info("string", createable=False, updateable=False),
}
CHECKED = [
    # field, template, when, reason
    ("Text__c", "{client_number} {group}", When.CREATE, None),
    ("When__c", "{datetime}", When.EVERY_CALL, None),
    ("Day__c", "{date}", When.CREATE, None),
    ("Count__c", "{duration}", When.CREATE, None),
    ("Late__c", "{missed}", When.CREATE, None),
    ("List__c", "{status}", When.CREATE, None),
    ("Text__c", "{recording}", When.CREATE, None),
    ("Text__c", "{employee}", When.CREATE, None),
    ("Once__c", "x", When.CREATE, None),
    ("Once__c", "x", When.EVERY_CALL, "own.read_only"),
    ("Formula__c", "x", When.CREATE, "own.read_only"),
    ("Who__c", "x", When.CREATE, "own.type"),
    ("Gone__c", "x", When.CREATE, "own.hidden"),
    ("OwnerId", "x", When.CREATE, "own.reserved"),
    ("UniTalk_Key__c", "x", When.CREATE, "own.reserved"),
    ("Phone", "{external_line}", When.CREATE, "own.reserved"),
    ("MobilePhone", "{client_number}", When.CREATE, None),
    ("Text__c", " ", When.CREATE, "own.no_template"),
    ("Text__c", "{cliemt}", When.CREATE, "own.unknown_variable"),
    ("Count__c", "{status}", When.CREATE, "own.not_number"),
    ("Day__c", "{time}", When.CREATE, "own.not_date"),
    ("List__c", "{direction}", When.CREATE, "own.not_in_list"),
    ("List__c", "{line}", When.CREATE, None),
    ("List__c", "{group}", When.CREATE, None),
    ("List__c", "{employee}", When.EVERY_CALL, None),
    ("List__c", "from {external_line}", When.CREATE, None),
    ("Lists__c", "x;{group}", When.CREATE, None),
    ("Lists__c", "Икс", When.CREATE, None),
    ("Lists__c", "y", When.CREATE, "own.not_in_list"),
    ("Site__c", "{external_line}", When.CREATE, None),
    ("Late__c", "{group}", When.CREATE, "own.not_checkbox"),
    ("Late__c", "{state}", When.CREATE, "own.not_checkbox"),
]


@pytest.mark.parametrize(("field", "template", "when", "reason"), CHECKED)
def test_the_page_refuses_what_cannot_work(field, template, when, reason):
    own = OwnField(object="Lead", field=field, template=template, when=when)
    found = check(own, org(**LEAD_FIELDS), a.policy())
    assert (found.code if found else None) == reason


def lead_of(own: OwnField, call, held=(), **more):
    facts = a.facts(*held, shape=org(**LEAD_FIELDS))
    (plan,) = decide([a.waiting(call)], a.policy(own_fields=(own,), **more), facts)
    return plan, next((step.fields for step in plan.steps if step.object == "Lead"), {})


@pytest.mark.parametrize(
    ("when", "new", "existing"),
    [(When.CREATE, "2026-07-09", None), (When.EVERY_CALL, "2026-07-09", "2026-07-09")],
)
def test_when_an_own_field_is_filled(when, new, existing):
    own = OwnField(object="Lead", field="Day__c", template="{date}", when=when)
    assert lead_of(own, a.call())[1]["Day__c"] == new
    plan, fields = lead_of(own, a.call(), (a.lead(),))
    assert fields.get("Day__c") == existing
    assert a.updated(plan) == (["00QLEAD"] if existing else [])


@pytest.mark.parametrize(
    ("field", "template", "told"),
    [
        ("Gone__c", "x", "own.hidden"),
        ("Formula__c", "x", "own.read_only"),
        ("Count__c", "{status}", "own.not_number"),
        ("Text__c", "{group}", "own.empty"),
        ("List__c", "{line}", "own.not_in_list"),
        ("Lists__c", "x;{employee}", "own.not_in_list"),
        ("OwnerId", "005X", "own.reserved"),
    ],
)
def test_what_no_longer_fits_is_left_out_with_a_line_in_the_trace(field, template, told):
    own = OwnField(object="Lead", field=field, template=template)
    plan, fields = lead_of(own, a.call())
    assert told in a.told(plan)
    assert fields.get(field) in (None, a.OLENA)
    assert a.task(plan)


def test_the_field_a_record_is_found_by_is_the_first_that_is_searched():
    own = OwnField(object="Lead", field="MobilePhone", template="{external_line}")
    plan, fields = lead_of(own, a.call(), phone_fields=("Lead.MobilePhone", "Lead.Phone"))
    assert fields["MobilePhone"] == a.NUMBER
    assert "own.reserved" in a.told(plan)


def test_an_own_field_may_replace_what_we_would_write_on_creating():
    own = OwnField(object="Lead", field="Company", template="Client of {employee}")
    assert lead_of(own, a.call())[1]["Company"] == "Client of Olena"


def test_a_person_accounts_own_fields_are_left_alone():
    own = OwnField(
        object="Contact", field="MobilePhone", template="{client_number}", when=When.EVERY_CALL
    )
    person = a.contact(is_person_account=True)
    (plan,) = decide(
        [a.waiting(a.call())], a.policy(mode="contacts", own_fields=(own,)), a.facts(person)
    )
    assert a.updated(plan) == []
    assert "own.person_account" in a.told(plan)


def test_an_own_field_of_the_task_is_filled_with_every_call():
    own = OwnField(object="Task", field="Subject", template="{status}", when=When.EVERY_CALL)
    (plan,) = decide([a.waiting(a.missed())], a.policy(own_fields=(own,)), a.facts())
    assert a.task(plan).fields["Subject"] == "missed, incoming"


@pytest.mark.parametrize("closed", [True, False])
def test_an_own_field_of_an_opportunity_is_filled_with_every_call(closed):
    own = OwnField(object="Opportunity", field="AccountId", template="{date}", when=When.EVERY_CALL)
    held = a.contact(opportunities=(a.opportunity("006X", closed=closed),))
    policy = a.policy(mode="opportunities", closed_opportunity="reopen", own_fields=(own,))
    (plan,) = decide([a.waiting(a.call())], policy, a.facts(held))
    change = a.step(plan, "Opportunity")
    assert change.fields["AccountId"] == "2026-07-09"
    assert change.own == {"AccountId"}
    assert ("StageName" in change.fields) is closed
