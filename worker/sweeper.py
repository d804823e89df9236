"""Wakes accounts whose calls are due, so that a wake-up lost anywhere costs seconds.

Runs beside every supervisor. On many machines a mark in Redis lets one sweep at a time; when
Redis is away all of them sweep, which is harmless: wake-ups are marked, deliveries leased.
"""

from __future__ import annotations

import threading

import structlog
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from core.queues import open_redis
from worker.rescue import Rescue
from worker.runtime import Runtime

log = structlog.get_logger()

MOST_WAKE_UPS = 100
"""Untaken wake-ups beyond which no more are sent: nobody works, or they are being worked off."""


def sweep_forever(runtime: Runtime, stop: threading.Event) -> None:
    """Sweep every SWEEP_SECONDS until told to stop. A sweep that fails is said and repeated,
    whatever it failed on: without it, lost wake-ups stay lost."""
    redis = open_redis(runtime.config.redis_url)
    rescue = Rescue(redis, runtime)
    while not stop.wait(runtime.config.sweep_seconds):
        try:
            if _our_turn(redis, runtime.config.sweep_seconds):
                sweep(runtime)
                rescue.run()
        except SQLAlchemyError as error:
            log.warning("sweep failed; the next one follows", error=type(error).__name__)
        except Exception as mistake:
            log.error("sweep failed unexpectedly; the next one follows", exc_info=mistake)


def sweep(runtime: Runtime) -> int:
    """One sweep; returns how many accounts were woken."""
    for account_id in runtime.store.releases.held_though_connected():
        runtime.store.releases.unhold(account_id)
    due = runtime.store.deliveries.due_accounts()
    if runtime.waker.backlog() > MOST_WAKE_UPS + 2 * len(due):
        return 0
    return sum(runtime.waker.wake(account_id) for account_id in due)


def _our_turn(redis: Redis, seconds: float) -> bool:
    try:
        return bool(redis.set("sweep", 1, nx=True, px=max(100, int(seconds * 900))))
    except RedisError:
        return True
