"""One RQ worker process, set so that it loses as little as RQ can.

RQ loses popped jobs of a worker that listens to two queues (it must use BLPOP then), so each
process has one. Forking per job buys nothing for jobs that are ours: `SimpleWorker`.
"""

from __future__ import annotations

import os
import signal
import threading
import time

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq.serializers import JSONSerializer

from core.config import Config
from core.jobs import OurJob
from core.queues import open_queue, open_redis
from worker.careful import CarefulWorker

log = structlog.get_logger()

MAINTENANCE_SECONDS = 30
IDLE_SECONDS = 60
"""RQ's `worker_ttl`: an idle worker looks up a quarter of a minute earlier, cleans up and waits
anew, and believes a Redis that says nothing ten seconds later to be gone. RQ's 420 would leave
both for seven minutes."""


SECONDS_TO_FINISH = 20
"""For a delivery in hand, once the supervisor is gone."""


class Worker(CarefulWorker):
    max_connection_wait_time = 4.0
    """Seconds between attempts to reach Redis. RQ's 60 would leave calls waiting a minute after
    it is back."""


def run_worker(config: Config, queue_name: str, parent: int = 0) -> int:
    """Work until told to stop. Ends with 1 when Redis went away: the supervisor starts another."""
    if parent:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    redis = open_redis(config.redis_url, blocking=True)
    try:
        make_worker(queue_name, redis).work(logging_level="WARNING")
    except RedisError as error:
        log.warning("redis went away", error=type(error).__name__, queue=queue_name)
        time.sleep(1)
        return 1
    return 0


def make_worker(queue_name: str, redis: Redis) -> Worker:
    """One queue's worker, as this module's docstring says."""
    return Worker(
        [open_queue(queue_name, redis)],
        connection=redis,
        serializer=JSONSerializer,
        job_class=OurJob,
        maintenance_interval=MAINTENANCE_SECONDS,
        worker_ttl=IDLE_SECONDS,
        log_job_description=False,
    )


def _end_with(parent: int) -> None:
    """A killed supervisor takes nobody along; workers without one would pile up at each start.

    Its number comes by argument: it may be dead before we could ask who it is.
    """
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_FINISH)
    os._exit(1)  # RQ does not hear the signal while it waits for a Redis that is away
