"""What a run of chaos is asked to do."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

BUILDS = ("good", "late_ledger", "machine_clock", "no_check")
LATE = 5.0
"""Seconds between the acknowledgement and the ledger, in the build that has them the wrong way."""


@dataclass(frozen=True)
class Options:
    calls: int = 10_000
    accounts: int = 20
    seed: int = 1
    database: str = "sqlite"
    redis: str = "valkey"
    build: str = "good"
    rate: float = 60.0
    """Calls a second that telephony hands over."""
    lease: int = 8
    """LEASE_SECONDS: short, so that a run sees many expire."""
    kills: bool = True
    blows: int = 200
    """How many things go wrong, evenly over the calls, at most one for ten of them: the next calls
    come when the last blow fell. A start costs seconds of processor; a run has only so many."""
    patience: float = 10.0
    """Seconds after which the next thing goes wrong although little gets through."""
    deeds: tuple[str, ...] = ()
    """Only these of the mischief's; all, by their weight, when none is named."""
    settle: float = 420.0
    """Seconds within which everything has to be settled once the mischief is over."""
    lost_replies: float = 0.04
    """Share of writes that are committed while their reply is lost."""
    machines: int = 1
    """How many run a worker. The second one's clock is off, and the portal runs there."""
    packages: bool = True
    """Whether every second org has the package; else none has."""

    @property
    def clock_ahead(self) -> float:
        """Seconds by which the second machine's clock is ahead, or behind in every other seed."""
        return 90.0 if self.seed % 2 else -90.0


def read_options(arguments: Sequence[str]) -> Options:
    default = Options()
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--calls", type=int, default=default.calls)
    parser.add_argument("--accounts", type=int, default=default.accounts)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default=default.database)
    parser.add_argument("--redis", choices=("redis", "valkey"), default=default.redis)
    parser.add_argument("--build", choices=BUILDS, default=default.build)
    parser.add_argument("--rate", type=float, default=default.rate)
    parser.add_argument("--blows", type=int, default=default.blows)
    parser.add_argument("--lease", type=int, default=default.lease)
    parser.add_argument("--machines", type=int, choices=(1, 2), default=default.machines)
    return Options(**vars(parser.parse_args(arguments)))
