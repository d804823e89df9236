"""What a worker process holds while it lives; the composition root fills it."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from core.config import Config
from core.queues import Waker
from core.store import Store
from worker.deliverers import Deliverers


@dataclass(frozen=True)
class Runtime:
    config: Config
    store: Store
    waker: Waker
    http: httpx.Client


_runtime: Runtime | None = None
_deliverers: Deliverers | None = None


def set_runtime(runtime: Runtime, deliverers: Deliverers | None = None) -> None:
    """`deliverers` in a process for the queue of wake-ups."""
    global _runtime, _deliverers
    _runtime, _deliverers = runtime, deliverers


def get_runtime() -> Runtime:
    """RQ calls a job by its name alone, so jobs find their surroundings here."""
    if _runtime is None:
        raise RuntimeError("no runtime: jobs run in a process started by `python -m worker`")
    return _runtime


def get_deliverers() -> Deliverers:
    if _deliverers is None:
        raise RuntimeError("no deliverers: wake-ups are answered in a process that delivers")
    return _deliverers
