"""What the newest calls show: lines that nobody is mapped to, external lines in use."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache
from sqlalchemy import func, select

from core.models import CallRow
from core.store.database import Database

NEWEST = 5000
"""Calls looked at: the journal's index gives them without reading the rest of a long history."""
LATELY = 120.0
"""Seconds."""
MOST = 50
"""Lines returned."""


@dataclass(frozen=True)
class SeenLine:
    """A line, and in how many of the newest calls it was seen."""

    line: str
    times: int


class Seen:
    def __init__(self, database: Database) -> None:
        self._db = database
        self._lock = Lock()
        self._lately: TTLCache[str, list[str]] = TTLCache(10_000, LATELY)

    def unmapped_lines(self, account_id: str) -> list[SeenLine]:
        """Lines that took calls while no row named them, most used first. Some may be mapped
        by now."""
        return self._count(account_id, "unmapped_line")

    def external_lines(self, account_id: str) -> list[SeenLine]:
        """The company's own numbers and sites, most used first."""
        return self._count(account_id, "external_line")

    def external_lines_lately(self, account_id: str) -> list[str]:
        """As `external_lines`, as of some moment within LATELY: for each batch of a delivery."""
        with self._lock:
            known = self._lately.get(account_id)
        if known is None:
            known = [seen.line for seen in self.external_lines(account_id)]
            with self._lock:
                self._lately[account_id] = known
        return known

    def _count(self, account_id: str, column: str) -> list[SeenLine]:
        newest = (
            select(getattr(CallRow, column).label("line"))
            .where(CallRow.account_id == account_id)
            .order_by(CallRow.started_at.desc(), CallRow.id.desc())
            .limit(NEWEST)
            .subquery()
        )
        counted = (
            select(newest.c.line, func.count())
            .where(newest.c.line != "")
            .group_by(newest.c.line)
            .order_by(func.count().desc(), newest.c.line)
            .limit(MOST)
        )
        with self._db.read() as session:
            return [SeenLine(line, times) for line, times in session.execute(counted)]
