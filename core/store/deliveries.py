"""The ledger's way out: one deliverer per account, claims that expire, results that are fenced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.models import (
    UNFINISHED,
    UNWRITTEN,
    CallRow,
    CallState,
    ConnectionRow,
    DeliveryLease,
)
from core.secrets import new_name
from core.store.database import Database, rows_changed, utc_now
from core.store.due import due, overtakes, suspect
from core.store.results import Result, count_settled, event_of, remember, settle, turns_of
from core.store.turns import take_turns

OPEN = (*UNWRITTEN, CallState.ATTENTION)
TOO_MUCH_AT_ONCE = ("QUERY_TIMEOUT", "QUERY_TOO_COMPLICATED")
"""Codes of look-ups that Salesforce would carry out for fewer calls."""


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
            if not rows_changed(changed):
                return False  # whoever has it now takes these claims over when they run out
            session.execute(
                update(CallRow)
                .where(
                    CallRow.account_id == account_id,
                    CallRow.state == CallState.DELIVERING,
                    CallRow.lease == token,
                )
                .values(due_at=until)
            )
            return True

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
                if row.state == CallState.DELIVERING:
                    row.unsure = True  # its deliverer died, perhaps after it had written
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
    ) -> int:
        """Write the results down, where the claim is still ours; returns how many were.

        `api_calls` are those of the batch, shown with each of its calls.
        """
        now = utc_now()
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
            written = [(rows[one.call_id], one) for one in results if one.call_id in rows]
            take_turns(session, account_id, turns_of(written))
            for row, one in written:
                settle(row, one, now)
                row.api_calls, row.batch = row.api_calls + api_calls, len(results)
                session.add(event_of(one, now))
                remember(session, account_id, one, now)
            if written:
                count_settled(session, written, now)
            return len(written)

    def due_accounts(self) -> list[str]:
        """Accounts with calls that are due, not paused, and with no deliverer at work."""
        now = utc_now()
        with self._db.read() as session:
            return list(
                session.scalars(
                    select(CallRow.account_id)
                    .where(due(now))
                    .outerjoin(ConnectionRow, ConnectionRow.account_id == CallRow.account_id)
                    .where(
                        or_(ConnectionRow.paused_until.is_(None), ConnectionRow.paused_until <= now)
                    )
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
    """How many calls to look up at once: half as many each time it was too much."""
    if rows and rows[0].reason_params.get("code") in TOO_MUCH_AT_ONCE:
        return max(1, at_most >> min(rows[0].attempts, 8))
    return at_most
