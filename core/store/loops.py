"""Missed-call loops: which are open, and their story (docs/rules.md).

What a delivery does to them is part of the transaction that records its calls: `change_loops`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, nulls_last, or_, select

from core.models import CallRow, LoopRow, LoopState
from core.store.database import Database
from core.store.now import now


@dataclass(frozen=True)
class Waiting:
    """A client whom nobody has called back yet."""

    loop: LoopRow
    call: str
    """Public id of the missed call that opened it."""
    is_overdue: bool


_OF_NUMBERS = select(LoopRow).where(
    LoopRow.account_id == bindparam("account"),
    LoopRow.number.in_(bindparam("numbers", expanding=True)),
    LoopRow.state == LoopState.OPEN,
)


class Loops:
    def __init__(self, database: Database) -> None:
        self._db = database

    def open_of(self, account_id: str, numbers: Collection[str]) -> dict[str, LoopRow]:
        """By client number (E.164)."""
        asked = {"account": account_id, "numbers": list(numbers)}
        with self._db.read() as session:
            return {row.number: row for row in session.scalars(_OF_NUMBERS, asked)}

    def waiting(self, account_id: str, at_most: int) -> list[Waiting]:
        """Open loops, overdue first, then by due time."""
        overdue = and_(LoopRow.due_at.is_not(None), LoopRow.due_at <= now())
        query = (
            select(LoopRow, CallRow.public_id, overdue)
            .join(CallRow, CallRow.id == LoopRow.call_id)
            .where(LoopRow.account_id == account_id, LoopRow.state == LoopState.OPEN)
            .order_by(nulls_last(LoopRow.due_at), LoopRow.missed_at, LoopRow.id)
            .limit(at_most)
        )
        with self._db.read() as session:
            return [Waiting(row, call, bool(late)) for row, call, late in session.execute(query)]

    def counts(self, account_id: str) -> tuple[int, int]:
        """How many wait, and how many of them are overdue."""
        overdue = func.count().filter(LoopRow.due_at <= now())
        query = select(func.count(), overdue).where(
            LoopRow.account_id == account_id, LoopRow.state == LoopState.OPEN
        )
        with self._db.read() as session:
            waiting, late = session.execute(query).one()
            return int(waiting), int(late)

    def of_call(self, row: CallRow) -> LoopRow | None:
        """The loop that a call belongs to: it opened or closed it, or was missed in between."""
        while_open = and_(
            LoopRow.missed_at <= row.started_at,
            or_(LoopRow.closed_at.is_(None), LoopRow.closed_at >= row.started_at),
        )
        query = (
            select(LoopRow)
            .where(
                LoopRow.account_id == row.account_id,
                LoopRow.number == row.number,
                or_(LoopRow.call_id == row.id, LoopRow.closed_by_call == row.id, while_open),
            )
            .order_by(LoopRow.missed_at.desc(), LoopRow.id.desc())
            .limit(1)
        )
        with self._db.read() as session:
            return session.scalar(query)

    def closed(self, account_id: str, since: datetime, at_most: int) -> Sequence[LoopRow]:
        """Closed loops of missed calls since a moment, newest first: for counts and the median."""
        query = (
            select(LoopRow)
            .where(
                LoopRow.account_id == account_id,
                LoopRow.missed_at >= since,
                LoopRow.state != LoopState.OPEN,
            )
            .order_by(LoopRow.missed_at.desc(), LoopRow.id.desc())
            .limit(at_most)
        )
        with self._db.read() as session:
            return list(session.scalars(query))
