"""What a backlog costs beside calls that come one by one.

Both ways run in this process, one after the other, against a fresh stand-in org each, on SQLite:
the figures compare the ways with each other, not this machine with a customer's Salesforce.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.figures import Figures
from tests.helpers.databases import migrate
from tests.helpers.events import event
from tests.scenarios.helpers.world import World

NUMBERS = 60
"""Every fifth call comes from a number that called before."""


def deliveries(count: int, redis_url: str) -> list[Figures]:
    """Both ways, `count` calls each. Raises AssertionError when a call is missing."""
    return [
        measure("one by one", one_by_one, count, redis_url),
        measure("backlog", backlog, count, redis_url),
    ]


def events(count: int) -> list[dict[str, Any]]:
    return [event(dbid=n, **{"from": f"3805055{n % NUMBERS:05d}"}) for n in range(1, count + 1)]


def one_by_one(world: World, count: int) -> None:
    for one in events(count):
        world.hand_over(one).deliver()


def backlog(world: World, count: int) -> None:
    world.hand_over(*events(count))
    while world.store.deliveries.due_accounts():
        world.deliver()


def measure(name: str, way: Callable[[World, int], None], count: int, redis_url: str) -> Figures:
    """Run one way against an org of its own. Raises AssertionError when a call is missing."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        migrate(url)
        world = World(url, redis_url, Path(folder)).connect()
        began = time.perf_counter()
        way(world, count)
        seconds = time.perf_counter() - began
        tasks, leads = len(world.records("Task")), len(world.records("Lead"))
        assert (tasks, leads) == (count, min(count, NUMBERS)), (tasks, leads)
        api_calls = world.control("GET", "/orgs/Acme/counters")["api_calls"]
        world.close()
    return Figures(name, count, seconds, api_calls)
