"""A call to an unknown number is written once somebody has made a record of the client."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from core.models import DeliveryLease, LateMatch
from core.store.counters import API_CALLS
from core.store.database import utc_now
from core.store.policies import Actor
from tests.helpers.events import CLIENT, event, outgoing
from worker.housekeeping import forget
from worker.late import look_for_late

KYIV = ZoneInfo("Europe/Kyiv")


def just_now(make=outgoing, **changes):
    return make(**{"date": f"{datetime.now(KYIV):%Y-%m-%d %H:%M:%S}", **changes})


def looked_for(world):
    with world.store.database.read() as session:
        return list(session.scalars(select(LateMatch).order_by(LateMatch.call_id)))


def an_hour_passes(world, **columns):
    passed = {"look_at": utc_now() - timedelta(seconds=1), **columns}
    with world.store.database.write() as session:
        session.execute(update(LateMatch).values(**passed))


def api_calls(world):
    return world.control("GET", "/orgs/Acme/counters")["api_calls"]


def look(world):
    """Once more, an hour later; returns what it cost, and delivers what it found."""
    an_hour_passes(world)
    before = api_calls(world)
    look_for_late(world.runtime)
    cost = api_calls(world) - before
    world.deliver()
    return cost


def codes(world, key):
    return [code for code, _ in world.call(key).trace["steps"]]


def test_it_is_written_on_the_record_that_somebody_made(world):
    world.connect().hand_over(just_now(dbid=1)).deliver()
    skipped = world.call(1)
    assert (skipped.state, skipped.reason_code) == ("skipped", "skip.outgoing_unknown")
    assert codes(world, 1) == ["skip.looked_for"]
    (late,) = looked_for(world)
    assert late.call_id == skipped.id
    assert abs(late.until - skipped.started_at - timedelta(hours=24)) < timedelta(seconds=1)
    lead = world.plant("Lead", LastName="Saved", Company="C", Phone="050 555 71 82")
    assert look(world) == 1
    row, task = world.call(1), world.one("Task")
    assert (row.state, row.reason_code) == ("done", "write.found_later")
    assert row.reason_params == {"name": "Saved"}
    assert codes(world, 1)[-1] == "write.lead_found"
    assert "skip.looked_for" not in codes(world, 1)
    assert row.written["task"] == task["Id"]
    assert (task["WhoId"], task["Status"], task["CallType"]) == (lead, "Completed", "Outbound")
    assert task["Subject"] == f"Outgoing call +{CLIENT}"
    assert looked_for(world) == []
    told = [(one.state, one.reason_code) for one in world.store.ledger.history(row)]
    assert told == [
        ("waiting", ""),
        ("skipped", "skip.outgoing_unknown"),
        ("waiting", "delivery.client_found"),
        ("done", "write.found_later"),
    ]


def test_until_then_one_read_an_hour_for_all_of_them(world):
    world.connect()
    others = [f"38050555718{n}" for n in range(3)]
    world.hand_over(*(just_now(dbid=n, to=[one]) for n, one in enumerate(others, start=1)))
    world.deliver()
    assert look(world) == 1
    before = api_calls(world)
    assert look_for_late(world.runtime) == []
    assert api_calls(world) == before
    assert {world.call(n).state for n in (1, 2, 3)} == {"skipped"}
    assert len(looked_for(world)) == 3
    assert min(one.look_at for one in looked_for(world)) > utc_now() + timedelta(minutes=59)


def test_so_it_is_with_an_org_that_bears_one_call_at_once(world):
    world.connect()
    for n in range(1, 4):
        world.hand_over(just_now(dbid=n, to=[f"38050555718{n}"]))
    world.deliver()
    with world.store.database.write() as session:
        session.execute(update(DeliveryLease).values(bears=1))
    assert [look(world), world.call(3).state] == [1, "skipped"]
    assert look_for_late(world.runtime) == []


def test_what_it_costs_is_counted(world):
    world.connect().hand_over(just_now(dbid=1)).deliver()
    counted = world.store.counters.all().get(API_CALLS, {})
    before = sum(counted.values())
    look(world)
    after = sum(world.store.counters.all().get(API_CALLS, {}).values())
    assert after == before + 1


def test_nothing_is_asked_when_nothing_is_looked_for(world):
    world.connect().hand_over(just_now(event, dbid=1), just_now(dbid=2)).deliver()
    assert look(world) == 0


WHY_NOT = [
    {"find_later": False},
    {"enabled": False},
    {"excluded_numbers": (f"+{CLIENT}",)},
]


@pytest.mark.parametrize("settings", WHY_NOT)
def test_what_would_not_be_written_now_is_not_asked_for(world, settings):
    world.connect().hand_over(just_now(dbid=1)).deliver()
    world.plant("Lead", LastName="Saved", Company="C", Phone=CLIENT)
    world.choose(**settings)
    assert look(world) == 0
    assert world.call(1).state == "skipped"


def test_that_a_record_would_be_made_by_now_finds_nobody(world):
    world.connect().hand_over(just_now(dbid=1)).deliver()
    world.choose(create_on_outgoing=True)
    look(world)
    assert world.call(1).state == "skipped"
    world.plant("Lead", LastName="Saved", Company="C", Phone=CLIENT)
    look(world)
    assert world.call(1).reason_code == "write.found_later"


def test_at_the_ceiling_it_waits(world):
    world.connect().hand_over(just_now(dbid=1)).deliver()
    world.plant("Lead", LastName="Saved", Company="C", Phone=CLIENT)
    world.store.ceilings.set("acme", Actor(), 1)
    assert look(world) == 0
    assert world.call(1).state == "skipped"
    world.store.ceilings.set("acme", Actor(), None)
    look(world)
    assert world.call(1).state == "done"


def test_with_the_switch_off_it_stays_skipped(world):
    world.connect(find_later=False).hand_over(just_now(dbid=1)).deliver()
    assert looked_for(world) == []
    assert codes(world, 1) == []


def test_a_call_that_was_handed_over_late_is_not_looked_for(world):
    yesterday = datetime.now(KYIV) - timedelta(hours=24, minutes=20)
    sent = f"{yesterday:%Y-%m-%d %H:%M:%S}"
    world.connect().hand_over(outgoing(dbid=1, date=sent)).deliver()
    assert world.call(1).state == "skipped"
    assert looked_for(world) == []
    assert codes(world, 1) == []


def test_after_a_day_it_is_forgotten(world):
    world.connect().hand_over(just_now(dbid=1)).deliver()
    world.plant("Lead", LastName="Saved", Company="C", Phone=CLIENT)
    an_hour_passes(world, until=datetime.now(UTC))
    assert look_for_late(world.runtime) == []
    forget(world.runtime)
    assert looked_for(world) == []
    assert world.call(1).state == "skipped"


def test_the_clients_own_call_may_bring_the_record(world):
    world.connect().hand_over(just_now(dbid=1)).deliver().hand_over(just_now(event, dbid=2))
    world.deliver()
    look(world)
    assert world.call(1).reason_code == "write.found_later"
    assert {one["WhoId"] for one in world.records("Task")} == {world.one("Lead")["Id"]}


def test_a_record_that_is_gone_again_is_looked_for_on(world):
    world.connect().hand_over(just_now(dbid=1)).deliver()
    lead = world.plant("Lead", LastName="Saved", Company="C", Phone=CLIENT)
    an_hour_passes(world)
    assert look_for_late(world.runtime) == ["acme"]
    world.control("DELETE", f"/orgs/Acme/records/Lead/{lead}")
    world.deliver()
    assert (world.call(1).state, len(looked_for(world))) == ("skipped", 1)
    world.plant("Lead", LastName="Again", Company="C", Phone=CLIENT)
    look(world)
    assert world.call(1).reason_code == "write.found_later"


def test_a_lost_reply_writes_it_once(world):
    world.connect().hand_over(just_now(dbid=1)).deliver()
    world.plant("Lead", LastName="Saved", Company="C", Phone=CLIENT)
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "/composite/graph"})
    look(world)
    world.hurry().deliver()
    assert world.call(1).state == "done"
    assert world.one("Task")["Id"] == world.call(1).written["task"]


def test_an_org_that_is_away_is_asked_in_an_hour_again(world):
    world.connect().hand_over(just_now(dbid=1)).deliver()
    world.plant("Lead", LastName="Saved", Company="C", Phone=CLIENT)
    world.control("POST", "/faults", {"kind": "unavailable", "times": None})
    look(world)
    assert world.call(1).state == "skipped"
    assert looked_for(world)[0].look_at > utc_now() + timedelta(minutes=59)
    world.control("DELETE", "/faults")
    look(world)
    assert world.call(1).state == "done"


def test_in_mode_opportunities_it_goes_to_the_contact(world):
    world.connect(mode="opportunities").hand_over(just_now(dbid=1)).deliver()
    contact = world.plant("Contact", LastName="Saved", Phone=CLIENT)
    look(world)
    assert world.call(1).reason_code == "write.found_later"
    assert world.one("Task")["WhoId"] == contact
