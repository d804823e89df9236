"""Mode "Leads", told from telephony's hand-over to the records in the org."""

import pytest

from tests.helpers.events import CLIENT, event, internal, missed, outgoing

PLUS = f"+{CLIENT}"


def test_an_incoming_call_from_a_stranger_becomes_a_lead_with_the_call(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    lead, task = world.one("Lead"), world.one("Task")
    assert lead["Phone"] == PLUS
    assert task["WhoId"] == lead["Id"]
    assert task["TaskSubtype"] == "Call"
    assert task["CallType"] == "Inbound"
    assert task["CallDurationInSeconds"] == 9
    assert task["Status"] == "Completed"
    row = world.call(1)
    assert row.state == "done"
    assert row.written["task"] == task["Id"]
    assert row.api_calls <= 3, "a shape, a read and a write"


@pytest.mark.parametrize(("person_accounts", "company"), [(True, None), (False, "—")])
def test_a_company_is_made_up_only_where_the_org_asks_for_one(world, person_accounts, company):
    world.org(person_accounts=person_accounts)
    world.connect().hand_over(event(dbid=1)).deliver()
    assert world.one("Lead")["Company"] == company


def test_the_second_call_costs_one_read_and_one_write(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    world.hand_over(event(dbid=2)).deliver()
    assert world.call(2).api_calls == 2
    assert len(world.records("Lead")) == 1
    assert len(world.records("Task")) == 2


def test_two_calls_from_one_new_number_in_one_batch_make_one_lead(world):
    world.connect().hand_over(event(dbid=1), missed(dbid=2)).deliver()
    lead = world.one("Lead")
    assert [task["WhoId"] for task in world.records("Task")] == [lead["Id"]] * 2


@pytest.mark.parametrize(
    "written", ["(050) 555-71-82", "8 050 555 71 82", "+38 (050) 555.71.82", "380505557182 доб. 3"]
)
def test_a_known_lead_is_found_however_its_number_is_written(world, written):
    lead = world.plant("Lead", LastName="Known", Company="C", Phone=written)
    world.connect().hand_over(event(dbid=1)).deliver()
    assert world.one("Lead")["Id"] == lead
    assert world.one("Task")["WhoId"] == lead


def test_an_outgoing_call_to_a_stranger_creates_nothing_unless_allowed(world):
    world.connect().hand_over(outgoing(dbid=1)).deliver()
    assert world.records("Lead") == []
    assert world.records("Task") == []
    assert world.call(1).state == "skipped"
    world.choose(create_on_outgoing=True).hand_over(outgoing(dbid=2)).deliver()
    assert world.one("Task")["WhoId"] == world.one("Lead")["Id"]


def test_a_converted_lead_is_left_alone(world):
    lead = world.plant("Lead", LastName="Old", Company="C", Phone=PLUS)
    world.control("POST", "/orgs/Acme/convert", {"lead": lead})
    world.connect(converted_lead="ignore").hand_over(event(dbid=1)).deliver()
    assert world.call(1).state == "skipped"
    world.choose(converted_lead="create").hand_over(event(dbid=2)).deliver()
    assert len(world.records("Lead")) == 2
    assert world.call(2).state == "done"


def test_internal_withheld_and_excluded_calls_cost_no_api_call(world):
    world.connect(excluded_numbers=("0505557182",))
    world.hand_over(internal(dbid=1), event(dbid=2, **{"from": "anonymous"}), event(dbid=3))
    before = world.control("GET", "/orgs/Acme/counters")["api_calls"]
    world.deliver()
    assert world.control("GET", "/orgs/Acme/counters")["api_calls"] == before
    assert {world.call(key).state for key in (1, 2, 3)} == {"skipped"}
    assert len({world.call(key).reason_code for key in (1, 2, 3)}) == 3


def test_a_call_from_the_companys_second_number_is_no_clients(world):
    second = "380444900124"
    world.connect().hand_over(event(dbid=1, outerNumber=second)).deliver()
    world.hand_over(event(dbid=2, **{"from": second})).deliver()
    assert world.call(2).reason_code == "skip.own_line"
    assert len(world.records("Lead")) == 1


def test_seventy_five_strangers_cost_two_api_calls(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    events = [event(dbid=100 + n, **{"from": f"3805055500{n:02d}"}) for n in range(75)]
    world.hand_over(*events).deliver()
    assert len(world.records("Lead")) == 76
    assert world.call(100).api_calls == 2
    assert world.call(174).batch == 75


def test_every_request_is_counted_answered_or_not(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    world.control("POST", "/faults", {"kind": "unavailable", "path": "/composite/graph"})
    world.hand_over(event(dbid=2)).deliver()
    assert world.call(2).state == "retry"
    counted = world.store.counters.all()
    asked = world.control("GET", "/requests?org=Acme")
    assert counted["api_calls"][""] == len(asked)
    buckets = counted["api_seconds"]
    assert sum(value for bound, value in buckets.items() if bound != "sum") == len(asked)
