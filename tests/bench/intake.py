"""Taking calls in: events a second at either door, beside a page and a job that do nothing."""

from __future__ import annotations

from collections.abc import Iterator

from psutil import Process
from sqlalchemy import text

from core.store import Store
from tests.bench.accounts import furnish
from tests.bench.bench import Bench
from tests.bench.calls import event_of
from tests.bench.cost import spending
from tests.bench.doors import LIST, Post, lists_of, open_queue, post_all, rate_of_jobs
from tests.bench.figures import Figure
from tests.bench.peer import QUEUE
from worker import jobs

ACCOUNTS = 20
"""Telephony's calls are many customers'; a limit of one of them is not what is measured."""


def intake(bench: Bench) -> Iterator[Figure]:
    accounts = [f"intake{n}" for n in range(ACCOUNTS)]
    with bench.house.fresh() as store:
        singly = list(furnish(bench.house, store, accounts).values())
        in_lists = list(furnish(bench.house, store, [f"{one}lists" for one in accounts]).values())
        portal = bench.house.start_portal()
        bench.house.start_bare()
        each = bench.scale.intake // ACCOUNTS
        singles = by_turns([post for key in singly for post in lists_of(key, each, 1)], each)
        lists = [post for key in in_lists for post in lists_of(key, bench.scale.lists * LIST)]
        yield from by_http(bench, portal, "HTTP, single", singles, 1, 450)
        yield from by_http(bench, portal, f"HTTP, lists of {LIST}", lists, LIST, 2_500)
        expect(bench, store, len(singles) + len(lists) * LIST)
    with bench.house.fresh() as store:
        furnish(bench.house, store, accounts)
        yield from by_queue(bench, store, accounts)


def by_turns(posts: list[Post], each: int) -> list[Post]:
    """By turns of all accounts."""
    return [posts[start] for turn in range(each) for start in range(turn, len(posts), each)]


def by_http(
    bench: Bench, portal: Process, name: str, posts: list[Post], size: int, aim: int
) -> Iterator[Figure]:
    events = len(posts) * size
    bench.say(f"{name}: {events} events")
    bare = events / post_all(bench.house.bare_url, posts)
    with spending(portal=portal, postgresql=bench.house.postgresql()) as spent:
        ours = events / post_all(bench.house.portal_url, posts)
    yield Figure(f"intake by {name} (peer: bare page)", ours, "events/s", (bare,), least=aim)
    cpu = sum(spent.by_name.values()) / events * 1000
    yield Figure("… processor, portal and PostgreSQL", cpu, "ms an event")


def by_queue(bench: Bench, store: Store, accounts: list[str]) -> Iterator[Figure]:
    house, number = bench.house, bench.scale.jobs
    bench.say(f"RQ: {number} jobs")
    calls = [(accounts[n % ACCOUNTS], event_of(n // ACCOUNTS + 1)) for n in range(number)]

    def enqueue(name: str, function: str) -> list[str]:
        queue = open_queue(name, house.redis)
        return [queue.enqueue(function, *one, result_ttl=600).id for one in calls]

    bare_jobs = enqueue(QUEUE, "tests.bench.bare.no_op")
    house.start("peer", "tests.bench.peer", "simple", QUEUE)
    bare = rate_of_jobs(bare_jobs, house.redis)
    ours_jobs = enqueue("calls", "worker.jobs.log_call")
    house.start("calls", "worker", "run", "calls")
    ours = rate_of_jobs(ours_jobs, house.redis)
    expect(bench, store, number)
    name = "intake by RQ job, one process (peer: a job that does nothing)"
    yield Figure(name, ours, "events/s", (bare,), least=300)
    if hasattr(jobs, "log_calls"):
        yield Figure(
            f"intake by RQ job with a list of {LIST}",
            lists_by_queue(bench, store, accounts, number),
            "events/s",
            least=2_500,
        )


def lists_by_queue(bench: Bench, store: Store, accounts: list[str], known: int) -> float:
    queue = open_queue("calls", bench.house.redis)
    lists = [
        (account, [event_of(call) for call in range(first, first + LIST)])
        for first in (10_001, 20_001, 30_001)
        for account in accounts
    ]
    ids = [queue.enqueue("worker.jobs.log_calls", *one, result_ttl=600).id for one in lists]
    rate = rate_of_jobs(ids, bench.house.redis) * LIST
    expect(bench, store, known + len(lists) * LIST)
    return rate


def expect(bench: Bench, store: Store, events: int) -> None:
    """Every acknowledged event is in the ledger, once."""
    counted = "SELECT count(*), count(DISTINCT (account_id, call_key)) FROM calls"
    with store.database.read() as session:
        rows, calls = session.execute(text(counted)).one()
    if (rows, calls) != (events, events):
        bench.wrong.append(f"intake: {events} acknowledged, {rows} rows of {calls} calls")
