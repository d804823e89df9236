"""An RQ worker that no entry in Redis can stop: what it cannot do with one is left to rescue."""

from __future__ import annotations

import time
from typing import Any

import structlog
from redis.exceptions import ResponseError
from rq import SimpleWorker
from rq.job import Job
from rq.queue import Queue
from rq.utils import now
from rq.worker_registration import REDIS_WORKER_KEYS, WORKERS_BY_QUEUE_KEY

from core.events import BadEvent
from core.jobs import JobNotAllowed, JobUnreadable, OurQueue
from core.store.doors import UnknownAccount

log = structlog.get_logger()

REFUSED = (BadEvent, UnknownAccount, JobNotAllowed, JobUnreadable)
"""What a job is refused for; nobody needs to see where in our code."""


class CarefulWorker(SimpleWorker):
    queue_class = OurQueue

    def execute_job(self, job: Job, queue: Queue) -> None:
        job.origin = queue.name  # whatever it says itself: results and registries go by it
        try:
            super().execute_job(job, queue)
        except ResponseError as error:
            # Something of another type stands where RQ keeps what belongs to this job.
            log.warning("job left for rescue", job=job.id, error=type(error).__name__)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """RQ's own writes name and arguments, whatever was sent, into the log."""
        kind = exc_info[0]
        details = {} if issubclass(kind, REFUSED) else {"exc_info": exc_info}
        log.warning("job failed", job=job.id, error=kind.__name__, **details)

    def subscribe(self) -> None:
        """To nothing: RQ's commands by message stop workers, and a broken one ends its thread."""

    def run_maintenance_tasks(self) -> None:
        """RQ's own reads each job, and the first that it cannot read ends it and the worker. Jobs
        are looked after by `worker.rescue`; what is left is names."""
        self.last_cleaned_at = now()  # type: ignore[assignment]
        for queue in self.queues:
            for clean in (_forget_ended, _forget_dead_workers):
                try:
                    clean(queue)
                except ResponseError as error:
                    log.warning("not cleaned", what=clean.__name__, error=type(error).__name__)


def _forget_ended(queue: Queue) -> None:
    """Names of jobs that Redis itself has forgotten by now."""
    for registry in (queue.finished_job_registry, queue.failed_job_registry):
        queue.connection.zremrangebyscore(registry.key, 0, time.time())


def _forget_dead_workers(queue: Queue) -> None:
    """Names of workers that were killed."""
    redis, of_queue = queue.connection, WORKERS_BY_QUEUE_KEY % queue.name
    names = list(redis.smembers(of_queue))
    with redis.pipeline(transaction=False) as pipeline:
        for name in names:
            pipeline.exists(name)
        alive = pipeline.execute()
    if dead := [name for name, lives in zip(names, alive, strict=True) if not lives]:
        redis.srem(of_queue, *dead)
        redis.srem(REDIS_WORKER_KEYS, *dead)
