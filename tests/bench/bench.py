"""What each part of a run has: the house, how large to measure, whom to tell, what went wrong."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import select

from core.models import CallRow, CallState
from core.store import Store
from tests.bench.calls import faults
from tests.bench.house import House

PATIENCE = 180.0
"""Seconds that one measurement may take."""


@dataclass(frozen=True)
class Scale:
    """How large a run is. The default is the full one."""

    sizes: tuple[int, ...] = (1_000, 10_000, 100_000)
    """Backlogs."""
    latencies: tuple[float, ...] = (0.0, 0.05, 0.15)
    """Seconds; the first size is measured with each, the others with `LATENCY`."""
    sqlite: bool = True
    peers: tuple[int, int] = (150, 400)
    """Calls of a peer's run: of the default worker, of two of SimpleWorker."""
    lone: int = 60
    apart: int = 5
    """Lone calls some seconds apart."""
    accounts: tuple[int, ...] = (1, 20, 600)
    backlogs: int = 50_000
    """Of each of two neighbours."""
    neighbours: int = 30
    """Lone calls beside them."""
    intake: int = 3_000
    """Events one by one."""
    lists: int = 5
    """Lists of each account."""
    jobs: int = 2_000
    rows: tuple[int, ...] = (1_000, 1_000_000)
    pages: int = 40


QUICK = Scale(
    sizes=(1_000,), latencies=(0.05,), sqlite=False, peers=(15, 30), lone=8, apart=0,
    accounts=(40,), backlogs=1_500, neighbours=4, intake=400, lists=1, jobs=150, rows=(), pages=0,
)  # fmt: skip
LATENCY = 0.05
"""Seconds: an org on another continent takes longer, one in the same city less."""


@dataclass
class Bench:
    house: House
    scale: Scale
    say: Callable[[str], None]
    wrong: list[str] = field(default_factory=list)
    """What must not be: any makes the run fail."""

    def check(self, what: str, found: Counter[str]) -> None:
        for name, times in found.items():
            self.wrong.append(f"{what}: {times} {name}")
            self.say(f"WRONG  {self.wrong[-1]}")

    def check_org(
        self, what: str, account: str, calls: int, store: Store | None = None, by: int = 1
    ) -> None:
        """Each call is in the account's org exactly once, in its number's order. With a store:
        each that is done, and all are in the ledger."""
        done = None
        if store is not None:
            asked = select(CallRow.call_key, CallRow.state).where(CallRow.account_id == account)
            with store.database.read() as session:
                rows = session.execute(asked).all()
            done = {key for key, state in rows if state == CallState.DONE}
            self.check(what, +Counter({"calls not in the ledger": calls - len(rows)}))
        told = self.house.ask_org(f"/{account}")
        self.check(what, faults(told, calls, done, by))

    def await_tasks(
        self, calls: int, what: str, account: str = "", at_most: float = PATIENCE,
        stalled: float = PATIENCE,
    ) -> dict[str, Any]:  # fmt: skip
        """Until so many Tasks are there, in one org or in all together, or time is up, or no
        request came for so many seconds; returns what the org tells then."""
        path = f"/{account}?brief" if account else ""
        said = moved = time.monotonic()
        deadline, requests = said + at_most, 0
        while True:
            try:
                told = self.house.ask_org(path)
            except httpx.TimeoutException:  # busy: it is one thread
                continue
            now = time.monotonic()
            if told["requests"] > requests:
                requests, moved = told["requests"], now
            if told["count"] >= calls or now > deadline or now - moved > stalled:
                return dict(told)
            if now - said > 5:
                said = now
                self.say(f"{what}: {told['count']} of {calls}")
            time.sleep(0.1)
