"""Telephony: hands every call over, by one door or the other, until it is acknowledged."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import httpx
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from core.policy import Policy
from tests.chaos.options import Options
from tests.helpers.events import event, internal, missed, outgoing

PATIENCE = 6.0
"""Seconds telephony waits for a job before it hands the call over again."""
IN_A_ROW = 3
"""Calls of one account that follow each other, so that they may be handed over as a list."""
HANGING = 2
"""Orgs that hang when the last calls come."""
THREADS = 8
"""Half of them at each door."""
LISTS = 0.7
"""Share of calls of one account in a row that are handed over as a list."""
TWICE = 0.05
"""Share of calls that telephony hands over twice, for it is not sure of the first time."""

FIRST, LAST = timedelta(hours=-4), timedelta(hours=-2)
"""From now to when the first call began, and the last."""


@dataclass(frozen=True)
class Ring:
    account: str
    event: dict[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        return self.account, str(self.event["call"]["dbid"])


def make_rings(options: Options, accounts: list[str]) -> list[Ring]:
    """A few for each number; but for their dates the same for the same seed. So long ago, whoever
    missed one is late by now, and unknown numbers are looked for."""
    dice = random.Random(options.seed)
    first = datetime.now(Policy().zone) + FIRST
    per_account = options.calls // len(accounts)
    lone = lone_rings(options, accounts)
    rings = []
    for place in range(options.calls - len(lone)):
        account = accounts[place // IN_A_ROW % len(accounts)]
        number = f"38050{dice.randrange(max(3, per_account // 4)):03d}7182"[:12]
        make = dice.choices([event, missed, outgoing, internal], [45, 30, 20, 5])[0]
        began = first + (LAST - FIRST) * place / options.calls
        call = {"dbid": place + 1, "id": place + 1, "date": f"{began:%Y-%m-%d %H:%M:%S}"}
        call |= {"to": [number]} if make is outgoing else {"from": number}
        if make is internal:
            call |= {"from": "2000", "to": ["2001"]}
        rings.append(Ring(account, make(**call)))
    return rings


def lone_rings(options: Options, accounts: list[str]) -> list[Ring]:
    """The last calls of a good build's run, one for each account."""
    if options.build != "good":
        return []
    return [
        Ring(account, event(dbid=place, id=place))
        for place, account in enumerate(accounts, options.calls - len(accounts) + 1)
    ]


class Telephony:
    """Threads that hand calls over at a steady pace."""

    def __init__(
        self, options: Options, portal_url: str, redis_url: str, keys: dict[str, str]
    ) -> None:
        self._options = options
        self._portal = portal_url
        self._redis_url = redis_url
        self._keys = keys
        self._open: queue.Queue[Ring] = queue.Queue()
        self._dice = random.Random(options.seed + 1)
        self._http = httpx.Client(timeout=10)
        self.acknowledged: set[tuple[str, str]] = set()
        self.repeats = 0
        self._rang = 0
        self._all_rang = threading.Event()
        self._acknowledged = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        """Each thread takes the next calls when its last ones are acknowledged. Calls that ring
        once all rang need threads anew."""
        doors = [self._by_http, self._by_queue]
        for number in range(THREADS):
            arguments = (doors[number % 2], number / THREADS)
            thread = threading.Thread(target=self._work, args=arguments, daemon=True)
            thread.start()
            self._threads.append(thread)

    def ring(self, rings: list[Ring]) -> None:
        """These calls can be handed over from now on."""
        self._rang += len(rings)
        for ring in rings:
            self._open.put(ring)

    @property
    def unanswered(self) -> int:
        """How many of them are not acknowledged yet."""
        return self._rang - len(self.acknowledged)

    @contextmanager
    def acknowledging(self, at_most: float) -> Iterator[None]:
        """Ends when a call was acknowledged since it began; `at_most` in seconds."""
        self._acknowledged.clear()
        yield
        self._acknowledged.wait(at_most)

    def all_rang(self) -> None:
        """No call comes any more; the threads end when all are acknowledged."""
        self._all_rang.set()

    @property
    def is_done(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, hand_over: Any, turn: float) -> None:
        """`turn`: this thread's place, 0 to 1, among those that share the pace, for them to take
        turns instead of all handing over at one moment."""
        batch_size = 5
        pause = batch_size * THREADS / self._options.rate
        time.sleep(pause * turn)
        while rings := self._next(batch_size):
            began = time.monotonic()
            hand_over(rings)
            if self._dice.random() < TWICE:
                hand_over(rings[:1])
            time.sleep(max(0.0, pause - (time.monotonic() - began)))

    def _next(self, at_most: int) -> list[Ring]:
        """Empty when no call comes any more."""
        rings: list[Ring] = []
        while len(rings) < at_most:
            try:
                rings.append(self._open.get_nowait())
            except queue.Empty:
                if rings or self._all_rang.is_set():
                    break
                time.sleep(0.05)
        return rings

    def _hand_overs(self, rings: list[Ring]) -> list[list[Ring]]:
        """Those of one account as a list, or one by one."""
        parts: list[list[Ring]] = []
        for _, group in groupby(rings, lambda ring: ring.account):
            together = list(group)
            parts += [together] if self._dice.random() < LISTS else [[one] for one in together]
        return parts

    def _by_http(self, rings: list[Ring]) -> None:
        for part in self._hand_overs(rings):
            while not self._posted(part):
                self.repeats += 1
                time.sleep(0.3)
            self._answered(part)

    def _answered(self, rings: list[Ring]) -> None:
        self.acknowledged.update(ring.key for ring in rings)
        self._acknowledged.set()

    def _posted(self, rings: list[Ring]) -> bool:
        headers = {"Authorization": f"Bearer {self._keys[rings[0].account]}"}
        events = [ring.event for ring in rings]
        body = events if len(events) > 1 else events[0]
        try:
            answer = self._http.post(f"{self._portal}/api/calls", json=body, headers=headers)
        except httpx.HTTPError:
            return False
        assert answer.status_code not in (400, 401, 413, 429), answer.text
        return answer.status_code in (200, 202)

    def _by_queue(self, rings: list[Ring]) -> None:
        waiting = self._hand_overs(rings)
        while waiting:
            try:
                waiting = self._enqueued(waiting)
            except RedisError:
                time.sleep(0.3)
            self.repeats += len(waiting)

    def _enqueued(self, parts: list[list[Ring]]) -> list[list[Ring]]:
        """Returns those whose job did not come to a good end in time."""
        with Redis.from_url(self._redis_url, socket_timeout=5) as redis:
            calls = Queue("calls", connection=redis, serializer=JSONSerializer)
            jobs = {calls.enqueue(*_job(part), result_ttl=60): part for part in parts}
            deadline = time.monotonic() + PATIENCE
            while jobs and time.monotonic() < deadline:
                time.sleep(0.2)
                for job in [one for one in jobs if _is_finished(one)]:
                    self._answered(jobs.pop(job))
            return list(jobs.values())


def _job(rings: list[Ring]) -> tuple[Any, ...]:
    account, events = rings[0].account, [ring.event for ring in rings]
    if len(events) > 1:
        return "worker.jobs.log_calls", account, events
    return "worker.jobs.log_call", account, events[0]


def _is_finished(job: Job) -> bool:
    try:
        return bool(job.get_status(refresh=True) == "finished")
    except (InvalidJobOperation, NoSuchJobError, RedisError):
        return False
