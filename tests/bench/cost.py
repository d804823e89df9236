"""What processes cost: processor seconds and memory, of a whole tree."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

MIB = 1024 * 1024


def processor_seconds(root: psutil.Process) -> float:
    """Of this process, those below it, and what has ended and been waited for."""
    total = 0.0
    for process in tree(root):
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])  # user, system, and the same of ended children
    return total


def tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


@dataclass
class Spent:
    """Processor seconds by name, and seconds of the clock."""

    by_name: dict[str, float]
    seconds: float = 0.0

    def less(self, idle: Spent) -> dict[str, float]:
        """Without what the same processes spend when there is nothing to do."""
        share = self.seconds / idle.seconds
        return {n: max(0.0, spent - idle.by_name[n] * share) for n, spent in self.by_name.items()}


@contextmanager
def spending(**roots: psutil.Process) -> Iterator[Spent]:
    """Filled at the end of the block."""
    spent = Spent({name: processor_seconds(root) for name, root in roots.items()})
    began = time.monotonic()
    yield spent
    spent.seconds = time.monotonic() - began
    for name, root in roots.items():
        spent.by_name[name] = processor_seconds(root) - spent.by_name[name]


class Memory:
    """The most that one working process held at any moment, in MiB (resident); who only supervises
    others does not count."""

    def __init__(self, *roots: psutil.Process) -> None:
        self._roots = roots
        self._stop = threading.Event()
        self.most = 0.0

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            for root in self._roots:
                whole = tree(root)
                for process in whole[1:] or whole:
                    with suppress(psutil.NoSuchProcess):
                        self.most = max(self.most, process.memory_info().rss / MIB)
