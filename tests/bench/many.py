"""Many accounts with one call each, after an outage: what one delivering process gets done, and how
many of its wake-ups were for nothing."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator

from rq import Worker
from rq.serializers import JSONSerializer

from tests.bench.accounts import furnish
from tests.bench.bench import LATENCY, Bench
from tests.bench.calls import event_of, faults
from tests.bench.doors import post_all
from tests.bench.figures import Figure
from tests.bench.runs import await_start

AIM = 100
"""Calls a second of a process, where there is work for all of it."""
OUTAGE = 6.0
"""Seconds without a worker: longer than a wake-up's mark lasts that is meant to last a moment."""


def many(bench: Bench) -> Iterator[Figure]:
    for number in bench.scale.accounts:
        yield from one_call_each(bench, number)


def one_call_each(bench: Bench, number: int) -> Iterator[Figure]:
    house, what = bench.house, f"{number} accounts with one call each"
    bench.say(what)
    with house.fresh(latency=LATENCY) as store:
        keys = furnish(house, store, [f"many{n}" for n in range(number)])
        house.start_portal()
        event = json.dumps(event_of(1)).encode()
        post_all(house.portal_url, [(key, event) for key in keys.values()])
        house.stop("portal")
        time.sleep(OUTAGE)
        house.ask_org("", {"closed": True})
        house.start_worker(workers=1)
        await_start(house, 2)
        house.ask_org("", {"closed": False})
        told = bench.await_tasks(number, what)
        time.sleep(1)  # for wake-ups that find nothing any more
        jobs = jobs_done(bench)
        house.stop_all()
        wrong: Counter[str] = Counter()
        for account in keys:
            wrong += faults(house.ask_org(f"/{account}"), 1)
        bench.check(what, wrong)
    rate = told["count"] / (told["last"] - told["began"])
    is_largest = number == max(bench.scale.accounts)
    yield Figure(f"{what}, a process", rate, "calls/s", least=AIM if is_largest else None)
    if is_largest and jobs:
        nothing = max(0.0, 1 - number / jobs) * 100
        yield Figure("… wake-ups that found nothing", nothing, "%", most=5)


def jobs_done(bench: Bench) -> int:
    """Wake-ups that ran."""
    workers = Worker.all(connection=bench.house.redis, serializer=JSONSerializer)
    return sum(
        worker.successful_job_count for worker in workers if "deliveries" in worker.queue_names()
    )
