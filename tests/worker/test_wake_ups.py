"""The alarm clock: what it rings for, how often, and the sweeper that needs none."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from core.intake import accept
from core.models import CallState
from core.queues import DELIVERIES, Waker, open_queue, open_redis
from tests.chaos.house import patiently
from tests.helpers.events import event
from worker import jobs
from worker.deliver import deliver
from worker.deliverers import Deliverers
from worker.runtime import set_runtime
from worker.sweeper import sweep, sweep_forever

PATIENCE = 30


@pytest.fixture
def waiting(light_world):
    """How many wake-ups nobody has taken yet."""
    with open_redis(light_world.config.redis_url) as redis:
        yield lambda: open_queue(DELIVERIES, redis).count


@pytest.fixture
def deliverers(light_world):
    deliverers = Deliverers(lambda account: deliver(account, light_world.runtime))
    yield deliverers
    assert deliverers.stop(PATIENCE)


def done(world, *keys):
    return all(world.call(key).state == CallState.DONE for key in keys)


def test_one_wake_up_is_under_way_until_it_began(light_world, waiting, deliverers):
    world = light_world.connect().hand_over(*(event(dbid=one) for one in range(1, 6)))
    assert waiting() == 1
    set_runtime(world.runtime, deliverers)
    jobs.deliver("acme")
    assert patiently(lambda: done(world, *range(1, 6)), PATIENCE, 0.01)
    world.hand_over(event(dbid=6))
    assert waiting() == 2, "the first of them was not taken off the queue here"


def test_a_wake_up_that_nobody_takes_is_not_repeated_soon(light_world, waiting):
    light_world.connect().hand_over(event(dbid=1))
    with open_redis(light_world.config.redis_url) as redis:
        assert redis.ttl("wake:acme") > 60
    for _ in range(100):
        light_world.runtime.waker.wake("acme")
    assert waiting() == 1


def test_the_sweeper_delivers_where_no_redis_is(light_world, deliverers):
    world = light_world.connect()
    runtime = replace(world.runtime, waker=Waker(open_redis("redis://127.0.0.1:9")))
    for dbid in (1, 2):
        accept(world.store, runtime.waker, "acme", event(dbid=dbid))
    sweep(runtime, deliverers)
    assert patiently(lambda: done(world, 1, 2), PATIENCE, 0.01)


def test_a_wake_up_that_a_sweep_was_quicker_than_is_dropped(light_world, deliverers):
    world = light_world.connect().hand_over(event(dbid=1))
    sweep(world.runtime, deliverers)
    assert patiently(lambda: done(world, 1), PATIENCE, 0.01)
    turns = []
    late = Deliverers(turns.append)
    set_runtime(world.runtime, late)
    jobs.deliver("acme")
    world.hand_over(event(dbid=2))
    assert not turns
    jobs.deliver("acme")
    assert patiently(lambda: turns == ["acme"], PATIENCE, 0.01)
    assert late.stop(PATIENCE)


class Stumbling:
    """Deliverers that make mistakes, the first times."""

    def __init__(self, stop):
        self._stop = stop
        self.mistakes = [RuntimeError("a mistake of ours"), OperationalError("", {}, Exception())]

    def room_for(self, due):
        if self.mistakes:
            raise self.mistakes.pop()
        self._stop.set()
        return []

    def wait_for_room(self, seconds):
        return False


def test_sweeping_goes_on_after_a_mistake(light_world):
    stop = threading.Event()
    stumbling = Stumbling(stop)
    config = light_world.config.model_copy(update={"sweep_seconds": 0.01})
    sweep_forever(replace(light_world.runtime, config=config), stumbling, stop)
    assert not stumbling.mistakes
