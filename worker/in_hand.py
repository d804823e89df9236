"""Tells rescue which jobs living workers have in hand.

RQ's own signs of life hold for as long as the job may take, and longer than a minute: a job of a
worker that was killed would have to wait for their end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq.worker import BaseWorker

from core.jobs import each
from worker.leftovers import Leftover

log = structlog.get_logger()

BEAT_SECONDS = 1
SECONDS_BELIEVED = 5


@contextmanager
def said_in_hand(worker: BaseWorker, redis: Redis) -> Iterator[None]:
    """Meanwhile, what this worker has in hand is said to be. A job done sooner costs nothing."""
    stop = threading.Event()
    threading.Thread(
        target=_say, args=(worker, redis, stop), name="jobs in hand", daemon=True
    ).start()
    try:
        yield
    finally:
        stop.set()


def _say(worker: BaseWorker, redis: Redis, stop: threading.Event) -> None:
    while not stop.wait(BEAT_SECONDS):
        try:
            for execution in [*worker.executions.values()]:
                redis.set(in_hand_key(execution.job_id.encode()), 1, ex=SECONDS_BELIEVED)
        except RedisError as error:
            log.warning("not said what is in hand", error=type(error).__name__)


def without_those_in_hand(redis: Redis, leftovers: Iterable[Leftover]) -> list[Leftover]:
    """Those that no living worker has in hand."""
    passing = [*leftovers]
    in_hand = each(redis, [("EXISTS", in_hand_key(one.job_id)) for one in passing])
    return [one for one, is_held in zip(passing, in_hand, strict=True) if not is_held]


def in_hand_key(job_id: bytes) -> bytes:
    return b"in-hand:" + job_id
