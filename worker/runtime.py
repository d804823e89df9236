"""What a worker process holds while it lives; the composition root fills it."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from core.config import Config
from core.queues import Waker
from core.store import Store


@dataclass(frozen=True)
class Runtime:
    config: Config
    store: Store
    waker: Waker
    http: httpx.Client


_runtime: Runtime | None = None


def set_runtime(runtime: Runtime) -> None:
    global _runtime
    _runtime = runtime


def get_runtime() -> Runtime:
    """RQ calls a job by its name alone, so jobs find their surroundings here."""
    if _runtime is None:
        raise RuntimeError("no runtime: jobs run in a process started by `python -m worker`")
    return _runtime
