"""Keeps worker processes alive, and runs beside them what needs no queue: see WORK."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

import structlog

from core.queues import CALLS, DELIVERIES
from worker.housekeeping import keep_house
from worker.looks import look_after_loops
from worker.nights import look_by_night
from worker.rescue import rescue_forever
from worker.runtime import Runtime

log = structlog.get_logger()

WORK = (rescue_forever, keep_house, look_by_night, look_after_loops)
"""Done beside the workers, each in a thread of its own."""

STOP_SECONDS = 23
"""How long a polite stop may take: a delivery in hand finishes its write."""


@dataclass
class Child:
    """One worker process, started again whenever it ends."""

    queue: str
    module: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = field(default=0)

    def start(self) -> None:
        self.started = time.monotonic()
        # Its own session: a Ctrl-C on the terminal reaches us, and we stop it politely.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", self.module, "run", self.queue, str(os.getpid())],
            start_new_session=True,
        )

    def tend(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        lived = time.monotonic() - self.started
        if self.process is not None:
            self.quick_deaths = self.quick_deaths + 1 if lived < 10 else 0
            log.warning("worker ended", queue=self.queue, status=self.process.returncode)
        if lived >= min(self.quick_deaths, 10) or self.process is None:
            self.start()


@dataclass
class Helper:
    """A thread beside the workers, started again should a mistake of ours end it."""

    work: Callable[[Runtime, threading.Event], None]
    runtime: Runtime
    stop: threading.Event
    thread: threading.Thread | None = None

    def tend(self) -> None:
        if self.thread is not None and self.thread.is_alive():
            return
        if self.thread is not None:
            log.error("helper ended", name=self.work.__name__)
        # A daemon: a polite stop does not wait for a slow mail server.
        self.thread = threading.Thread(
            target=self.work, args=(self.runtime, self.stop), name=self.work.__name__, daemon=True
        )
        self.thread.start()

    def end(self) -> None:
        if self.thread is not None:
            self.thread.join(timeout=5)


def supervise(runtime: Runtime, module: str) -> int:
    """Run until SIGTERM or SIGINT; then stop the workers politely."""
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    queues = [CALLS] + [DELIVERIES] * runtime.config.workers
    children = [Child(queue, module) for queue in queues]
    helpers = [Helper(one, runtime, stop) for one in WORK]
    log.info("workers start", calls=1, deliveries=runtime.config.workers)
    while not stop.is_set():
        for child in children:
            child.tend()
        for helper in helpers:
            helper.tend()
        stop.wait(0.5)
    _stop(children)
    for helper in helpers:
        helper.end()
    runtime.store.close()
    return 0


def _stop(children: list[Child]) -> None:
    running = [one.process for one in children if one.process and one.process.poll() is None]
    for process in running:
        process.terminate()
    give_up = time.monotonic() + STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, give_up - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
