"""Redis stops: calls are delivered all the same, by the same processes, which can be stopped."""

import os

import pytest

from core.clock import started
from core.events import parse_call
from core.models import CallState
from core.policy import Policy
from core.queues import DELIVERIES, Waker, open_queue, open_redis
from core.store import Store
from tests.chaos.house import House, patiently
from tests.chaos.options import Options
from tests.chaos.orgs import Orgs
from tests.helpers import calls
from tests.helpers.events import event

OPTIONS = Options(accounts=2)
DELIVERING = 2
"""Processes, when nobody says WORKERS."""
STOP_WITHIN = 25
"""Seconds: the supervisor's patience, and some for itself."""


@pytest.fixture
def house(tmp_path):
    house = House(OPTIONS, tmp_path)
    house.open()
    yield house
    house.close()


@pytest.fixture
def store(house):
    store = Store(house.database_url, house.environment["TOKEN_KEYS"])
    yield store
    store.close()


@pytest.fixture
def orgs(house, store):
    orgs = Orgs(OPTIONS, house, store)
    orgs.prepare()
    house.start_product()
    return orgs


def write_down(store, account, dbid):
    """What is left of an intake whose wake-up got lost."""
    call = parse_call(event(dbid=dbid))
    moment = started(call, Policy().zone)
    number = f"+{call.client_number}"
    assert calls.write_down(store, account, call, event(dbid=dbid), number, moment)


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_calls_are_delivered_and_the_processes_stay(house, store, orgs):
    write_down(store, "chaos0", 1)
    assert patiently(lambda: len(orgs.records("chaos0", "Task")) == 1, 60)
    workers = house.children("worker")
    house.kill("redis")
    for account, dbid in (("chaos0", 2), ("chaos1", 3)):
        write_down(store, account, dbid)
    assert patiently(lambda: len(orgs.records("chaos0", "Task")) == 2, 30)
    assert patiently(lambda: len(orgs.records("chaos1", "Task")) == 1, 30)
    assert len(set(workers) & set(house.children("worker"))) >= DELIVERING
    house.start_redis()
    with open_redis(house.redis_url) as redis:
        assert Waker(redis).wake("chaos0")
        assert patiently(lambda: open_queue(DELIVERIES, redis).is_empty(), 30), "they hear it again"


@pytest.mark.parametrize("redis", ["there", "away", "frozen"])
def test_a_stop_sees_what_is_in_hand_to_its_end(house, store, orgs, redis):
    orgs.ask("POST", "/faults", {"kind": "hang_after_commit", "path": "graph", "seconds": 5})
    write_down(store, "chaos0", 1)
    assert patiently(lambda: orgs.records("chaos0", "Task"), 60, 0.05), "it hangs by now"
    workers = house.children("worker")
    if redis == "away":
        house.kill("redis")
    elif redis == "frozen":
        house.freeze("redis")
    write_down(store, "chaos1", 2)
    assert house.stop("worker", STOP_WITHIN) == 0
    assert not any(map(alive, workers))
    counts = store.deliveries.counts()
    assert (counts[CallState.DELIVERING], counts[CallState.RETRY]) == (0, 1)
