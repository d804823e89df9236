"""Recovers telephony's jobs that RQ has lost sight of, and puts away those that cannot be taken.

    leftovers in Redis ──▶ read, within bounds ──▶ taken    out of Redis
                                               ├─▶ refused  into the table that support reads
                                               └─▶ later    the database is away

A worker killed with a job in hand leaves it in RQ's intermediate list or started registry; a job
that failed because the database was away stays failed. `log_call` may run twice without harm (the
ledger's unique key), so its events are simply taken here. However much lies there, a look is short.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from core.events import BadEvent
from core.intake import Intake, accept_all
from core.queues import open_redis
from core.store import Store
from core.store.database import DATABASE_AWAY
from core.store.doors import UnknownAccount
from core.store.refused import RQ, Refusal
from worker.handed_over import HandedOver, read
from worker.in_hand import without_those_in_hand
from worker.leftovers import Leftover, contents, find, places, take_out
from worker.runtime import Runtime

log = structlog.get_logger()

SWEEPS_BEFORE_RESCUE = 3
"""A job in hand is seen once or twice in passing; one seen so often is stuck, or a long one that
a living worker has in hand."""
MOST_ENTRIES = 2000
"""That a look lists, of each place; the next look finds those behind them."""
LOOK_SECONDS = 0.7
"""After which no more are begun: rescue may share its thread with what wakes accounts."""
AT_ONCE = 25
"""Jobs that are read together. Each may be as large as `core.jobs.LARGEST_JOB`."""

Answer = Intake | BadEvent | None
"""What became of an event; None = the database was away, so it is left for later."""


class Rescue:
    """Remembers how often it saw each entry where none should stay."""

    def __init__(self, redis: Redis, runtime: Runtime) -> None:
        self._redis = redis
        self._runtime = runtime
        self._seen: dict[Leftover, int] = {}

    def run(self) -> int:
        """Look once; returns how many jobs were rescued."""
        rescued, until = 0, time.monotonic() + LOOK_SECONDS
        try:
            stuck = self._stuck()
            while stuck and time.monotonic() < until:
                rescued += self._settle(stuck[:AT_ONCE])
                stuck = stuck[AT_ONCE:]
        except RedisError as error:
            log.warning("no rescue without redis", error=type(error).__name__)
        except SQLAlchemyError as error:
            log.warning("no rescue without a database", error=type(error).__name__)
        return rescued

    def _stuck(self) -> list[Leftover]:
        found = find(self._redis, places(self._redis, MOST_ENTRIES))
        passing = [one for one in found if not one.place.has_ended]
        self._seen = {one: self._seen.get(one, 0) + 1 for one in passing}
        often = [one for one in passing if self._seen[one] >= SWEEPS_BEFORE_RESCUE]
        ended = [one for one in found if one.place.has_ended]
        return ended + without_those_in_hand(self._redis, often)

    def _settle(self, stuck: Sequence[Leftover]) -> int:
        """Take what these jobs hand over; returns how many handed over something that counts."""
        handed, refusals = defaultdict[str, list[tuple[Leftover, Any]]](list), _Refusals()
        for one, data in zip(stuck, contents(self._redis, stuck), strict=True):
            job = read(data) if data else None
            if isinstance(job, Refusal):
                refusals.add("", one, job)
            elif isinstance(job, HandedOver):
                handed[job.account] += [(one, event) for event in job.events]
        later = set[Leftover]()
        for account, events in handed.items():
            answers = self._take(account, [event for _, event in events])
            for (one, event), answer in zip(events, answers, strict=True):
                if isinstance(answer, BadEvent):
                    refusals.add(account, one, Refusal(event, answer))
                elif answer is None:
                    later.add(one)
        settled = [one for one in stuck if one not in later]
        refusals.write(self._runtime.store, later)
        take_out(self._redis, settled, is_done=lambda one: one not in refusals.jobs)
        taken = {one for events in handed.values() for one, _ in events} - refusals.jobs - later
        if taken:
            log.info("calls rescued", jobs=len(taken))
        return len(taken)

    def _take(self, account_id: str, events: list[Any]) -> list[Answer]:
        """An answer for each event. Raises SQLAlchemyError when the database answers nothing."""
        store = self._runtime.store
        try:
            return [*accept_all(store, self._runtime.waker, account_id, events)]
        except UnknownAccount as error:
            return [BadEvent("account", str(error))] * len(events)
        except DATABASE_AWAY:
            store.accounts.get(account_id)
            answer = None
        except Exception as error:
            # Whatever one event holds, the others are looked after.
            log.error("event not taken", account=account_id[:64], error=type(error).__name__)
            answer = BadEvent("event", f"cannot be taken: {type(error).__name__}")
        if len(events) > 1:
            return [one for event in events for one in self._take(account_id, [event])]
        return [answer]


class _Refusals:
    """What is to be written down, by account."""

    def __init__(self) -> None:
        self._of = defaultdict[str, list[tuple[Leftover, Refusal]]](list)
        self.jobs = set[Leftover]()
        """Those in which something was refused."""

    def add(self, account: str, job: Leftover, refusal: Refusal) -> None:
        self._of[account].append((job, refusal))
        self.jobs.add(job)

    def write(self, store: Store, later: set[Leftover]) -> None:
        """Except of jobs that come again."""
        for account, refused in self._of.items():
            store.refused.add_all(account, RQ, [one for job, one in refused if job not in later])
            log.info("events refused", account=account[:64], door=RQ, events=len(refused))


def rescue_forever(runtime: Runtime, stop: threading.Event) -> None:
    """Beside a supervisor, on one machine at a time, until told to stop. A round that fails is
    said and repeated, whatever it failed on."""
    redis = open_redis(runtime.config.redis_url)
    rescue = Rescue(redis, runtime)
    seconds = runtime.config.sweep_seconds
    while not stop.wait(seconds):
        try:
            if redis.set("rescue", 1, nx=True, px=max(100, int(seconds * 900))):
                rescue.run()
        except RedisError as error:
            log.warning("no rescue without redis", error=type(error).__name__)
        except Exception as mistake:
            log.error("rescue failed unexpectedly; it goes on", exc_info=mistake)
