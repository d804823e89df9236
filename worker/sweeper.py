"""Wakes accounts whose calls are due, so that a wake-up lost anywhere costs seconds.

Runs beside every supervisor. On many machines a mark in Redis lets one sweep at a time; when
Redis is away all of them sweep, which is harmless: wake-ups are marked, deliveries leased.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import structlog
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from core.queues import open_redis
from core.salesforce.errors import ConnectionDead, SalesforceError
from core.secrets import CannotUnseal
from core.store.database import utc_now
from core.tokens import AccountTokens
from worker.rescue import Rescue
from worker.runtime import Runtime

log = structlog.get_logger()

HEARTBEAT = timedelta(days=7)
"""Salesforce forgets refresh tokens that are idle for 30 days."""
HEARTBEAT_EVERY_SECONDS = 3600


def sweep_forever(runtime: Runtime, stop: threading.Event) -> None:
    """Sweep every SWEEP_SECONDS until told to stop. A sweep that fails is said and repeated."""
    redis = open_redis(runtime.config.redis_url)
    rescue = Rescue(redis, runtime)
    heartbeat_at = time.monotonic() + 60
    while not stop.wait(runtime.config.sweep_seconds):
        try:
            if not _our_turn(redis, runtime.config.sweep_seconds):
                continue
            for account_id in runtime.store.deliveries.due_accounts():
                runtime.waker.wake(account_id)
            rescue.run()
            if time.monotonic() > heartbeat_at:
                heartbeat_at = time.monotonic() + HEARTBEAT_EVERY_SECONDS
                keep_quiet_connections(runtime)
        except SQLAlchemyError as error:
            log.warning("sweep failed; the next one follows", error=type(error).__name__)


def keep_quiet_connections(runtime: Runtime) -> int:
    """Refresh connections that nothing refreshed for a week. Returns how many were refreshed."""
    kept = 0
    for account_id in runtime.store.connections.quiet_since(utc_now() - HEARTBEAT):
        tokens = AccountTokens(account_id, runtime.store, runtime.config, runtime.http)
        try:
            tokens.renew(tokens.current())
            kept += 1
        except ConnectionDead as dead:
            runtime.store.connections.died(account_id, dead.reason.code, dict(dead.reason.params))
        except (SalesforceError, CannotUnseal) as error:
            log.warning("heartbeat failed", account=account_id, error=type(error).__name__)
    return kept


def _our_turn(redis: Redis, seconds: float) -> bool:
    try:
        return bool(redis.set("sweep", 1, nx=True, px=max(100, int(seconds * 900))))
    except RedisError:
        return True
