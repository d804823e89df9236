"""The ledger's way out: one deliverer per account, claims that expire, results that are fenced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from core.models import (
    CallEvent,
    CallRow,
    CallState,
    ClientRecord,
    Connection,
    DeliveryLease,
)
from core.secrets import new_name
from core.store.database import Database, rows_changed, utc_now

UNFINISHED = (CallState.WAITING, CallState.RETRY, CallState.DELIVERING)


@dataclass(frozen=True)
class Result:
    """What became of one claimed call, to be written into the ledger."""

    call_id: int
    state: CallState
    reason_code: str = ""
    reason_params: dict[str, Any] = field(default_factory=dict)
    trace: dict[str, Any] | None = None
    written: dict[str, Any] | None = None
    lessons: dict[str, Any] | None = None
    due_at: datetime | None = None
    """When to try again; None = at once (only read with RETRY and WAITING)."""
    created: tuple[tuple[str, str], ...] = ()
    """Leads and contacts created for the number: (object, id)."""
    number: str = ""
    unmapped_line: str = ""
    turn_of: int = 0
    """The missed-call row whose turn was taken; 0 = none."""


class Deliveries:
    def __init__(self, database: Database) -> None:
        self._db = database

    def take_lease(self, account_id: str, seconds: int) -> str | None:
        """Become the account's deliverer; None while another is."""
        token, now = new_name(), utc_now()
        with self._db.write() as session:
            changed = session.execute(
                update(DeliveryLease)
                .where(DeliveryLease.account_id == account_id, DeliveryLease.expires_at <= now)
                .values(token=token, expires_at=now + timedelta(seconds=seconds))
            )
            if rows_changed(changed):
                return token
            if session.get(DeliveryLease, account_id):
                return None
        try:
            with self._db.write() as session:
                session.add(
                    DeliveryLease(
                        account_id=account_id,
                        token=token,
                        expires_at=now + timedelta(seconds=seconds),
                    )
                )
        except IntegrityError:  # another was quicker
            return None
        return token

    def keep_lease(self, account_id: str, token: str, seconds: int) -> bool:
        """Prolong it, and the claims made under it; False when it was lost meanwhile."""
        until = utc_now() + timedelta(seconds=seconds)
        with self._db.write() as session:
            changed = session.execute(
                update(DeliveryLease)
                .where(DeliveryLease.account_id == account_id, DeliveryLease.token == token)
                .values(expires_at=until)
            )
            session.execute(
                update(CallRow)
                .where(
                    CallRow.account_id == account_id,
                    CallRow.state == CallState.DELIVERING,
                    CallRow.lease == token,
                )
                .values(due_at=until)
            )
            return bool(rows_changed(changed))

    def drop_lease(self, account_id: str, token: str) -> None:
        with self._db.write() as session:
            session.execute(
                update(DeliveryLease)
                .where(DeliveryLease.account_id == account_id, DeliveryLease.token == token)
                .values(expires_at=utc_now())
            )

    def claim(self, account_id: str, lease: str, at_most: int, seconds: int) -> list[CallRow]:
        """Take calls that are due, oldest first; none under a lease that was lost.

        A call never overtakes an earlier one of the same client number.
        """
        now = utc_now()
        with self._db.write() as session:
            held = session.get(DeliveryLease, account_id)
            if held is None or held.token != lease or held.expires_at <= now:
                return []
            rows = list(
                session.scalars(
                    select(CallRow)
                    .where(CallRow.account_id == account_id, _due(now), ~_overtakes(now))
                    .order_by(CallRow.id)
                    .limit(at_most)
                )
            )
            for row in rows:
                row.state = CallState.DELIVERING
                row.lease = lease
                row.due_at = now + timedelta(seconds=seconds)
                row.attempts += 1
            return rows

    def record(self, account_id: str, lease: str, results: Sequence[Result], api_calls: int) -> int:
        """Write the results down, where the claim is still ours; returns how many were."""
        now, written = utc_now(), 0
        with self._db.write() as session:
            rows = {
                row.id: row
                for row in session.scalars(
                    select(CallRow)
                    .where(
                        CallRow.id.in_([one.call_id for one in results]),
                        CallRow.account_id == account_id,
                        CallRow.lease == lease,
                        CallRow.state == CallState.DELIVERING,
                    )
                    .with_for_update()
                )
            }
            for one in results:
                row = rows.get(one.call_id)
                if row is None:
                    continue
                _settle(row, one, now)
                row.api_calls, row.batch = row.api_calls + api_calls, len(results)
                session.add(_event(one, now))
                written += 1
                _remember(session, account_id, one, now)
            return written

    def due_accounts(self) -> list[str]:
        """Accounts with calls that are due, not paused, and with no deliverer at work."""
        now = utc_now()
        with self._db.read() as session:
            return list(
                session.scalars(
                    select(CallRow.account_id)
                    .where(_due(now))
                    .outerjoin(Connection, Connection.account_id == CallRow.account_id)
                    .where(or_(Connection.paused_until.is_(None), Connection.paused_until <= now))
                    .where(
                        ~exists().where(
                            DeliveryLease.account_id == CallRow.account_id,
                            DeliveryLease.expires_at > now,
                        )
                    )
                    .distinct()
                )
            )

    def counts(self) -> dict[str, int]:
        """Calls by state, over all accounts: for the metrics."""
        with self._db.read() as session:
            rows = session.execute(select(CallRow.state, func.count()).group_by(CallRow.state))
            return {row[0]: row[1] for row in rows}

    def oldest_waiting(self) -> datetime | None:
        with self._db.read() as session:
            return session.scalar(
                select(func.min(CallRow.received_at)).where(CallRow.state.in_(UNFINISHED))
            )


def _due(now: datetime) -> ColumnElement[bool]:
    # DELIVERING and due: its deliverer died, for a living one moves `due_at` ahead.
    return and_(CallRow.state.in_(UNFINISHED), CallRow.due_at <= now)


def _overtakes(now: datetime) -> ColumnElement[bool]:
    earlier = aliased(CallRow)
    return and_(
        CallRow.number != "",
        exists().where(
            earlier.account_id == CallRow.account_id,
            earlier.number == CallRow.number,
            earlier.id < CallRow.id,
            or_(
                and_(earlier.state.in_(UNFINISHED), earlier.due_at > now),
                earlier.state == CallState.HELD,
            ),
        ),
    )


def _settle(row: CallRow, result: Result, now: datetime) -> None:
    row.state = result.state
    row.lease = ""
    if result.state in (CallState.WAITING, CallState.HELD):
        row.attempts = 0  # not the call's fault: it starts afresh when its turn comes
    row.reason_code, row.reason_params = result.reason_code, result.reason_params
    row.unmapped_line = result.unmapped_line
    if result.trace is not None:
        row.trace = result.trace
    if result.written is not None:
        row.written = result.written
    if result.lessons is not None:
        row.lessons = result.lessons
    if result.state in UNFINISHED:
        row.due_at = result.due_at or now
    else:
        row.finished_at = now


def _event(result: Result, now: datetime) -> CallEvent:
    return CallEvent(
        call_id=result.call_id,
        at=now,
        state=result.state,
        reason_code=result.reason_code,
        reason_params=result.reason_params,
    )


def _remember(session: Session, account_id: str, result: Result, now: datetime) -> None:
    for object_name, record_id in result.created:
        known = session.scalar(
            select(ClientRecord.id).where(
                ClientRecord.account_id == account_id,
                ClientRecord.number == result.number,
                ClientRecord.record_id == record_id,
            )
        )
        if known is None:
            session.add(
                ClientRecord(
                    account_id=account_id,
                    number=result.number,
                    object=object_name,
                    record_id=record_id,
                    created_at=now,
                )
            )
