"""A test call: by today's settings, shown as it stands in the org, which is then as it was."""

import pytest
from sqlalchemy import func, select

from core.models import CallRow
from core.policy import LineRow, MissedCallRow, OwnField
from core.test_call import TEST_CALL, Kind, read_report, run

OBJECTS = ("Account", "Contact", "Lead", "Opportunity", "OpportunityContactRole", "Task", "Event")
MADE = {
    "leads": ["Lead", "Task"],
    "contacts": ["Contact", "Task"],
    "opportunities": ["Contact", "Opportunity", "Task"],
}


@pytest.fixture
def world(world):
    """With records of its own, connected and never switched on."""
    world.plant("Lead", LastName="Known", Company="K", Phone="+380505557182")
    account = world.plant("Account", Name="Ours")
    contact = world.plant("Contact", LastName="Known", AccountId=account)
    world.plant("Task", Subject="Talked", WhoId=contact)
    return world.connect().choose(enabled=False)


def everything(world):
    """Every record of every object that a call may touch."""
    return {name: world.records(name) for name in OBJECTS}


def make(world, kind=Kind.ANSWERED):
    run("acme", kind, world.store, world.config, world.http)
    return told(world)


def told(world):
    return read_report(world.store.checks.newest("acme", TEST_CALL).result)


def spent(world):
    """API calls by the org's count, and by ours."""
    counted = world.control("GET", "/orgs/Acme/counters")["api_calls"]
    look = world.store.checks.newest("acme", TEST_CALL)
    return counted, look.api_calls if look else 0


def different(report):
    """What was written otherwise than it stands there: by object and field, what was found."""
    return {
        (record.object, field.name): field.found
        for record in report.records
        for field in record.fields
        if not field.is_same
    }


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("mode", MADE)
def test_what_was_written_is_read_back_and_removed(world, mode, kind):
    world.choose(mode=mode, create_on_outgoing=True)
    before, (already, _) = everything(world), spent(world)
    report = make(world, kind)
    assert report.trouble is None and report.left == ()
    assert [one.object for one in report.records if one.object[-4:] != "Role"] == MADE[mode]
    assert all(one.is_read and one.id for one in report.records)
    assert different(report) == {}
    assert everything(world) == before
    counted, ours = spent(world)
    assert (counted - already, ours) == (5, 5)


def test_an_account_of_its_own(world):
    world.choose(mode="contacts", contact_account_id="each")
    before = everything(world)
    report = make(world)
    assert [one.object for one in report.records] == ["Account", "Contact", "Task"]
    assert report.left == () and different(report) == {}
    assert everything(world) == before
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "/composite/graph"})
    report = make(world)
    assert report.left == () and report.trouble is None
    assert everything(world) == before


@pytest.mark.parametrize("mode", ["contacts", "opportunities"])
def test_the_one_account_for_all_is_left_alone(world, mode):
    account = world.one("Account")["Id"]
    world.choose(mode=mode, contact_account_id=account)
    report = make(world)
    assert (report.trouble, report.left, different(report)) == (None, (), {})
    assert "test_call.on_no_account" in [one.code for one in report.trace]
    sent = [field.sent for record in report.records for field in record.fields]
    assert account not in sent


def test_an_org_with_a_namespace_is_left_as_it_was_too(world):
    world.org(package=True, namespace="unitalk").choose(mode="opportunities")
    before = everything(world)
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "/composite/graph"})
    report = make(world)
    assert report.trouble is None and report.left == ()
    assert "unitalk__UniTalk_Key__c" in [one.name for one in report.records[0].fields]
    assert everything(world) == before


def test_it_is_marked_and_carries_what_a_call_would(world):
    world.choose(language="uk")
    report = make(world)
    lead, task = ({one.name: one for one in record.fields} for record in report.records)
    assert lead["LastName"].found == "Тестовий дзвінок UniTalk: +44 20 7946 0" + report.number[-3:]
    assert lead["Phone"].found == report.number
    assert task["WhoId"].new == "Lead" and task["WhoId"].found == report.records[0].id
    assert task["Subject"].found.startswith("Тестовий дзвінок UniTalk")
    assert report.reason.code == "write.lead_created" and report.trace


def test_nothing_is_journaled_or_remembered_and_no_turn_is_taken(world):
    world.choose(missed_calls=(MissedCallRow(id=0, user_ids=tuple(world.users())),))
    policy = world.store.policies.get("acme")
    report = make(world, Kind.MISSED)
    assert {one.name: one.found for one in report.records[1].fields}["Status"] == "Not Started"
    assert world.store.policies.get("acme") == policy
    with world.store.database.read() as session:
        assert session.scalar(select(func.count()).select_from(CallRow)) == 0
    assert world.store.ledger.known("acme", [report.number]).remembered == {}


@pytest.mark.parametrize("kind", [Kind.MISSED, Kind.OUTGOING])
def test_nobody_waits_for_it_and_nobody_is_looked_for(world, kind):
    """Nor is it said."""
    world.choose(missed_calls=(MissedCallRow(id=0, user_ids=tuple(world.users())),))
    said = {one.code for one in make(world, kind).trace}
    assert not {"loop.opened", "skip.looked_for"} & said


def test_a_call_that_is_not_written_is_told_and_nothing_is(world):
    before = everything(world)
    report = make(world, Kind.OUTGOING)
    assert (report.outcome, report.reason.code) == ("skip", "skip.outgoing_unknown")
    assert report.records == () and everything(world) == before


def test_what_an_automation_made_of_it_is_shown(world):
    other = world.users()[1]
    flow = {"object": "Lead", "sets": {"Company": "Flow Inc", "OwnerId": other}}
    world.org(flows=[flow], modify_all=True)
    before = everything(world)
    assert different(make(world)) == {("Lead", "Company"): "Flow Inc", ("Lead", "OwnerId"): other}
    assert everything(world) == before


def test_own_fields_are_filled_and_a_refused_one_is_told(world):
    source = {"name": "Source__c", "type": "string", "length": 40, "label": "Source"}
    world.control("POST", "/orgs/Acme/fields", {"object": "Lead", **source})
    world.choose(
        own_fields=(
            OwnField(object="Lead", field="Source__c", template="call {status}"),
            OwnField(object="Lead", field="Email", template="who@example.com"),
        )
    )
    rule = {"object": "Lead", "when": "Email != null", "message": "No mail!", "field": "Email"}
    world.org(validation_rules=[rule])
    before = everything(world)
    report = make(world)
    lead = {one.name: one.found for one in report.records[0].fields}
    assert lead["Source__c"] == "call answered, incoming" and "Email" not in lead
    assert [one.params["message"] for one in report.refusals] == ["No mail!"]
    assert "own.refused" in [one.code for one in report.trace]
    assert everything(world) == before


@pytest.mark.parametrize("name", ["Lead", "Task"])
def test_a_validation_rule_is_found_out_in_its_own_words(world, name):
    field = {"Lead": "Company", "Task": "Subject"}[name]
    rule = {"object": name, "when": f"{field} != null", "message": "Not this way!"}
    world.org(validation_rules=[rule])
    before = everything(world)
    report = make(world)
    assert report.trouble.code == "test_call.refused"
    assert report.trouble.params["message"] == "Not this way!"
    assert [one.id for one in report.records] == ["", ""] and report.left == ()
    assert everything(world) == before


def test_a_required_field_is_found_out(world):
    needed = {"name": "Needed__c", "type": "string", "length": 9, "nillable": False}
    world.control("POST", "/orgs/Acme/fields", {"object": "Lead", **needed})
    report = make(world)
    assert "Needed__c" in report.trouble.params["message"] + report.trouble.params["fields"]
    assert report.left == ()


def test_a_record_that_a_duplicate_rule_names_is_not_touched(world):
    world.choose(own_fields=(OwnField(object="Lead", field="Email", template="a@example.com"),))
    found = world.plant("Contact", LastName="Olena", Email="a@example.com")
    rule = {"object": "Lead", "action": "block", "against": ["Contact"], "match": ["Email"]}
    world.org(duplicate_rules=[rule])
    before = everything(world)
    report = make(world)
    assert (report.trouble.code, report.existing) == ("test_call.existing", found)
    assert report.trouble.params == {"name": "Olena"}
    assert everything(world) == before


def test_what_may_not_be_removed_is_named_and_removed_the_next_time(world):
    code = "INSUFFICIENT_ACCESS_OR_READONLY"
    before = everything(world)
    refusal = {"kind": "error", "object": "Lead", "method": "DELETE", "code": code}
    world.control("POST", "/faults", {**refusal, "message": "insufficient access rights"})
    report = make(world)
    assert [(one.object, one.id) for one in report.left] == [("Lead", report.records[0].id)]
    assert report.left[0].why.params["message"] == "insufficient access rights"
    assert world.records("Lead")[-1]["Id"] == report.left[0].id
    world.control("DELETE", "/faults")
    assert make(world).left == ()
    assert everything(world) == before


@pytest.mark.parametrize("sharing", ["public", "private"])
@pytest.mark.parametrize("mode", ["leads", "opportunities"])
def test_what_an_employee_would_get_is_not_given_away(world, sharing, mode):
    """Only its owner may delete a record, however much the connected user sees and edits."""
    employee = world.users()[1]
    world.choose(mode=mode, lines=(LineRow(line="2000", user_id=employee),))
    world.org(sharing=sharing, view_all=[])
    before = everything(world)
    report = make(world)
    assert (report.left, report.trouble) == ((), None)
    assert "test_call.kept_ours" in [one.code for one in report.trace]
    assert everything(world) == before


def test_an_org_that_hides_what_must_be_seen_is_written_nothing(world):
    world.org(hidden_fields=["Lead.Phone", "Lead.MobilePhone"])
    before = everything(world)
    report = make(world)
    assert report.trouble.code == "hold.blind" and report.records == ()
    assert everything(world) == before


def test_nothing_happens_where_nothing_is_connected(world):
    world.store.connections.disconnected("acme")
    run("acme", Kind.ANSWERED, world.store, world.config, world.http)
    assert world.store.checks.newest("acme", TEST_CALL) is None


def test_an_org_that_is_away_is_told_in_words(world):
    world.control("POST", "/faults", {"kind": "unavailable", "times": None})
    report = make(world)
    assert report.trouble.code == "test_call.away"
    assert world.store.checks.newest("acme", TEST_CALL).ended_at
