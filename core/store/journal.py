"""The journal's questions to the ledger: a page of calls newest first, by keyset.

Each question walks one index from its newest end and stops after a page, however many calls an
account has: `ix_calls_journal`, or with a filter `ix_calls_journal_state`, `…_direction` or
`…_number`; for calls on their way `ix_queue_state`. `tests/store/test_journal_plans.py` asks the
database whether it really does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute as Column
from sqlalchemy.orm import aliased

from core.connection import ConnectionState
from core.models import (
    SETTLED,
    CallKey,
    CallRow,
    CallState,
    ConnectionRow,
    PolicyRow,
    QueuedCall,
)
from core.reasons import Reason, stored
from core.store.database import Database
from core.store.now import now
from core.store.releases import waits
from core.store.standing import as_they_stand, queued_only, with_queue

Walk = tuple[Select[CallRow], tuple[Column[datetime], Column[int]]]
"""A query, and the columns that give its order."""

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


@dataclass(frozen=True)
class Why:
    """Calls that wait for one reason, as the newest of them says it."""

    reason: Reason
    number: int
    needed: int
    """How many of them need a person."""


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
        with self._db.read() as session:
            rows = [
                row
                for query in page_queries(account_id, wanted, after, at_most)
                for row in as_they_stand(session.scalars(query))
            ]
        return sorted(rows, key=lambda row: (row.started_at, row.id), reverse=True)[:at_most]

    def by_key(self, account_id: str, call_key: str) -> CallRow | None:
        """The call with telephony's key."""
        key = (CallKey.id == CallRow.id) & (CallKey.received_at == CallRow.received_at)
        query = (
            with_queue()
            .join(CallKey, key)
            .where(CallKey.account_id == account_id, CallKey.call_key == call_key)
        )
        with self._db.read() as session:
            return next(iter(as_they_stand(session.scalars(query))), None)

    def count(self, account_id: str, *states: CallState) -> int:
        """Calls on their way in any of these states, counted up to COUNT_AT_MOST."""
        return self._counted(QueuedCall.account_id == account_id, QueuedCall.state.in_(states))

    def worth_trying(self, account_id: str) -> int:
        """Calls that need attention, counted up to COUNT_AT_MOST; none when trying them again would
        write nothing: switched off, or without a connection that works."""
        chosen = PolicyRow.__table__.c
        return self._counted(
            *_needs_attention(account_id),
            exists().where(
                ConnectionRow.account_id == account_id, ConnectionRow.state.in_(WORKING)
            ),
            exists().where(chosen.account_id == account_id, chosen.enabled),
        )

    def _counted(self, *conditions: ColumnElement[bool]) -> int:
        some = select(QueuedCall.call_id).where(*conditions).limit(COUNT_AT_MOST).subquery()
        with self._db.read() as session:
            return session.scalar(select(func.count()).select_from(some)) or 0

    def reasons(self, account_id: str) -> list[Why]:
        """Why calls wait, for a person or for something else; those for a person first, then most
        first. What is due on a paused account waits for what that waits for. Of each kind the
        oldest COUNT_AT_MOST are looked at."""
        person = _oldest(account_id, CallState.ATTENTION)
        others = _oldest(account_id, CallState.WAITING, CallState.RETRY, CallState.HELD)
        some = union_all(select(person), select(others)).subquery()
        paused = aliased(ConnectionRow)
        pause = and_(
            paused.account_id == QueuedCall.account_id,
            QueuedCall.state == CallState.WAITING,
            QueuedCall.due_at <= now(),
        )
        code = func.coalesce(paused.reason_code, QueuedCall.reason_code)
        params = func.coalesce(paused.reason_params, QueuedCall.reason_params)
        groups = (
            select(
                func.max(some.c.call_id).label("newest"),
                func.count().label("number"),
                func.count(case((QueuedCall.state == CallState.ATTENTION, 1))).label("needed"),
            )
            .select_from(some)
            .join(QueuedCall, QueuedCall.call_id == some.c.call_id)
            .outerjoin(paused, pause)
            .where(waits())
            .group_by(code)
            .subquery()
        )
        query = (
            select(code.label("code"), params.label("params"), groups.c.number, groups.c.needed)
            .join(QueuedCall, QueuedCall.call_id == groups.c.newest)
            .outerjoin(paused, pause)
            .order_by(groups.c.needed == 0, groups.c.number.desc(), code)
        )
        with self._db.read() as session:
            return [
                Why(stored(row.code, row.params), row.number, row.needed)
                for row in session.execute(query)
            ]


def page_queries(
    account_id: str, wanted: Wanted, after: Place | None, at_most: int
) -> list[Select[CallRow]]:
    """One query per state and number: several values in one would have all their calls sorted."""
    queries = [_of_state(account_id, one) for one in wanted.states] or [_of_any(account_id)]
    numbers: list[list[ColumnElement[bool]]] = [[CallRow.number == one] for one in wanted.numbers]
    return [
        query.where(*_conditions(wanted, after, *place), *number)
        .order_by(*(column.desc() for column in place))
        .limit(at_most)
        for query, place in queries
        for number in numbers or [[]]
    ]


def _of_any(account_id: str) -> Walk:
    query = with_queue().where(CallRow.account_id == account_id)
    return query, (CallRow.started_at, CallRow.id)


def _of_state(account_id: str, state: CallState) -> Walk:
    """Settled calls say their state themselves, the queue that of the others."""
    if state in SETTLED:
        query, place = _of_any(account_id)
        return query.where(CallRow.state == state), place
    query = queued_only().where(QueuedCall.account_id == account_id, QueuedCall.state == state)
    return query, (QueuedCall.started_at, QueuedCall.call_id)


def _conditions(
    wanted: Wanted, after: Place | None, started_at: Column[datetime], call_id: Column[int]
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.direction:
        conditions.append(CallRow.direction == wanted.direction)
    if wanted.answered is not None:
        conditions.append(CallRow.answered.is_(wanted.answered))
    if wanted.since:
        conditions.append(started_at >= wanted.since)
    if wanted.until:
        conditions.append(started_at < wanted.until)
    if after:
        conditions.append(tuple_(started_at, call_id) < tuple_(after.started_at, after.id))
    return conditions


def _oldest(account_id: str, *states: CallState) -> Subquery:
    return (
        select(QueuedCall.call_id)
        .where(QueuedCall.account_id == account_id, QueuedCall.state.in_(states))
        .order_by(QueuedCall.call_id)
        .limit(COUNT_AT_MOST)
        .subquery()
    )


def _needs_attention(account_id: str) -> tuple[ColumnElement[bool], ...]:
    return QueuedCall.account_id == account_id, QueuedCall.state == CallState.ATTENTION
