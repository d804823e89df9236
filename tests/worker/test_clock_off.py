"""Two machines whose clocks are 90 s apart: what one holds, awaits or renews, is so for the other.

PostgreSQL only: an SQLite database is one machine's.
"""

import time
from datetime import timedelta

import pytest
import time_machine

from core import reasons
from core.models import CallState
from tests.helpers.events import event
from tests.scenarios.helpers.world import World
from worker.deliver import deliver

APART = 90
"""Seconds. By either machine's own clock, what the first one holds would have run out for the
second one."""
EITHER_IS_RIGHT = pytest.mark.parametrize("first", [0, -APART], ids=["ahead", "behind"])


@pytest.fixture
def world(postgresql_url, embedded_redis_url, tmp_path):
    world = World(postgresql_url, embedded_redis_url, tmp_path)
    yield world.connect()
    world.close()


def clock(ahead):
    """As a machine sees the world whose clock is ahead of this one's. The database's stays."""
    return time_machine.travel(time.time() + ahead, tick=True)


def asked(world):
    return len(world.control("GET", "/requests?org=Acme"))


def on_each_answer(world, act):
    """`act` runs while somebody waits for that answer. What it asks itself goes unnoticed."""

    def hook(response):
        if "__control__" not in response.request.url.path:
            world.http.event_hooks = {}
            act(response.request.url.path)
            world.http.event_hooks = {"response": [hook]}

    world.http.event_hooks = {"response": [hook]}


@EITHER_IS_RIGHT
def test_a_delivery_under_way_is_left_alone(world, first):
    found = []

    def on_the_second(_path):
        before = asked(world)
        with clock(APART):
            due = world.store.deliveries.due_accounts()
            more = deliver("acme", world.runtime)
        found.append((due, more, asked(world) - before))

    world.org(package=False).hand_over(event(dbid=1))
    on_each_answer(world, on_the_second)
    with clock(first):
        world.deliver()
    assert len(found) > 1
    assert all(one == ([], None, 0) for one in found), found
    assert world.call(1).state == CallState.DONE
    world.one("Task")


@EITHER_IS_RIGHT
def test_a_token_being_renewed_is_presented_by_nobody_else(world, first):
    leases = []

    def on_the_second(path):
        if path.endswith("/oauth2/token"):
            version = world.store.connections.tokens("acme").version
            with clock(APART):
                leases.append(world.store.refreshes.take_lease("acme", version))

    world.hand_over(event(dbid=1)).control("POST", "/orgs/Acme/expire-sessions")
    on_each_answer(world, on_the_second)
    with clock(first):
        world.deliver()
    assert leases == [None]
    counters = world.control("GET", "/orgs/Acme/counters")
    assert (counters["refreshes"], counters["refresh_reuses"]) == (1, 0)
    assert world.call(1).state == CallState.DONE


@EITHER_IS_RIGHT
def test_no_call_is_delivered_before_it_is_due(world, first):
    world.hand_over(event(dbid=1))
    with clock(first):
        reason = reasons.connection.ceiling("")
        world.store.connections.paused("acme", timedelta(seconds=60), reason)
        world.deliver()
    before, claims = asked(world), world.queued(1).attempts
    with clock(first + APART):
        assert world.store.deliveries.due_accounts() == []
        world.deliver()
        assert world.queued(1).attempts == claims, "not even claimed"
    assert asked(world) == before
    world.store.connections.resumed("acme")
    world.hurry()
    with clock(first + APART):
        world.deliver()
    assert world.call(1).state == CallState.DONE
