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
from dataclasses import dataclass
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from core.events import BadEvent
from core.intake import MOST_EVENTS, Intake, accept_all
from core.jobs import JobUnreadable
from core.queues import open_redis
from core.store.database import DATABASE_AWAY
from core.store.doors import UnknownAccount
from core.store.refused import RQ, Refusal
from worker.handed_over import NOTHING, HandedOver, read
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
"""After which no more are begun, so that a look is over before the mark that lets one at a time."""
AT_ONCE = 25
"""Jobs that are read together, at most."""

Answer = Intake | BadEvent | None
"""What became of an event; None = the database was away, so it is left for later."""


@dataclass
class _Progress:
    data: int
    """The hash of what the job carries: its id may be handed over anew, with something else."""
    answered: int = 0
    """Events of it, from the first one on."""
    is_refused: bool = False
    """It, or some of its events."""


@dataclass(eq=False)
class _Job:
    leftover: Leftover
    content: HandedOver | Refusal
    progress: _Progress

    @property
    def events(self) -> Sequence[Any]:
        return self.content.events if isinstance(self.content, HandedOver) else ()

    @property
    def is_settled(self) -> bool:
        return self.progress.answered == len(self.events)


class Rescue:
    """Remembers how often it saw each entry where none should stay, and how far it came in a long
    one."""

    def __init__(self, redis: Redis, runtime: Runtime) -> None:
        self._redis = redis
        self._runtime = runtime
        self._seen: dict[Leftover, int] = {}
        self._begun: dict[Leftover, _Progress] = {}

    def run(self) -> int:
        """Look once; returns how many jobs were rescued."""
        rescued, until = 0, time.monotonic() + LOOK_SECONDS
        try:
            stuck = self._stuck()
            while stuck and time.monotonic() < until:
                found = contents(self._redis, stuck[:AT_ONCE])
                jobs = [self._job(*one) for one in zip(stuck, found, strict=False)]
                rescued += self._settle(jobs, until)
                stuck = stuck[len(jobs) :]
        except RedisError as error:
            log.warning("no rescue without redis", error=type(error).__name__)
        except SQLAlchemyError as error:
            log.warning("no rescue without a database", error=type(error).__name__)
        return rescued

    def _stuck(self) -> list[Leftover]:
        found = find(self._redis, places(self._redis, MOST_ENTRIES))
        passing = [one for one in found if not one.place.has_ended]
        self._seen = {one: self._seen.get(one, 0) + 1 for one in passing}
        self._begun = {one: self._begun[one] for one in found if one in self._begun}
        often = [one for one in passing if self._seen[one] >= SWEEPS_BEFORE_RESCUE]
        ended = [one for one in found if one.place.has_ended]
        return ended + without_those_in_hand(self._redis, often)

    def _job(self, one: Leftover, data: bytes | JobUnreadable | None) -> _Job:
        begun = self._begun.get(one)
        progress = begun if begun and begun.data == hash(data) else _Progress(hash(data))
        return _Job(one, NOTHING if data is None else read(data), progress)

    def _settle(self, jobs: Sequence[_Job], until: float) -> int:
        """Take what these jobs hand over; returns how many handed over something that counts."""
        self._refuse("", [(one, one.content) for one in jobs if isinstance(one.content, Refusal)])
        handed, is_late = defaultdict[str, list[tuple[_Job, Any]]](list), False
        for job in jobs:
            if isinstance(job.content, HandedOver):
                rest = job.events[job.progress.answered :]
                handed[job.content.account] += [(job, event) for event in rest]
        for account, events in handed.items():
            if events and not is_late:
                answers = self._take(account, [event for _, event in events], until)
                self._note(account, events, answers)
                is_late = time.monotonic() >= until
        settled = {job.leftover: job for job in jobs if job.is_settled}
        take_out(self._redis, settled, is_done=lambda one: not settled[one].progress.is_refused)
        self._begun = {one: far for one, far in self._begun.items() if one not in settled}
        taken = [one for one in settled.values() if one.events and not one.progress.is_refused]
        if taken:
            log.info("calls rescued", jobs=len(taken))
        return len(taken)

    def _note(
        self, account: str, events: Sequence[tuple[_Job, Any]], answers: Sequence[Answer]
    ) -> None:
        """Of each job as far as its events were answered one after the other."""
        answered, stopped = list[tuple[_Job, Any, Answer]](), set[_Job]()
        for (job, event), answer in zip(events, answers, strict=False):
            if answer is None:
                stopped.add(job)
            elif job not in stopped:
                answered.append((job, event, answer))
        bad = [(job, Refusal(event, no)) for job, event, no in answered if isinstance(no, BadEvent)]
        self._refuse(account, bad)
        for job, _, _ in answered:
            job.progress.answered += 1
            self._begun[job.leftover] = job.progress

    def _refuse(self, account: str, refused: Sequence[tuple[_Job, Refusal]]) -> None:
        if refused:
            self._runtime.store.refused.add_all(account, RQ, [one for _, one in refused])
            log.info("events refused", account=account[:64], door=RQ, events=len(refused))
        for job, _ in refused:
            job.progress.is_refused = True

    def _take(self, account_id: str, events: Sequence[Any], until: float) -> list[Answer]:
        """An answer for each of the first events: of some in any case, then while there is time.
        Where one of many stops them all, halves are tried.

        Raises SQLAlchemyError when the database answers nothing."""
        if len(events) <= MOST_EVENTS:
            answers = self._try(account_id, events)
            if answers:
                return answers
        half = min(MOST_EVENTS, len(events) // 2)
        first = self._take(account_id, events[:half], until)
        if len(first) < half or time.monotonic() >= until:
            return first
        return first + self._take(account_id, events[half:], until)

    def _try(self, account_id: str, events: Sequence[Any]) -> list[Answer]:
        """An answer for each; none when they are to be tried apart."""
        store, answer = self._runtime.store, None
        try:
            return [*accept_all(store, self._runtime.waker, account_id, events)]
        except UnknownAccount as error:
            return [BadEvent("account", str(error))] * len(events)
        except DATABASE_AWAY:
            store.accounts.get(account_id)
        except Exception as error:
            # Whatever one event holds, the others are looked after.
            log.error("events not taken", account=account_id[:64], error=type(error).__name__)
            answer = BadEvent("event", f"cannot be taken: {type(error).__name__}")
        return [answer] if len(events) == 1 else []


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
