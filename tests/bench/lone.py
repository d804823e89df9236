"""A lone call on an idle system: the time from hand-over to its Task, and what it costs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psutil

from core.store import Store
from core.store.database import utc_now
from tests.bench.accounts import furnish
from tests.bench.bench import LATENCY, Bench
from tests.bench.calls import event_of
from tests.bench.cost import Spent, spending
from tests.bench.doors import open_queue, post_all
from tests.bench.figures import Figure, percentile
from tests.bench.peer import ACCOUNT, QUEUE
from tests.bench.runs import PEERS, start_peer
from tests.bench.statements import DELIVERY, INTAKE, KINDS, Statements

IDLE = 3.0
"""Seconds in which is measured what nothing to do costs."""
PAUSE = 0.3
"""Seconds between a call's Task and the next call."""
APART = 6.0
"""Seconds: longer than an HTTP client keeps a connection by itself."""
QUIET = timedelta(hours=2)

Ring = Callable[[int], object]


def lone(bench: Bench) -> Iterator[Figure]:
    peers = [peer_seconds(bench, place) for place in range(len(PEERS))]
    with bench.house.fresh(latency=LATENCY) as store:
        key = furnish(bench.house, store, [ACCOUNT])[ACCOUNT]
        with working(bench) as worker:
            calls = bench.scale.lone
            idle, spent, seconds = costing(bench, worker, calls)
            for share, name in ((0.5, "p50"), (0.95, "p95"), (1, "max")):
                yield Figure(
                    f"lone call, {name}",
                    percentile(seconds, share) * 1000,
                    "ms",
                    tuple(percentile(one, share) * 1000 for one in peers),
                )
            each = {name: one / calls * 1000 for name, one in spent.less(idle).items()}
            yield Figure("processor for a lone call, worker", each["worker"], "ms", most=20)
            yield Figure("processor for a lone call, PostgreSQL", each["postgresql"], "ms")
            yield from asked(bench, key)
            yield from requests(bench, store)
        bench.check_org("lone calls", ACCOUNT, bench.house.ask_org(f"/{ACCOUNT}?brief")["count"])


@contextmanager
def working(bench: Bench) -> Iterator[psutil.Process]:
    """A worker that has written some calls and waits."""
    worker = bench.house.start_worker()
    ring_each(bench, 3, PAUSE)
    yield worker
    bench.house.stop_all()


def ring_each(bench: Bench, calls: int, pause: float, ring: Ring | None = None) -> list[float]:
    """The next `calls` of the account, each handed over (to telephony's queue) when the last one's
    Task was there; returns the seconds from hand-over to Task."""
    queue = open_queue("calls", bench.house.redis)

    def by_queue(call: int) -> None:
        queue.enqueue("worker.jobs.log_call", ACCOUNT, event_of(call), result_ttl=0)

    path = f"/{ACCOUNT}?brief"
    first = bench.house.ask_org(path)["count"] + 1
    seconds = []
    for call in range(first, first + calls):
        began = time.time()
        (ring or by_queue)(call)
        told = bench.await_tasks(call, "lone call", ACCOUNT, at_most=60)
        if told["count"] < call:
            bench.wrong.append(f"lone calls: the {call}th is not there")
            return [60.0]
        seconds.append(told["last"] - began)
        time.sleep(pause)
    return seconds


def costing(bench: Bench, worker: psutil.Process, calls: int) -> tuple[Spent, Spent, list[float]]:
    """What is spent on nothing, what on so many calls, and the seconds of each call."""
    roots = {"worker": worker, "postgresql": bench.house.postgresql()}
    bench.say(f"an idle system, {IDLE:.0f} s")
    with spending(**roots) as idle:
        time.sleep(IDLE)
    bench.say(f"{calls} lone calls")
    with spending(**roots) as spent:
        seconds = ring_each(bench, calls, PAUSE)
    return idle, spent, seconds


def asked(bench: Bench, key: str) -> Iterator[Figure]:
    """Statements and commits. By the HTTP door, so that taking in is counted apart."""
    bench.house.start_portal()
    url, calls = bench.house.portal_url, max(10, bench.scale.lone // 3)

    def post(call: int) -> None:
        post_all(url, [(key, json.dumps(event_of(call)).encode())])

    ring_each(bench, 2, PAUSE, post)
    statements = Statements(bench.house)
    statements.forget()
    time.sleep(IDLE)
    idle = statements.count()
    statements.forget()
    began = time.monotonic()
    ring_each(bench, calls, PAUSE, post)
    share = (time.monotonic() - began) / IDLE
    counted = statements.count()
    for role, title, aims in (
        (DELIVERY, "delivering a lone call", {"statements": 15, "commits": 4}),
        (INTAKE, "taking one event in", {}),
    ):
        for kind in KINDS:
            each = (counted[role, kind] - idle[role, kind] * share) / calls
            yield Figure(f"{kind} for {title}", each, most=aims.get(kind))


def requests(bench: Bench, store: Store) -> Iterator[Figure]:
    """API calls and connections."""
    path = f"/{ACCOUNT}?brief"
    known = store.shapes.get(ACCOUNT)
    assert known
    before = bench.house.ask_org(path)["requests"]
    ring_each(bench, 5, PAUSE)
    shape_known = bench.house.ask_org(path)["requests"]
    yield Figure("API calls, lone", (shape_known - before) / 5, most=2)

    def after_quiet(call: int) -> None:
        store.shapes.put(ACCOUNT, utc_now() - QUIET, known[1])
        open_queue("calls", bench.house.redis).enqueue(
            "worker.jobs.log_call", ACCOUNT, event_of(call), result_ttl=0
        )

    ring_each(bench, 3, PAUSE, after_quiet)
    quiet = bench.house.ask_org(path)["requests"]
    hours = QUIET.total_seconds() / 3600
    yield Figure(f"… after {hours:.0f} hours' quiet", (quiet - shape_known) / 3, most=2)
    if bench.scale.apart:
        before = bench.house.ask_org("")["connections"]
        ring_each(bench, bench.scale.apart, APART)
        opened = bench.house.ask_org("")["connections"] - before
        name = f"new connections to Salesforce for {bench.scale.apart} calls {APART:.0f} s apart"
        yield Figure(name, opened, most=2)


def peer_seconds(bench: Bench, place: int) -> list[float]:
    kind, number = PEERS[place]
    bench.say(f"lone calls of the peer, {number} × {kind}")
    with bench.house.fresh(latency=LATENCY):
        start_peer(bench.house, place)
        queue = open_queue(QUEUE, bench.house.redis)

        def ring(call: int) -> None:
            queue.enqueue("tests.bench.peer.log_call", ACCOUNT, event_of(call), result_ttl=0)

        ring_each(bench, 2, PAUSE, ring)
        seconds = ring_each(bench, bench.scale.lone // 2, PAUSE, ring)
        bench.check_org(f"lone calls of {kind}", ACCOUNT, 2 + bench.scale.lone // 2, by=2)
    return seconds
