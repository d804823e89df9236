"""Lone calls of one account while two others make trouble: their orgs hang, or their backlogs are
large."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.accounts import furnish
from tests.bench.bench import LATENCY, Bench
from tests.bench.calls import event_of
from tests.bench.doors import open_queue
from tests.bench.figures import Figure, percentile
from tests.bench.runs import fill

TROUBLE = ("trouble1", "trouble2")
QUIET = "quiet"
PACE = 1.0
"""Seconds between its calls."""
PATIENCE = 75.0
"""Seconds for the last of them; what is not there by then counts as that."""
HANGING_CALLS = 200


def neighbours(bench: Bench) -> Iterator[Figure]:
    calls = bench.scale.neighbours
    for name, waiting, hang, aim in (
        ("two neighbours' orgs hang", HANGING_CALLS, True, 1_500),
        (
            f"two neighbours have {bench.scale.backlogs:,} waiting",
            bench.scale.backlogs,
            False,
            1_000,
        ),
    ):
        seconds = lone_calls(bench, name, waiting, calls, hang=hang)
        yield Figure(f"lone call while {name}, p50", percentile(seconds, 0.5) * 1000, "ms")
        yield Figure("… max", max(seconds) * 1000, "ms", most=aim)


def lone_calls(bench: Bench, name: str, waiting: int, calls: int, *, hang: bool) -> list[float]:
    house = bench.house
    bench.say(f"lone calls while {name}")
    with house.fresh(latency=LATENCY) as store:
        furnish(house, store, [QUIET])
        fill(bench, furnish(house, store, TROUBLE), waiting)
        if hang:
            house.ask_org("", {"hang": TROUBLE})
        house.start_worker()
        deadline = time.monotonic() + PATIENCE
        while not all(house.ask_org(f"/{account}?brief")["requests"] for account in TROUBLE):
            assert time.monotonic() < deadline, "nobody delivers for the neighbours"
            time.sleep(0.1)
        queue = open_queue("calls", house.redis)
        began = {}
        for call in range(1, calls + 1):
            began[str(call)] = time.time()
            queue.enqueue("worker.jobs.log_call", QUIET, event_of(call), result_ttl=0)
            time.sleep(PACE)
        bench.await_tasks(calls, f"lone calls while {name}", QUIET, PATIENCE)
        told = house.ask_org(f"/{QUIET}")
        for account in TROUBLE:
            left = waiting - house.ask_org(f"/{account}?brief")["count"]
            bench.say(f"{account}: {left:,} still wait")
        house.stop_all()
        bench.check_org(f"while {name}", QUIET, calls, store)
        for account in TROUBLE:
            bench.check_org(f"{account}, while {name}", account, waiting, store)
    there = {key: at for key, _, at in told["tasks"]}
    return [there.get(key, moment + PATIENCE) - moment for key, moment in began.items()]
