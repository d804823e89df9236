"""Recovers telephony's `log_call` jobs that RQ has lost sight of.

A worker killed with a job in hand leaves it in RQ's intermediate list or started registry, where
RQ finds it only after minutes; a job that failed because the database was away stays failed.
`log_call` may run twice without harm (the ledger's unique key), so it is simply run here.
"""

from __future__ import annotations

from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.registry import FailedJobRegistry, StartedJobRegistry
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from core.events import BadEvent
from core.intake import Intake, accept
from core.queues import CALLS, DELIVERIES, OurJob, open_queue
from worker.runtime import Runtime

log = structlog.get_logger()

SWEEPS_BEFORE_RESCUE = 3
"""A job in hand is seen once or twice in passing; one seen so often is stuck."""


RQ_LOCK_SECONDS = 899
MAINTENANCE_TAKES_AT_MOST = 60


class Rescue:
    """Remembers how often it saw each job where none should stay."""

    def __init__(self, redis: Redis, runtime: Runtime) -> None:
        self._redis = redis
        self._runtime = runtime
        self._queue = open_queue(CALLS, redis)
        self._started = StartedJobRegistry(queue=self._queue, job_class=OurJob)
        self._failed = FailedJobRegistry(queue=self._queue, job_class=OurJob)
        self._seen: dict[str, int] = {}
        self._refused: set[str] = set()
        """Jobs that failed rightly: left in RQ's failed registry for people to read."""

    def run(self) -> int:
        """Look once; returns how many jobs were rescued."""
        try:
            self._free_maintenance()
            candidates = self._candidates()
            self._seen = {one: self._seen.get(one, 0) + 1 for one in candidates}
            stuck = [one for one, seen in self._seen.items() if seen >= SWEEPS_BEFORE_RESCUE]
            return sum(self._rescue(one) for one in stuck)
        except RedisError as error:
            log.warning("no rescue without redis", error=type(error).__name__)
            return 0

    def _free_maintenance(self) -> None:
        """RQ's maintenance lock has no owner: a worker killed while it cleans, as each does at its
        start, would keep all others from it for a quarter of an hour."""
        for name in (CALLS, DELIVERIES):
            key = open_queue(name, self._redis).registry_cleaning_key
            left = int(self._redis.ttl(key))
            if 0 <= left < RQ_LOCK_SECONDS - MAINTENANCE_TAKES_AT_MOST:
                self._redis.delete(key)

    def _candidates(self) -> set[str]:
        intermediate: list[Any] = self._redis.lrange(self._queue.intermediate_queue_key, 0, -1)
        started = (one.partition(":")[0] for one in self._started.get_job_ids(cleanup=False))
        return {
            *(one.decode() for one in intermediate),
            *started,
            *self._failed.get_job_ids(cleanup=False),
        } - self._refused

    def _rescue(self, job_id: str) -> bool:
        try:
            job, outcome = self._run_here(job_id)
        except NoSuchJobError:
            self._forget(job_id)
            return False
        except RedisError:
            raise
        except SQLAlchemyError:
            return False  # the next sweep tries again
        except Exception as error:
            # Whatever one job holds, the others are looked after.
            log.warning("call not rescued", job=job_id, error=type(error).__name__)
            self._refused.add(job_id)
            return False
        log.info("call rescued", job=job_id, outcome=outcome.value)
        self._forget(job_id, job)
        return True

    def _run_here(self, job_id: str) -> tuple[Job, Intake]:
        """Raises whatever RQ, the arguments or the databases come up with."""
        job = OurJob.fetch(job_id, connection=self._redis, serializer=JSONSerializer)
        if job.func_name != "worker.jobs.log_call":
            raise BadEvent("job", "is not log_call")
        return job, accept(self._runtime.store, self._runtime.waker, *job.args, **job.kwargs)

    def _forget(self, job_id: str, job: Job | None = None) -> None:
        self._redis.lrem(self._queue.intermediate_queue_key, 0, job_id)
        if job is not None:
            job.delete()
        self._seen.pop(job_id, None)
