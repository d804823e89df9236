"""Figures side by side, and the table that docs/performance.md shows."""

from __future__ import annotations

import math
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from core import ROOT


@dataclass(frozen=True)
class Figure:
    name: str
    ours: float
    unit: str = ""
    peers: tuple[float, ...] = ()
    """The peers' own: RQ's default worker, then two of SimpleWorker."""
    least: float | None = None
    most: float | None = None
    """The aim, on `ours`."""

    @property
    def is_met(self) -> bool | None:
        """None where nothing is aimed at."""
        if self.least is None and self.most is None:
            return None
        return self.ours >= (self.least or -math.inf) and self.ours <= (self.most or math.inf)

    def row(self) -> list[str]:
        peers = " / ".join(_number(one) for one in self.peers)
        ratios = " / ".join(_number(self.ours / one) for one in self.peers if one)
        aim = f"≥ {_number(self.least)}" if self.least is not None else ""
        aim = f"≤ {_number(self.most)}" if self.most is not None else aim
        met = {None: "", True: "met", False: "**not met**"}[self.is_met]
        return [self.name, f"{_number(self.ours)} {self.unit}".strip(), peers, ratios, aim, met]


def table(figures: Iterable[Figure]) -> str:
    """Markdown."""
    head = ["figure", "ours", "peer", "ours ÷ peer", "aim", ""]
    rows = [head, ["---"] * len(head), *(one.row() for one in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def circumstances(command: Iterable[str]) -> str:
    """Machine, date, command and commit: what the figures hold for."""
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    memory = psutil.virtual_memory().total / 1024**3
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit or 'unknown'}, "
        f"`{' '.join(('python -m tests.bench', *command))}`; "
        f"{psutil.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, "
        f"{platform.system()}, Python {platform.python_version()}; "
        f"load before it {psutil.getloadavg()[0]:.1f}"
    )


def percentile(values: Iterable[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * share) - 1)]


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _number(value: float | None) -> str:
    """Three digits that mean something."""
    if value is None or math.isnan(value):
        return "–"
    if value and abs(value) < 100:
        decimals = max(0, 2 - math.floor(math.log10(abs(value))))
        text = f"{value:.{min(decimals, 4)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:,.0f}"
