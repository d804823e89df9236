"""The journal's questions to the ledger: a page of calls newest first, by keyset.

Each question walks one index from its newest end and stops after a page, however many calls an
account has: `ix_calls_journal`, or with a filter `ix_calls_journal_state`, `…_direction` or
`…_number`. `tests/store/test_journal_plans.py` asks the database whether it really does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_, union_all
from sqlalchemy.orm import aliased

from core.connection import ConnectionState
from core.models import CallRow, CallState, ConnectionRow, PolicyRow
from core.store.database import Database

WORKING = (ConnectionState.ACTIVE, ConnectionState.PAUSED)
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
        runs = union_all(*(select(query.subquery()) for query in queries)).subquery()
        page = aliased(CallRow, runs)
        newest_first = select(page).order_by(page.started_at.desc(), page.id.desc()).limit(at_most)
        with self._db.read() as session:
            return list(session.scalars(newest_first if len(queries) > 1 else queries[0]))

    def by_key(self, account_id: str, call_key: str) -> CallRow | None:
        """The call with telephony's key."""
        with self._db.read() as session:
            return session.scalar(
                select(CallRow).where(
                    CallRow.account_id == account_id, CallRow.call_key == call_key
                )
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

    def worth_trying(self, account_id: str) -> int:
        """Calls that need attention, counted up to COUNT_AT_MOST; none when trying them again would
        write nothing: switched off, or without a connection that works."""
        chosen = PolicyRow.__table__.c
        works = (
            exists().where(
                ConnectionRow.account_id == account_id, ConnectionRow.state.in_(WORKING)
            ),
            exists().where(chosen.account_id == account_id, chosen.enabled),
        )
        some = (
            select(CallRow.id)
            .where(CallRow.account_id == account_id, CallRow.state == CallState.ATTENTION, *works)
            .limit(COUNT_AT_MOST)
            .subquery()
        )
        with self._db.read() as session:
            return session.scalar(select(func.count()).select_from(some)) or 0

    def reasons(self, account_id: str) -> list[tuple[int, CallRow]]:
        """Why calls need attention: how many for each reason, and one of them; most first."""
        some = (
            select(CallRow.id, CallRow.reason_code)
            .where(CallRow.account_id == account_id, CallRow.state == CallState.ATTENTION)
            .limit(COUNT_AT_MOST)
            .subquery()
        )
        groups = (
            select(func.max(some.c.id).label("newest"), func.count().label("number"))
            .group_by(some.c.reason_code)
            .subquery()
        )
        query = (
            select(groups.c.number, CallRow)
            .join(CallRow, CallRow.id == groups.c.newest)
            .order_by(groups.c.number.desc(), CallRow.reason_code)
        )
        with self._db.read() as session:
            return [(number, row) for number, row in session.execute(query)]


def page_queries(
    account_id: str, wanted: Wanted, after: Place | None, at_most: int
) -> list[Select[CallRow]]:
    """One query per state and number: several values in one would have all their calls sorted."""
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
