"""The ledger's way out: claims that expire, results that are fenced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from core.models import (
    UNFINISHED,
    CallRow,
    CallState,
    ConnectionRow,
    DeliveryLease,
    QueuedCall,
)
from core.store.counters import api_requests, count
from core.store.database import AS_SAID, Database
from core.store.due import due, overtakes, suspect
from core.store.journaling import write_journal
from core.store.leases import Lease, learn_size, prolonged
from core.store.loop_changes import change_loops
from core.store.now import later, now
from core.store.results import (
    NOTHING_SPENT,
    Result,
    Spent,
    Written,
    add_history,
    count_settled,
    note_spent,
    remember,
    settle,
    turns_of,
)
from core.store.standing import of_part
from core.store.turns import take_turns

OPEN = (*UNFINISHED, CallState.HELD, CallState.ATTENTION)
"""All states of the queue."""


class Deliveries:
    def __init__(self, database: Database) -> None:
        self._db = database

    def claim(self, account_id: str, lease: Lease, at_most: int, seconds: float) -> list[CallRow]:
        """Take calls that are due, oldest first, and prolong the lease; none once it was lost.
        Each comes with its `queued` row.

        A call never overtakes an earlier one of the same client number. Calls that may have
        broken an earlier delivery come when no other is due, one at a time.
        """
        with self._db.write() as session:
            bears = prolonged(session, account_id, lease, seconds)
            if bears is None:
                return []
            rows = _next(session, account_id, min(at_most, bears or at_most))
            _take(session, [row.queued for row in rows if row.queued], lease, seconds)
            return rows

    def record(
        self,
        account_id: str,
        lease: Lease,
        results: Sequence[Result],
        api_calls: int,
        spent: Spent = NOTHING_SPENT,
    ) -> int:
        """Write the results down, where the claim is still ours; returns how many were.

        `api_calls` are those of the batch, shown with each of its calls.
        """
        with self._db.write() as session:
            moment, rows = _in_hand(session, account_id, lease, [one.call_id for one in results])
            written = [(rows[one.call_id], one) for one in results if one.call_id in rows]
            if moment is None or not written:
                return 0
            take_turns(session, account_id, turns_of(written))
            _settle_all(session, written, moment, api_calls, len(results))
            add_history(session, written, moment)
            remember(session, account_id, written, moment)
            change_loops(session, account_id, [one for _, one in written], moment)
            note_spent(session, account_id, [one for _, one in written], spent)
            learn_size(session, account_id, lease, [one for _, one in written])
            count_settled(session, written, spent, moment)
            return len(written)

    def note_spent(self, account_id: str, spent: Spent) -> None:
        """What requests cost that no call of the ledger asked for."""
        with self._db.write() as session:
            note_spent(session, account_id, [], spent)
            count(session, api_requests(spent.seconds))

    def due_accounts(self) -> list[str]:
        """Accounts with calls that are due, not paused, and with no deliverer at work."""
        paused = exists().where(
            ConnectionRow.account_id == QueuedCall.account_id, ConnectionRow.paused_until > now()
        )
        in_hand = exists().where(
            DeliveryLease.account_id == QueuedCall.account_id, DeliveryLease.expires_at > now()
        )
        query = select(QueuedCall.account_id).where(due(), ~paused, ~in_hand).distinct()
        with self._db.read() as session:
            return list(session.scalars(query))

    def counts(self) -> dict[str, int]:
        """Unsettled calls by state, over all accounts: for the metrics. (Settled ones are too many
        to be counted again and again.)"""
        query = select(QueuedCall.state, func.count()).group_by(QueuedCall.state)
        with self._db.read() as session:
            return dict.fromkeys(OPEN, 0) | {row[0]: row[1] for row in session.execute(query)}

    def oldest_waiting(self) -> datetime | None:
        with self._db.read() as session:
            return session.scalar(
                select(func.min(QueuedCall.received_at)).where(QueuedCall.state.in_(UNFINISHED))
            )


def _ready(*which: ColumnElement[bool]) -> Select[CallRow]:
    """The queue alone says which; what they are is looked up for those few."""
    few = (
        select(QueuedCall)
        .where(QueuedCall.account_id == bindparam("account_id"), due(), ~overtakes(), *which)
        .order_by(QueuedCall.call_id)
        .limit(bindparam("at_most"))
    )
    return of_part(aliased(QueuedCall, few.subquery()))


# Made once: to put such a statement together takes longer than to run it.
_GOOD, _SUSPECT = _ready(~suspect()), _ready(suspect())


def _next(session: Session, account_id: str, at_most: int) -> list[CallRow]:
    rows = list(session.scalars(_GOOD, {"account_id": account_id, "at_most": at_most}))
    rows = rows or list(session.scalars(_SUSPECT, {"account_id": account_id, "at_most": 1}))
    return sorted(rows, key=lambda row: row.id)


def _take(session: Session, rows: Sequence[QueuedCall], lease: Lease, seconds: float) -> None:
    """All in one statement, so what was read is brought up to date here."""
    if not rows:
        return
    its_deliverer_died = QueuedCall.state == CallState.DELIVERING  # perhaps after it had written
    taken = update(QueuedCall).where(QueuedCall.call_id.in_([row.call_id for row in rows]))
    session.execute(
        taken.values(
            state=CallState.DELIVERING,
            lease=lease.token,
            due_at=later(seconds),
            attempts=QueuedCall.attempts + 1,
            unsure=or_(QueuedCall.unsure, its_deliverer_died),
        ),
        execution_options=AS_SAID,
    )
    for row in rows:
        set_committed_value(row, "unsure", row.unsure or row.state == CallState.DELIVERING)
        set_committed_value(row, "attempts", row.attempts + 1)


_IN_HAND = (
    select(now(), QueuedCall)
    .where(
        QueuedCall.call_id.in_(bindparam("call_ids", expanding=True)),
        QueuedCall.account_id == bindparam("account_id"),
        QueuedCall.lease == bindparam("lease"),
        QueuedCall.state == CallState.DELIVERING,
    )
    .with_for_update()
)


def _in_hand(
    session: Session, account_id: str, lease: Lease, call_ids: Sequence[int]
) -> tuple[datetime | None, dict[int, QueuedCall]]:
    """The moment by the database's clock, and those of the calls whose claim is still ours."""
    ours = {"call_ids": call_ids, "account_id": account_id, "lease": lease.token}
    found = session.execute(_IN_HAND, ours).all()
    return (found[0][0] if found else None), {row.call_id: row for _, row in found}


def _settle_all(
    session: Session, written: Written, moment: datetime, api_calls: int, batch: int
) -> None:
    """Those that are settled go into the journal for good, the others back into the queue."""
    settled, others = list[dict[str, Any]](), list[dict[str, Any]]()
    for row, one in written:
        values = settle(row, one, moment)
        values |= {"api_calls": row.api_calls + api_calls, "batch": batch}
        if one.is_settled:
            settled.append({"id": row.call_id, "received_at": row.received_at, **values})
        else:
            others.append({"call_id": row.call_id, **values})
    if settled:
        write_journal(session, settled)
        gone = [one["id"] for one in settled]
        queue = delete(QueuedCall).where(QueuedCall.call_id.in_(gone))
        session.execute(queue, execution_options=AS_SAID)
    if others:
        session.execute(update(QueuedCall), others)
