"""Outside work that a page waits for only so long."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from threading import Lock, Thread
from typing import TypeVar

T = TypeVar("T")
PAGE_SECONDS = 2.0
"""Seconds that a page waits for Salesforce."""


class Readings:
    """What this process is reading for somebody; nothing is read twice at the same time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: dict[str, Future[None]] = {}

    def once(self, name: str, work: Callable[[], object]) -> Callable[[], None]:
        """The work, or the end of the same work that is running already."""

        def run() -> None:
            mine: Future[None] = Future()
            with self._lock:
                running = self._running.setdefault(name, mine)
            if running is not mine:
                running.result()
                return
            try:
                work()
                mine.set_result(None)
            except BaseException as error:
                mine.set_exception(error)
                raise
            finally:
                with self._lock:
                    self._running.pop(name)

        return run


class TookTooLong(Exception):
    """The work goes on in the background; its outcome is not waited for any longer."""


def within(seconds: float, work: Callable[[], T]) -> T:
    """The work's result, or what it raises; `TookTooLong` when neither comes in time.

    It is not broken off: a renewed token, for one, must be stored whoever still waits.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # handed to whoever waits
            outcome.set_exception(error)

    Thread(target=run, daemon=True, name="salesforce-for-a-page").start()
    try:
        return outcome.result(timeout=seconds)
    except FutureTimeout:
        if outcome.done():
            raise
        raise TookTooLong from None
