"""The ledger's way out: one deliverer per account, claims that expire, results that are fenced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.models import (
    UNFINISHED,
    UNWRITTEN,
    CallEvent,
    CallRow,
    CallState,
    ClientRecord,
    Connection,
    DeliveryLease,
)
from core.secrets import new_name
from core.store.counters import API_CALLS, CALLS, count, latencies
from core.store.database import Database, rows_changed, utc_now
from core.store.due import due, overtakes, suspect

OPEN = (*UNWRITTEN, CallState.ATTENTION)


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
        """Take calls that are due, oldest first, and prolong the lease; none once it was lost.

        A call never overtakes an earlier one of the same client number. Calls that may have
        broken an earlier delivery come when no other is due, one at a time.
        """
        now = utc_now()
        until = now + timedelta(seconds=seconds)
        with self._db.write() as session:
            held = session.get(DeliveryLease, account_id, with_for_update=True)
            if held is None or held.token != lease or held.expires_at <= now:
                return []
            held.expires_at = until
            rows = _next(session, account_id, now, at_most)
            for row in rows:
                row.state = CallState.DELIVERING
                row.lease = lease
                row.due_at = until
                row.attempts += 1
            return rows

    def record(
        self,
        account_id: str,
        lease: str,
        results: Sequence[Result],
        api_calls: int,
        counted: int | None = None,
    ) -> int:
        """Write the results down, where the claim is still ours; returns how many were.

        `counted` of the batch's API calls are new to the metrics (None = all of them).
        """
        now, written = utc_now(), []
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
                _remember(session, account_id, one, now)
                written.append((row, one))
            if written:
                _count(session, written, api_calls if counted is None else counted, now)
            return len(written)

    def due_accounts(self) -> list[str]:
        """Accounts with calls that are due, not paused, and with no deliverer at work."""
        now = utc_now()
        with self._db.read() as session:
            return list(
                session.scalars(
                    select(CallRow.account_id)
                    .where(due(now))
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
        """Unsettled calls by state, over all accounts: for the metrics. (Settled ones are too many
        to be counted again and again.)"""
        query = (
            select(CallRow.state, func.count())
            .where(CallRow.state.in_(OPEN))
            .group_by(CallRow.state)
        )
        with self._db.read() as session:
            return dict.fromkeys(OPEN, 0) | {row[0]: row[1] for row in session.execute(query)}

    def oldest_waiting(self) -> datetime | None:
        with self._db.read() as session:
            return session.scalar(
                select(func.min(CallRow.received_at)).where(CallRow.state.in_(UNFINISHED))
            )


def _next(session: Session, account_id: str, now: datetime, at_most: int) -> list[CallRow]:
    ready = (
        select(CallRow)
        .where(CallRow.account_id == account_id, due(now), ~overtakes(now))
        .order_by(CallRow.id)
    )
    rows = list(session.scalars(ready.where(~suspect()).limit(at_most)))
    rows = rows or list(session.scalars(ready.where(suspect()).limit(1)))
    return rows[: _bearable(rows, at_most)]


def _bearable(rows: list[CallRow], at_most: int) -> int:
    """How many calls to look up at once: half as many each time the look-up took too long."""
    if rows and rows[0].reason_params.get("code") == "QUERY_TIMEOUT":
        return max(1, at_most >> min(rows[0].attempts, 8))
    return at_most


def _count(
    session: Session, written: list[tuple[CallRow, Result]], api_calls: int, now: datetime
) -> None:
    counts: dict[tuple[str, str], float] = latencies(
        (now - row.received_at).total_seconds()
        for row, one in written
        if one.state == CallState.DONE
    )
    for _, one in written:
        name = (CALLS, f"{one.state} {one.reason_code}".strip())
        counts[name] = counts.get(name, 0) + 1
    if api_calls:
        counts[API_CALLS, ""] = api_calls
    count(session, counts)


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
