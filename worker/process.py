"""A worker process: an RQ worker, set so that it loses as little as RQ can; deliverers beside it.

RQ loses popped jobs of a worker that listens to two queues (it must use BLPOP then), so each
process has one. Forking per job buys nothing for jobs that are ours: `SimpleWorker`.
"""

from __future__ import annotations

import logging
import math
import os
import signal
import threading
import time
from types import FrameType

import structlog
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from core.jobs import OurJob
from core.queues import CALLS, DELIVERIES, open_queue, open_redis
from worker.careful import CarefulWorker
from worker.deliver import deliver
from worker.deliverers import Deliverers
from worker.in_hand import said_in_hand
from worker.runtime import Runtime, set_runtime
from worker.sweeper import sweep_forever

log = structlog.get_logger()

MAINTENANCE_SECONDS = 30
IDLE_SECONDS = 60
"""RQ's `worker_ttl`: an idle worker looks up a quarter of a minute earlier, cleans up and waits
anew, and believes a Redis that says nothing ten seconds later to be gone. RQ's 420 would leave
both for seven minutes."""

BEAT_SECONDS = 15

SECONDS_TO_FINISH = 20
"""For deliveries in hand, once somebody asked to stop or the supervisor is gone."""
SECONDS_TO_SIGN_OFF = 2
"""For RQ to tell Redis that this worker is gone."""


class Worker(CarefulWorker):
    max_connection_wait_time = 1.0
    """Seconds between attempts to reach Redis. RQ's 60 would leave calls waiting a minute after
    it is back."""
    stop: threading.Event | None = None
    beat_at = -math.inf

    def handle_warm_shutdown_request(self) -> None:
        """The signal was heard. RQ acts on it once Redis has answered, which may take long."""
        if self.stop is not None:
            self.stop.set()

    def request_force_stop(self, signum: int, frame: FrameType | None) -> None:
        """A service manager and the supervisor may both ask: that is no reason to drop what is in
        hand. Whoever loses patience kills."""

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """RQ says three times a job that the worker lives, which is nine of the job's twenty round
        trips to Redis. Once said, it holds for two minutes."""
        if pipeline is None and time.monotonic() - self.beat_at < BEAT_SECONDS:
            return
        super().heartbeat(timeout, pipeline)
        self.beat_at = time.monotonic()


class _NotAgain(logging.Filter):
    """Lets the same line through once a minute: RQ says at each attempt that Redis is away."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now < self._said.get(record.msg, -60.0) + 60:
            return False
        self._said[record.msg] = now
        return True


def run_calls(runtime: Runtime, parent: int = 0) -> int:
    """Take calls in until told to stop. Ends with 1 when Redis went away: the supervisor starts
    another."""
    _prepare(parent)
    set_runtime(runtime)
    try:
        worker = _make_patient(CALLS, runtime)
        with said_in_hand(worker, open_redis(runtime.config.redis_url)):
            worker.work(logging_level="WARNING")
    except RedisError as error:
        log.warning("redis went away", error=type(error).__name__, queue=CALLS)
        time.sleep(1)
        return 1
    return 0


def run_deliveries(runtime: Runtime, parent: int = 0) -> int:
    """Deliver until told to stop, whether Redis is there or not."""
    _prepare(parent)
    # The main thread only sets it and looks at it: a signal never finds its lock held there.
    stop, signed_off = threading.Event(), threading.Event()
    deliverers = Deliverers(lambda account_id: deliver(account_id, runtime))
    set_runtime(runtime, deliverers)
    threading.Thread(
        target=sweep_forever, args=(runtime, deliverers, stop), name="sweeper", daemon=True
    ).start()
    ending = threading.Thread(target=_end, args=(stop, deliverers, signed_off), daemon=True)
    ending.start()
    _answer_wake_ups(runtime, stop)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signed_off.set()
    ending.join()
    return 0


def _answer_wake_ups(runtime: Runtime, stop: threading.Event) -> None:
    """Until told to stop. While Redis is away it is tried again each second."""

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        if not stop.is_set():  # a second signal must not end what sees deliveries to their end
            stop.set()
            raise StopRequested

    said = False
    try:
        while not stop.is_set():
            # RQ sets its own while it works, and leaves them behind.
            signal.signal(signal.SIGTERM, ask_to_stop)
            signal.signal(signal.SIGINT, ask_to_stop)
            try:
                worker = _make_patient(DELIVERIES, runtime)
                worker.stop = stop
                worker.work(logging_level="WARNING")
                said = False
            except RedisError as error:
                if not said:
                    log.warning("no wake-ups without redis", error=type(error).__name__)
                said = True
            if not stop.is_set():
                time.sleep(1)
    except StopRequested:
        return


def _end(stop: threading.Event, deliverers: Deliverers, signed_off: threading.Event) -> None:
    """Once asked to stop, see deliveries in hand to their end; then the process may end, also
    while RQ waits for a Redis that hangs."""
    stop.wait()
    if not deliverers.stop(SECONDS_TO_FINISH):
        log.warning("stopped with deliveries in hand")
    if not signed_off.wait(SECONDS_TO_SIGN_OFF):
        os._exit(0)


def _prepare(parent: int) -> None:
    logging.getLogger("rq.worker").addFilter(_NotAgain())
    if parent:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _make_patient(queue_name: str, runtime: Runtime) -> Worker:
    """Waits for jobs until asked to stop. Raises RedisError when Redis went away, then, too."""
    return make_worker(queue_name, open_redis(runtime.config.redis_url, blocking=True))


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
