"""Runs the rescue of what RQ lost sight of beside every supervisor, on one machine at a time."""

from __future__ import annotations

import threading

import structlog
from redis import Redis
from redis.exceptions import RedisError

from core.queues import open_redis
from worker.rescue import Rescue
from worker.runtime import Runtime

log = structlog.get_logger()


def rescue_forever(runtime: Runtime, stop: threading.Event) -> None:
    """Until told to stop. A round that fails is said and repeated, whatever it failed on."""
    redis = open_redis(runtime.config.redis_url)
    rescue = Rescue(redis, runtime)
    seconds = runtime.config.sweep_seconds
    while not stop.wait(seconds):
        try:
            if _our_turn(redis, seconds):
                rescue.run()
        except RedisError as error:
            log.warning("no rescue without redis", error=type(error).__name__)
        except Exception as mistake:
            log.error("rescue failed unexpectedly; it goes on", exc_info=mistake)


def _our_turn(redis: Redis, seconds: float) -> bool:
    return bool(redis.set("rescue", 1, nx=True, px=max(100, int(seconds * 900))))
