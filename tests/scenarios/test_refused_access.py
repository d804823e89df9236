"""Salesforce refuses access that it has just renewed: a moment of trouble, or for good."""

from datetime import datetime, timedelta

from sqlalchemy import update

from core.connection import ConnectionState
from core.models import CallState, ConnectionRow
from core.store.database import utc_now
from tests.helpers.events import CLIENT, event

TWICE = {"kind": "expired_session", "times": 2}
ALWAYS = {"kind": "expired_session", "times": None}
OTHER = "380501112233"


def test_a_moment_of_it_costs_a_pause_and_nothing_else(world):
    world.connect()
    world.control("POST", "/faults", TWICE)
    world.hand_over(event(dbid=1)).deliver()
    row = world.call(1)
    assert (row.state, row.reason_code) == (CallState.RETRY, "salesforce.session_expired")
    assert world.store.connections.get("acme").state is ConnectionState.ACTIVE
    world.hurry().deliver()
    assert world.call(1).state == CallState.DONE
    assert world.one("Task")["WhoId"] == world.one("Lead")["Id"]


def test_a_write_that_was_refused_so_is_known_not_to_be_there(world):
    world.connect()
    world.control("POST", "/faults", {**TWICE, "path": "graph"})
    world.hand_over(event(dbid=1)).deliver()
    assert not world.queued(1).unsure, "no answer of Salesforce could be clearer"
    world.hurry().deliver()
    assert world.one("Task")["WhoId"] == world.one("Lead")["Id"]


def test_who_is_refused_again_waits_longer_and_says_since_when(world):
    world.connect()
    world.control("POST", "/faults", ALWAYS)
    world.hand_over(event(dbid=1)).deliver()
    world.hurry().deliver()
    paused = world.store.connections.get("acme")
    assert (paused.state, paused.reason_code) == (
        ConnectionState.PAUSED,
        "connection.refused_for_now",
    )
    said = datetime.fromisoformat(paused.reason.params["since"])
    assert timedelta(0) <= utc_now() - said < timedelta(minutes=5), "a moment, whatever the zone"
    _begin_earlier(world, hours=1)
    since = world.store.connections.get("acme").reason.params
    _ask_again(world)
    still = world.store.connections.get("acme")
    assert (still.state, still.reason.params) == (ConnectionState.PAUSED, since)

    world.hand_over(event(dbid=2, **{"from": OTHER}))
    world.control("DELETE", "/faults")
    _ask_again(world)
    assert {world.call(one).state for one in (1, 2)} == {CallState.DONE}
    assert world.store.connections.get("acme").state is ConnectionState.ACTIVE
    assert sorted(lead["Phone"] for lead in world.records("Lead")) == sorted(
        f"+{one}" for one in (CLIENT, OTHER)
    )


def test_who_is_refused_for_hours_is_told_and_the_calls_wait_for_connect(world):
    world.connect()
    world.control("POST", "/faults", ALWAYS)
    world.hand_over(event(dbid=1)).deliver()
    world.hurry().deliver()
    _begin_earlier(world, hours=7)
    _ask_again(world)
    dead = world.store.connections.get("acme")
    assert (dead.state, dead.reason_code) == (ConnectionState.DEAD, "connection.session_refused")
    assert world.call(1).state == CallState.HELD
    assert world.store.notices.claim() is not None, "the owners get a mail"
    world.control("DELETE", "/faults")
    world.connect().deliver()
    assert world.one("Task")["WhoId"] == world.one("Lead")["Id"]


def test_trouble_of_another_day_does_not_count(world):
    world.connect()
    world.control("POST", "/faults", ALWAYS)
    world.hand_over(event(dbid=1)).deliver()
    world.hurry().deliver()
    _begin_earlier(world, hours=30)
    with world.store.database.write() as session:
        session.execute(update(ConnectionRow).values(paused_until=utc_now() - timedelta(hours=24)))
    world.hurry().deliver()
    assert world.store.connections.get("acme").state is ConnectionState.PAUSED
    world.control("DELETE", "/faults")
    _ask_again(world)
    assert world.call(1).state == CallState.DONE


def _begin_earlier(world, hours):
    since = utc_now() - timedelta(hours=hours)
    params = {"since": since.isoformat(sep=" ", timespec="minutes")}
    with world.store.database.write() as session:
        session.execute(update(ConnectionRow).values(reason_params=params))


def _ask_again(world):
    """As if the pause were over."""
    world.store.releases.try_again("acme")
    world.deliver()
