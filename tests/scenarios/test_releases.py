"""What waits goes once its cause is gone: when somebody asks, changes something, or a delivery
finds out; always in the order in which the calls came."""

from datetime import timedelta

import pytest

from core.connection import ConnectionState
from core.models import CallState
from core.store.database import utc_now
from core.store.policies import Actor
from tests.helpers.events import event


def arrive(world, *keys):
    """One call after the other; 2 and 3 are of one client, so are 4 and 5."""
    for key in keys:
        world.hand_over(event(dbid=key, **{"from": f"38050111220{key // 2}"})).deliver()


def written(world):
    """Keys of the calls in Salesforce, in the order in which they were written."""
    keys = [task.get("UniTalk_Call_Id__c") or task["CallObject"] for task in world.records("Task")]
    return [int(key.removeprefix("UniTalk ")) for key in keys]


def states(world, *keys):
    return [world.call(key).state for key in keys]


def try_now(world):
    assert world.store.releases.try_again("acme")


def reconnect(world):
    world.connect()


def switch_off_and_on(world):
    world.choose(enabled=False).choose(enabled=True)


@pytest.mark.parametrize("act", [try_now, reconnect, switch_off_and_on])
def test_once_there_is_room_what_waited_goes_and_newer_calls_do_not_overtake(world, act):
    world.connect().org(storage_full=True)
    arrive(world, 1, 2, 3)
    assert states(world, 1, 2, 3) == [CallState.WAITING] * 3
    connection = world.store.connections.get("acme")
    assert (connection.still_paused, connection.reason_code) == (True, "connection.storage")
    assert connection.paused_until - utc_now() < timedelta(minutes=6)
    world.org(storage_full=False)
    act(world)
    arrive(world, 4)
    assert states(world, 1, 2, 3, 4) == [CallState.DONE] * 4
    assert written(world) == [1, 2, 3, 4]
    assert world.store.connections.get("acme").state is ConnectionState.ACTIVE


def test_a_higher_ceiling_has_them_go_at_once(world):
    world.connect()
    arrive(world, 1)
    assert world.store.ceilings.set("acme", Actor(), 1)
    arrive(world, 2, 3)
    assert states(world, 2, 3) == [CallState.WAITING] * 2
    assert world.store.ceilings.set("acme", Actor(), 1_000)
    world.deliver()
    assert written(world) == [1, 2, 3]


def test_try_now_at_the_ceiling_brings_fresh_figures(world):
    """The day is a rolling one: what was used when it was asked last may be free again."""
    world.connect()
    arrive(world, 1)
    used = world.store.connections.get("acme").api_used
    assert world.store.ceilings.set("acme", Actor(), used)
    arrive(world, 2)
    assert world.call(2).state == CallState.WAITING
    assert world.store.releases.try_again("acme") == 1
    world.deliver()
    assert world.call(2).state == CallState.DONE
    arrive(world, 3)
    assert world.call(3).state == CallState.WAITING, "the ceiling holds"


@pytest.fixture
def away(world):
    """An org that gives no answer, asked several times, and how long each pause was."""
    world.connect()
    world.control("POST", "/faults", {"kind": "unavailable", "times": None})
    pauses = []
    for key in (1, 2, 3, 4, 5):
        world.hurry()
        arrive(world, key)
        connection = world.store.connections.get("acme")
        if connection.still_paused:
            assert connection.reason_code == "connection.away"
            pauses.append(connection.paused_until - utc_now())
            world.store.connections.paused("acme", timedelta(0), connection.reason)
    world.control("DELETE", "/faults")
    return pauses


def test_the_pause_of_an_org_that_is_away_grows(away):
    assert len(away) > 2
    assert sorted(away) == away
    assert away[-1] > 3 * away[0]


def test_its_first_answer_has_everything_go(world, away):
    assert CallState.RETRY in states(world, 1, 2, 3, 4, 5)
    arrive(world, 6)  # finds out
    assert states(world, 1, 2, 3, 4, 5, 6) == [CallState.DONE] * 6


def test_one_button_has_everything_go_while_the_org_seems_away(world, away):
    world.store.connections.paused(
        "acme", timedelta(hours=1), world.store.connections.get("acme").reason
    )
    arrive(world, 6)
    assert world.call(6).state == CallState.WAITING
    assert world.store.releases.try_again("acme") == 6
    world.deliver()
    assert written(world) == [1, 2, 3, 4, 5, 6]
