"""The alarm clock: RQ on Redis or Valkey. The ledger is the truth; all here may be lost.

With `core.jobs` the only file of `core` that knows RQ.
"""

from __future__ import annotations

from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry
from rq.serializers import JSONSerializer

from core.jobs import DELIVER, OurJob, OurQueue

log = structlog.get_logger()

CALLS = "calls"
"""Where telephony enqueues `worker.jobs.log_call(account_id, event)`."""
DELIVERIES = "deliveries"
"""Wake-ups: `worker.jobs.deliver(account_id)`."""
WAKE_SECONDS = 600
"""How long an account whose wake-up got lost gets no other one: the sweeper finds its calls."""


def open_queue(name: str, redis: Redis) -> OurQueue:
    return OurQueue(name, connection=redis, serializer=JSONSerializer, job_class=OurJob)


def open_redis(url: str, *, blocking: bool = False, seconds: float = 3) -> Redis:
    """A client that gives up after `seconds` without an answer: a dead Redis must not hold up an
    intake."""
    if blocking:  # a worker waits on its queue for minutes
        keepalive = {} if url.startswith("unix:") else {"socket_keepalive": True}  # TCP knows it
        return Redis.from_url(url, socket_connect_timeout=2, **keepalive)
    return Redis.from_url(url, **redis_patience(seconds))


def redis_patience(seconds: float) -> dict[str, Any]:
    """Options of a Redis client. A connection that broke meanwhile is opened anew once; a server
    that hangs is not asked again."""
    return {
        "socket_connect_timeout": min(2, seconds),
        "socket_timeout": seconds,
        "retry": Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
    }


class Waker:
    """Wakes a worker for an account. Losing a wake-up costs seconds: a sweeper finds its calls."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._queue = open_queue(DELIVERIES, redis)

    def wake(self, account_id: str) -> bool:
        """Enqueue one `deliver`, unless one is under way: a mark says so until it began.

        Returns whether a wake-up was sent; False also when Redis does not answer.
        """
        try:
            if not self._redis.set(_wake_key(account_id), 1, nx=True, ex=WAKE_SECONDS):
                return False
            self._queue.enqueue(
                DELIVER, account_id, result_ttl=0, failure_ttl=3600, job_timeout=900
            )
        except RedisError as error:
            log.warning("wake-up not sent; a sweeper will see", error=type(error).__name__)
            return False
        return True

    def begun(self, *account_ids: str) -> bool:
        """Deliveries begin: calls that come from now on may send a new wake-up.

        Returns whether any wake-up was under way; who takes one that is not has nothing to do, for
        another delivery began after it was sent. True also when Redis does not answer.
        """
        try:
            return bool(self._redis.delete(*map(_wake_key, account_ids)))
        except RedisError as error:
            log.warning("wake-up marks not cleared", error=type(error).__name__)
            return True


def _wake_key(account_id: str) -> str:
    return f"wake:{account_id}"
