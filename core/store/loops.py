"""Missed-call loops: which are open, and their story (docs/rules.md).

What a delivery does to them is part of the transaction that records its calls
(`core.store.loop_changes`); a look at them is in `core.store.looks`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, delete, exists, func, or_, select
from sqlalchemy.orm import aliased, load_only

from core.facts import OpenLoop
from core.loops import LoopState
from core.models import CallRow, LoopRow
from core.store.database import Database
from core.store.now import now


@dataclass(frozen=True)
class Told:
    """A loop, with what the journal knows of it."""

    loop: LoopRow
    opened_by: CallRow
    """The missed call; only its public id and what it wrote are read."""
    is_overdue: bool = False
    """Open, and its due time is over."""
    closed_by: str = ""
    """Public id of the call that closed it; empty when none did."""


@dataclass(frozen=True)
class Group:
    """How many wait for one employee on one line, and how many of them too long."""

    responsible: str
    external_line: str
    waiting: int
    overdue: int


@dataclass(frozen=True)
class Asked:
    """Which loops; None means any."""

    responsible: str | None = None
    external_line: str | None = None


def as_known(row: LoopRow) -> OpenLoop:
    """Without what Salesforce says."""
    return OpenLoop(row.task_id, row.missed_at, row.times)


class Loops:
    def __init__(self, database: Database) -> None:
        self._db = database

    def waiting(self, account_id: str, asked: Asked, at_most: int, skip: int = 0) -> list[Told]:
        """Open loops, overdue first, then by due time."""
        query = (
            _told(account_id, asked)
            .where(LoopRow.state == LoopState.OPEN)
            .order_by(LoopRow.due_at, LoopRow.missed_at, LoopRow.id)
            .limit(at_most)
            .offset(skip)
        )
        return self._told(query)

    def groups(self, account_id: str) -> list[Group]:
        """Open loops by whose they are and which line they came through."""
        overdue = func.count().filter(LoopRow.due_at <= now())
        query = (
            select(LoopRow.responsible, LoopRow.external_line, func.count(), overdue)
            .where(LoopRow.account_id == account_id, LoopRow.state == LoopState.OPEN)
            .group_by(LoopRow.responsible, LoopRow.external_line)
        )
        with self._db.read() as session:
            return [Group(*row) for row in session.execute(query)]

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

    def closed(self, account_id: str, asked: Asked, since: datetime, at_most: int) -> list[Told]:
        """Loops that were closed since a moment, newest first."""
        query = (
            _told(account_id, asked)
            .where(LoopRow.closed_at >= since)
            .order_by(LoopRow.closed_at.desc(), LoopRow.id.desc())
            .limit(at_most)
        )
        return self._told(query)

    def forget(self) -> None:
        """Open ones whose call is no longer in the journal, a month that was detached: nobody reads
        of them any more, and the next missed call of the number opens one of its own."""
        known = exists().where(CallRow.id == LoopRow.call_id)
        with self._db.write() as session:
            session.execute(delete(LoopRow).where(LoopRow.state == LoopState.OPEN, ~known))

    def _told(self, query: Select[LoopRow, CallRow, bool, str]) -> list[Told]:
        with self._db.read() as session:
            return [
                Told(loop, call, bool(late), closing or "")
                for loop, call, late, closing in session.execute(query)
            ]


def _told(account_id: str, asked: Asked) -> Select[LoopRow, CallRow, bool, str]:
    closing = aliased(CallRow)
    overdue = and_(LoopRow.state == LoopState.OPEN, LoopRow.due_at <= now())
    query = (
        select(LoopRow, CallRow, overdue, closing.public_id)
        .join(CallRow, CallRow.id == LoopRow.call_id)
        .outerjoin(closing, closing.id == LoopRow.closed_by_call)
        .options(load_only(CallRow.public_id, CallRow.written))
        .where(LoopRow.account_id == account_id)
    )
    for column, value in vars(asked).items():
        if value is not None:
            query = query.where(getattr(LoopRow, column) == value)
    return query
