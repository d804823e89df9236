"""Looks at the Tasks of clients who wait: ended by a person, handed over, and what goes wrong."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.connection import ConnectionState
from core.loops import LoopState
from core.models import CallState, ConnectionRow, LoopRow, QueuedCall
from core.policy import MissedCallRow, Overdue
from core.store.database import utc_now
from tests.helpers.events import missed, outgoing
from worker.looking import look_at
from worker.looks import ask_for_loops, look_at_those_due

OTHERS = [f"38044111223{last}" for last in range(3)]


@pytest.fixture
def one_missed(world):
    """Bohdan has the Task; Clara is next."""
    world.connect()
    _, bohdan, clara = world.users()
    table = MissedCallRow(id=0, external_line="", user_ids=(bohdan, clara))
    return world.choose(missed_calls=(table,)).hand_over(missed(dbid=1)).deliver()


def loop(world):
    with world.store.database.read() as session:
        return session.scalars(select(LoopRow)).one()


def put(world, table=LoopRow, **values):
    with world.store.database.write() as session:
        session.execute(update(table).values(**values))


def an_hour_later(world):
    put(world, look_at=utc_now() - timedelta(seconds=1))
    return world


def change_task(world, **fields):
    world.control("PATCH", f"/orgs/Acme/records/Task/{loop(world).task_id}", fields)


def history(world, key=1):
    return [one.reason_code for one in world.store.ledger.history(world.call(key))][2:]


def asked(world):
    return len(world.control("GET", "/requests"))


def test_nobody_is_asked_before_the_hour(one_missed):
    before = asked(one_missed)
    assert look_at_those_due(one_missed.runtime) == []
    assert asked(one_missed) == before


def test_one_request_for_all_that_wait(one_missed):
    world = one_missed.hand_over(*(missed(dbid=9, **{"from": one}) for one in OTHERS[:1])).deliver()
    before, used = asked(world), world.store.connections.get("acme").api_used
    assert look_at_those_due(an_hour_later(world).runtime) == ["acme"]
    assert asked(world) == before + 1
    assert world.store.connections.get("acme").api_used == used + 1
    assert look_at_those_due(world.runtime) == []


@pytest.mark.parametrize("how", ["completed", "deleted"])
def test_ended_by_a_person(one_missed, how):
    world, (_, _, clara) = one_missed, one_missed.users()
    if how == "completed":
        change_task(world, Status="Completed", IsClosed=True, LastModifiedById=clara)
    else:
        world.control("DELETE", f"/orgs/Acme/records/Task/{loop(world).task_id}")
    look_at_those_due(an_hour_later(world).runtime)
    row = loop(world)
    assert (row.state, row.closed_by) == (
        (LoopState.COMPLETED, clara) if how == "completed" else (LoopState.GONE, "")
    )
    assert row.closed_at
    assert history(world) == [f"loop.{row.state}"]
    assert look_at_those_due(an_hour_later(world).runtime) == []


def test_overdue_stays_as_it_is_by_default(one_missed):
    look_at_those_due(an_hour_later(one_missed).runtime)
    assert one_missed.one("Task")["OwnerId"] == one_missed.users()[1]
    assert loop(one_missed).handed_over_at is None


def test_overdue_is_handed_over_once(one_missed):
    world, (_, _, clara) = one_missed, one_missed.users()
    world.choose(overdue=Overdue.HAND_OVER)
    look_at_those_due(an_hour_later(world).runtime)
    row = loop(world)
    assert world.one("Task")["OwnerId"] == row.responsible == clara
    assert (row.state, bool(row.handed_over_at)) == (LoopState.OPEN, True)
    assert world.store.policies.get("acme").missed_calls[0].turn == 2, "it takes a turn"
    assert history(world) == ["loop.handed_over"]
    before = asked(world)
    look_at_those_due(an_hour_later(world).runtime)
    assert asked(world) == before + 1, "a look, and no write"
    assert loop(world).handed_over_at == row.handed_over_at


def test_not_before_it_is_due(one_missed):
    one_missed.choose(overdue=Overdue.HAND_OVER)
    put(one_missed, due_at=utc_now() + timedelta(minutes=5))
    look_at_those_due(an_hour_later(one_missed).runtime)
    row = loop(one_missed)
    assert row.handed_over_at is None
    late_by = row.look_at - row.due_at
    assert timedelta() <= late_by < timedelta(minutes=10), "then, rather than in an hour"


def test_those_due_within_ten_minutes_go_in_one_look(one_missed):
    others = [missed(dbid=n, **{"from": one}) for n, one in enumerate(OTHERS, start=7)]
    world = one_missed.choose(overdue=Overdue.HAND_OVER).hand_over(*others).deliver()
    ten = timedelta(minutes=10)
    now = utc_now().replace(second=0, microsecond=0)
    begins = now - timedelta(minutes=now.minute % 10) + ten
    with world.store.database.write() as session:
        for minute, row in enumerate(session.scalars(select(LoopRow)), start=1):
            row.due_at = begins + timedelta(minutes=2 * minute)
    look_at_those_due(an_hour_later(world).runtime)
    with world.store.database.read() as session:
        looks = set(session.scalars(select(LoopRow.look_at)))
    assert looks == {begins + ten}


def test_handed_over_to_the_default_responsible(one_missed):
    anna, bohdan, _ = one_missed.users()
    alone = MissedCallRow(id=0, external_line="", user_ids=(bohdan,))
    one_missed.choose(overdue=Overdue.HAND_OVER, missed_calls=(alone,), default_responsible=anna)
    look_at_those_due(an_hour_later(one_missed).runtime)
    assert one_missed.one("Task")["OwnerId"] == anna


def test_where_nobody_else_is_left_it_stays(one_missed):
    _, bohdan, _ = one_missed.users()
    alone = MissedCallRow(id=0, external_line="", user_ids=(bohdan,))
    one_missed.choose(overdue=Overdue.HAND_OVER, missed_calls=(alone,))
    look_at_those_due(an_hour_later(one_missed).runtime)
    assert one_missed.one("Task")["OwnerId"] == bohdan
    assert (loop(one_missed).handed_over_at, history(one_missed)) == (None, [])


def test_what_a_person_gave_to_another_is_handed_over(one_missed):
    """So is what a look gave to another and did not live to tell."""
    anna, _, _ = one_missed.users()
    one_missed.choose(overdue=Overdue.HAND_OVER)
    change_task(one_missed, OwnerId=anna)
    look_at_those_due(an_hour_later(one_missed).runtime)
    assert one_missed.one("Task")["OwnerId"] == loop(one_missed).responsible == anna
    assert history(one_missed) == ["loop.handed_over"]


def test_what_a_person_gave_to_another_in_time_stays_theirs(one_missed):
    world, (anna, _, _) = one_missed, one_missed.users()
    world.choose(overdue=Overdue.HAND_OVER)
    put(world, due_at=utc_now() + timedelta(minutes=90))
    change_task(world, OwnerId=anna)
    for _ in range(2):
        look_at_those_due(an_hour_later(world).runtime)
    put(world, due_at=utc_now() - timedelta(minutes=1))
    look_at_those_due(an_hour_later(world).runtime)
    assert world.one("Task")["OwnerId"] == loop(world).responsible == anna
    assert history(world) == ["loop.given"]


def test_a_lost_reply_hands_over_once(one_missed):
    world, (_, _, clara) = one_missed, one_missed.users()
    world.choose(overdue=Overdue.HAND_OVER)
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "graph"})
    look_at_those_due(an_hour_later(world).runtime)
    assert loop(world).handed_over_at is None
    look_at_those_due(an_hour_later(world).runtime)
    assert (world.one("Task")["OwnerId"], loop(world).responsible) == (clara, clara)
    assert loop(world).handed_over_at


def test_a_task_that_salesforce_keeps_stays_with_its_owner(one_missed):
    one_missed.choose(overdue=Overdue.HAND_OVER)
    locked = {"kind": "error", "object": "Task", "code": "ENTITY_IS_LOCKED"}
    one_missed.control("POST", "/faults", locked)
    look_at_those_due(an_hour_later(one_missed).runtime)
    row = loop(one_missed)
    assert (row.state, row.handed_over_at) == (LoopState.OPEN, None)
    assert row.look_at > utc_now()


def test_no_look_while_a_call_may_be_written_already(one_missed):
    """Its Task is completed, perhaps by this very call."""
    world = one_missed
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "graph"})
    world.hand_over(outgoing(dbid=2, date="2026-07-09 17:10:52")).deliver()
    assert world.call(2).state == CallState.RETRY
    before = asked(world)
    assert look_at_those_due(an_hour_later(world).runtime) == []
    assert (asked(world), loop(world).state) == (before, LoopState.OPEN)
    world.hurry().deliver()
    assert loop(world).state == LoopState.CALLED_BACK


def test_others_are_looked_at_once_an_hour_meanwhile(one_missed):
    world = one_missed.hand_over(missed(dbid=9, **{"from": OTHERS[0]})).deliver()
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "graph"})
    world.hand_over(outgoing(dbid=2, date="2026-07-09 17:10:52")).deliver()
    an_hour_later(world)
    assert [look_at_those_due(world.runtime) for _ in range(3)] == [["acme"], [], []]


def test_a_call_that_needs_a_person_holds_no_look_up(one_missed):
    world = one_missed
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "graph"})
    world.hand_over(outgoing(dbid=2, date="2026-07-09 17:10:52")).deliver()
    put(world, QueuedCall, state=CallState.ATTENTION)
    world.control("DELETE", f"/orgs/Acme/records/Task/{loop(world).task_id}")
    look_at_those_due(an_hour_later(world).runtime)
    assert loop(world).state == LoopState.GONE


def test_one_at_a_time(one_missed):
    """A deliverer or another look is at work for the account."""
    lease = one_missed.store.leases.take("acme", 60)
    assert lease
    an_hour_later(one_missed)
    assert look_at_those_due(one_missed.runtime) == []
    assert not look_at("acme", one_missed.store.looks, ask_for_loops, one_missed.runtime)
    one_missed.store.leases.drop("acme", lease)
    assert look_at_those_due(one_missed.runtime) == ["acme"]


def test_nothing_is_told_once_the_lease_is_lost(one_missed):
    looks, found = one_missed.store.looks, []
    lease = one_missed.store.leases.take("acme", 60)
    assert lease
    one_missed.store.leases.keep("acme", lease, -1)
    assert one_missed.store.leases.take("acme", 60)
    assert not looks.looked("acme", lease, found)


@pytest.mark.parametrize(
    ("connection", "policy"),
    [
        ({"state": ConnectionState.DEAD}, {}),
        ({"state": ConnectionState.PAUSED, "paused_until": utc_now() + timedelta(hours=1)}, {}),
        ({"api_used": 900, "api_allowed": 1000}, {}),
        ({"api_used": 5, "api_ceiling": 5}, {}),
        ({}, {"enabled": False}),
    ],
)
def test_who_is_not_asked(one_missed, connection, policy):
    one_missed.choose(**policy)
    if connection:
        put(one_missed, ConnectionRow, **connection)
    before = asked(one_missed)
    look_at_those_due(an_hour_later(one_missed).runtime)
    assert asked(one_missed) == before
    assert loop(one_missed).state == LoopState.OPEN


def test_an_org_that_is_away_is_left_alone_for_a_while(one_missed):
    one_missed.control("POST", "/faults", {"kind": "unavailable", "times": None})
    look_at_those_due(an_hour_later(one_missed).runtime)
    assert look_at_those_due(one_missed.runtime) == []
    assert loop(one_missed).state == LoopState.OPEN
