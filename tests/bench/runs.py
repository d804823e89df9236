"""One backlog written, by us or by the peer: its figures, and whether all of it is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import psutil

from tests.bench.accounts import furnish
from tests.bench.bench import Bench
from tests.bench.calls import event_of
from tests.bench.cost import Memory, spending
from tests.bench.doors import LIST, lists_of, open_queue, post_all
from tests.bench.house import WORKERS, House
from tests.bench.peer import ACCOUNT, QUEUE
from tests.bench.statements import DELIVERY, KINDS, Statements

AT_MOST = 60.0
"""Seconds of the longest ones: a rate is known by then."""
STALLED = 15.0
"""Seconds without a request: nothing comes any more."""
PEERS = (("default", 1), ("simple", 2))
"""Kinds of RQ's worker, and how many of each."""

Start = Callable[[], Sequence[psutil.Process]]


@dataclass(frozen=True)
class Run:
    calls: int
    """That were written in the time."""
    rate: float
    """Calls a second, from the first request to the last Task."""
    api_calls: float
    """For each call, as what follows."""
    org_ms: float
    """The org's own time, latency included."""
    cpu_ms: dict[str, float]
    memory: float
    """MiB of the largest process."""
    asked: dict[str, float] = field(default_factory=dict)
    """Of the database, for each call: ours only."""

    @property
    def share(self) -> float:
        """Per cent of the rate that one deliverer would have that takes no time itself."""
        return self.rate * self.org_ms / 10


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def run_ours(bench: Bench, calls: int, latency: float, database: str = "PostgreSQL") -> Run:
    house = bench.house
    with house.fresh(database, latency) as store:
        fill(bench, furnish(house, store, [ACCOUNT]), calls)
        what = f"backlog of {calls:,}, {ms(latency)}, {database}"
        statements = Statements(house) if database == "PostgreSQL" else None
        if statements:
            statements.forget()
        run = _run(bench, what, calls, lambda: [house.start_worker()], WORKERS + 1)
        if statements:
            counted = statements.count()
            asked = {kind: counted[DELIVERY, kind] / max(1, run.calls) for kind in KINDS}
            run = replace(run, asked=asked)
        bench.check_org(what, ACCOUNT, calls, store)
        return run


def run_peer(bench: Bench, place: int, latency: float) -> Run:
    house, calls = bench.house, bench.scale.peers[place]
    kind, number = PEERS[place]
    with house.fresh(latency=latency):
        queue = open_queue(QUEUE, house.redis)
        for call in range(1, calls + 1):
            queue.enqueue("tests.bench.peer.log_call", ACCOUNT, event_of(call), result_ttl=0)
        what = f"peer, {number} × {kind}, {calls} calls, {ms(latency)}"
        run = _run(bench, what, calls, lambda: start_peer(house, place), number)
        bench.check_org(what, ACCOUNT, calls, by=2)
        return run


def start_peer(house: House, place: int) -> list[psutil.Process]:
    kind, number = PEERS[place]
    return [house.start(f"peer{n}", "tests.bench.peer", kind, QUEUE) for n in range(number)]


def _run(bench: Bench, what: str, calls: int, start: Start, listeners: int) -> Run:
    """`listeners` processes work on queues once all of them have started."""
    house = bench.house
    bench.say(what)
    house.ask_org("", {"closed": True})
    workers = start()
    await_start(house, listeners)
    roots = {str(one.pid): one for one in workers}
    servers = {"postgresql": house.postgresql(), "org": house.org()}
    with Memory(*workers) as memory, spending(**roots, **servers) as spent:
        house.ask_org("", {"closed": False})
        told = bench.await_tasks(calls, what, ACCOUNT, AT_MOST, STALLED)
    house.stop_all()  # what is in hand is finished, so that all can be counted
    done = max(1, int(told["count"]))
    cpu = {name: spent.by_name[name] for name in servers}
    cpu["worker"] = sum(spent.by_name[name] for name in roots)
    return Run(
        calls=told["count"],
        rate=told["count"] / max(0.001, told["last"] - told["began"]),
        api_calls=told["requests"] / done,
        org_ms=told["busy"] / done * 1000,
        cpu_ms={name: seconds / done * 1000 for name, seconds in cpu.items()},
        memory=memory.most,
    )


def await_start(house: House, listeners: int) -> None:
    """Until all processes have started, and the first request waits at the closed org: what a
    start costs is none of a call's."""
    deadline = time.monotonic() + 60
    while house.redis.scard("rq:workers") < listeners or not house.ask_org("")["requests"]:
        assert time.monotonic() < deadline, "the workers did not start"
        time.sleep(0.1)
    time.sleep(0.5)


def fill(bench: Bench, keys: dict[str, str], calls: int) -> None:
    """Hand so many calls of each account over while no worker runs."""
    posts = [post for key in keys.values() for post in lists_of(key, calls)]
    bench.house.start_portal()

    def said(done: int) -> None:
        if done % 50 == 0:
            bench.say(f"handing over: {done * LIST:,} of {calls * len(keys):,} calls")

    post_all(bench.house.portal_url, posts, said)
    bench.house.stop("portal")
