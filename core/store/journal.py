"""The journal's questions to the ledger: a page of calls newest first, by keyset.

Each question walks one index from its newest end and stops after a page, however many calls an
account has: `ix_calls_journal`, or with a filter `ix_calls_journal_state`, `…_direction` or
`…_number`. `tests/store/test_journal_plans.py` asks the database whether it really does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from core.models import CallRow, CallState
from core.store.database import Database

COUNT_AT_MOST = 1000
"""Beyond this a count only says "more": nobody acts on the difference."""


@dataclass(frozen=True)
class Place:
    """Where a page begins: after this call, going back in time."""

    started_at: datetime
    id: int


@dataclass(frozen=True)
class Wanted:
    """Which calls; an empty value means any."""

    states: tuple[CallState, ...] = ()
    direction: str = ""
    answered: bool | None = None
    numbers: tuple[str, ...] = ()
    """Any of these, as the ledger has them: E.164, or as telephony sent it."""
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""


class Journal:
    def __init__(self, database: Database) -> None:
        self._db = database

    def place(self, account_id: str, public_id: str) -> Place | None:
        """Where the page after this call begins; None for a call that the account has not."""
        query = select(CallRow.started_at, CallRow.id).where(
            CallRow.account_id == account_id, CallRow.public_id == public_id
        )
        with self._db.read() as session:
            row = session.execute(query).first()
            return Place(row.started_at, row.id) if row else None

    def page(
        self, account_id: str, wanted: Wanted, after: Place | None, at_most: int
    ) -> Sequence[CallRow]:
        """Newest first, at most so many."""
        queries = page_queries(account_id, wanted, after, at_most)
        with self._db.read() as session:
            runs = [list(session.scalars(query)) for query in queries]
        newest_first = merge(*runs, key=lambda row: (row.started_at, row.id), reverse=True)
        return list(islice(newest_first, at_most))

    def by_key(self, account_id: str, call_key: str) -> CallRow | None:
        """The call with telephony's key."""
        with self._db.read() as session:
            return session.scalar(
                select(CallRow).where(
                    CallRow.account_id == account_id, CallRow.call_key == call_key
                )
            )

    def example(self, account_id: str, state: CallState, reason_code: str) -> CallRow | None:
        """The newest call in that state for that reason."""
        with self._db.read() as session:
            return session.scalar(
                select(CallRow)
                .where(
                    CallRow.account_id == account_id,
                    CallRow.state == state,
                    CallRow.reason_code == reason_code,
                )
                .order_by(CallRow.started_at.desc(), CallRow.id.desc())
                .limit(1)
            )

    def count(self, account_id: str, *states: CallState) -> int:
        """Calls in any of these states, counted up to COUNT_AT_MOST."""
        some = (
            select(CallRow.id)
            .where(CallRow.account_id == account_id, CallRow.state.in_(states))
            .limit(COUNT_AT_MOST)
            .subquery()
        )
        with self._db.read() as session:
            return session.scalar(select(func.count()).select_from(some)) or 0

    def reasons(self, account_id: str) -> list[tuple[str, int]]:
        """Why calls need attention, with how many each; most first."""
        some = (
            select(CallRow.reason_code)
            .where(CallRow.account_id == account_id, CallRow.state == CallState.ATTENTION)
            .limit(COUNT_AT_MOST)
            .subquery()
        )
        query = (
            select(some.c.reason_code, func.count())
            .group_by(some.c.reason_code)
            .order_by(func.count().desc(), some.c.reason_code)
        )
        with self._db.read() as session:
            return [(code, count) for code, count in session.execute(query)]


def page_queries(
    account_id: str, wanted: Wanted, after: Place | None, at_most: int
) -> list[Select[CallRow]]:
    """One query per state and number: several values in one query would have to be sorted."""
    base = (
        select(CallRow)
        .where(CallRow.account_id == account_id, *_conditions(wanted, after))
        .order_by(CallRow.started_at.desc(), CallRow.id.desc())
        .limit(at_most)
    )
    states: list[list[ColumnElement[bool]]] = [[CallRow.state == one] for one in wanted.states]
    numbers: list[list[ColumnElement[bool]]] = [[CallRow.number == one] for one in wanted.numbers]
    return [base.where(*state, *number) for state in states or [[]] for number in numbers or [[]]]


def _conditions(wanted: Wanted, after: Place | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.direction:
        conditions.append(CallRow.direction == wanted.direction)
    if wanted.answered is not None:
        conditions.append(CallRow.answered.is_(wanted.answered))
    if wanted.since:
        conditions.append(CallRow.started_at >= wanted.since)
    if wanted.until:
        conditions.append(CallRow.started_at < wanted.until)
    if after:
        place = tuple_(CallRow.started_at, CallRow.id)
        conditions.append(place < tuple_(after.started_at, after.id))
    return conditions
