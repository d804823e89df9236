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
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from core.config import Config
from core.queues import OurJob, open_queue, open_redis

log = structlog.get_logger()

MAINTENANCE_SECONDS = 30


class Worker(SimpleWorker):
    max_connection_wait_time = 4.0
    """Seconds between attempts to reach Redis. RQ's 60 would leave calls waiting a minute after
    it is back."""


def run_worker(config: Config, queue_name: str) -> int:
    """Work until told to stop. Ends with 1 when Redis went away: the supervisor starts another."""
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    redis = open_redis(config.redis_url, blocking=True)
    try:
        worker = Worker(
            [open_queue(queue_name, redis)],
            connection=redis,
            serializer=JSONSerializer,
            job_class=OurJob,
            maintenance_interval=MAINTENANCE_SECONDS,
            log_job_description=False,
        )
        worker.work(logging_level="WARNING")
    except RedisError as error:
        log.warning("redis went away", error=type(error).__name__, queue=queue_name)
        time.sleep(1)
        return 1
    return 0


def _end_with_parent(parent: int) -> None:
    # A killed supervisor takes nobody along; workers without one would pile up at each start.
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
