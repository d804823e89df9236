"""The ledger's way in and its questions: what came, what is remembered, what to try again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, exists, select, update

from core import reasons
from core.connection import ConnectionState
from core.models import CallEvent, CallRow, CallState, ClientRecord, ConnectionRow
from core.reasons import Reason, as_columns
from core.store.database import Database, utc_now
from core.store.new_calls import NewCall, write_down

MEMORY = timedelta(days=7)
"""How long we remember which records we created for a number. A search finds a new record within
seconds; after a week a record that none finds is the customer's to have changed."""


class Ledger:
    def __init__(self, database: Database) -> None:
        self._db = database

    def add_all(self, account_id: str, calls: Sequence[NewCall]) -> set[str]:
        """Write calls down, all in one transaction: they are safe once this returns.

        Returns the keys that are new; of several calls with one key the first is kept (T2). Calls
        of one number are numbered in the order given.
        """
        return write_down(self._db, account_id, calls) if calls else set()

    def account_of(self, account_ids: Collection[str], public_id: str) -> str | None:
        """Which of these accounts has the call."""
        with self._db.read() as session:
            return session.scalar(
                select(CallRow.account_id).where(
                    CallRow.account_id.in_(account_ids), CallRow.public_id == public_id
                )
            )

    def get(self, account_id: str, public_id: str) -> CallRow | None:
        with self._db.read() as session:
            return session.scalar(
                select(CallRow).where(
                    CallRow.account_id == account_id, CallRow.public_id == public_id
                )
            )

    def several(self, account_id: str, public_ids: Collection[str]) -> dict[str, CallRow]:
        """By public id, those of the calls that the account has."""
        query = select(CallRow).where(
            CallRow.account_id == account_id, CallRow.public_id.in_(public_ids)
        )
        with self._db.read() as session:
            return {row.public_id: row for row in session.scalars(query)}

    def history(self, call_id: int) -> list[CallEvent]:
        """Oldest first."""
        with self._db.read() as session:
            return list(
                session.scalars(
                    select(CallEvent).where(CallEvent.call_id == call_id).order_by(CallEvent.id)
                )
            )

    def remembered(self, account_id: str, numbers: Collection[str]) -> dict[str, frozenset[str]]:
        """Ids of the leads and contacts that we created within MEMORY, by client number."""
        found: dict[str, set[str]] = {}
        with self._db.read() as session:
            for number, record_id in session.execute(
                select(ClientRecord.number, ClientRecord.record_id).where(
                    ClientRecord.account_id == account_id,
                    ClientRecord.number.in_(numbers),
                    ClientRecord.created_at > utc_now() - MEMORY,
                )
            ):
                found.setdefault(number, set()).add(record_id)
        return {number: frozenset(ids) for number, ids in found.items()}

    def forget_records(self) -> None:
        """Forget created records that are older than MEMORY."""
        with self._db.write() as session:
            session.execute(
                delete(ClientRecord).where(ClientRecord.created_at <= utc_now() - MEMORY)
            )

    def try_again(
        self,
        account_id: str,
        public_ids: Collection[str] | None = None,
        reason_code: str | None = None,
    ) -> int:
        """Put calls that need attention back to waiting; returns how many.

        Some by their public ids, or all that failed for one reason, or all. Those that are named
        go at once even while they pause after a transient failure.
        """
        states = [CallState.ATTENTION]
        if public_ids is not None:
            states.append(CallState.RETRY)
        query = select(CallRow.id).where(
            CallRow.account_id == account_id, CallRow.state.in_(states)
        )
        if public_ids is not None:
            query = query.where(CallRow.public_id.in_(public_ids))
        if reason_code is not None:
            query = query.where(CallRow.reason_code == reason_code)
        # What refused attempts taught may be mended by now; else it is learnt anew.
        return self._requeue(query, reasons.delivery.asked_again(), lessons={})

    def unhold(self, account_id: str) -> int:
        """The connection works again: held calls wait for their turn, in their old order."""
        return self._requeue(
            select(CallRow.id).where(
                CallRow.account_id == account_id, CallRow.state == CallState.HELD
            ),
            reasons.delivery.reconnected(),
        )

    def held_though_connected(self) -> list[str]:
        """Accounts whose connection works while calls are held: whoever reconnected it died
        before `unhold`, or a delivery that began before held them afterwards."""
        with self._db.read() as session:
            return list(
                session.scalars(
                    select(ConnectionRow.account_id).where(
                        ConnectionRow.state.in_([ConnectionState.ACTIVE, ConnectionState.PAUSED]),
                        exists().where(
                            CallRow.account_id == ConnectionRow.account_id,
                            CallRow.state == CallState.HELD,
                        ),
                    )
                )
            )

    def _requeue(self, query: Select[Any], reason: Reason, **more: Any) -> int:
        now = utc_now()
        with self._db.write() as session:
            ids = list(session.scalars(query.with_for_update()))
            for start in range(0, len(ids), 500):
                some = ids[start : start + 500]
                session.execute(
                    update(CallRow)
                    .where(CallRow.id.in_(some))
                    .values(
                        state=CallState.WAITING,
                        due_at=now,
                        attempts=0,
                        finished_at=None,
                        # What kept it back does so no more.
                        **as_columns(reason),
                        **more,
                    )
                )
                session.add_all(
                    CallEvent(call_id=one, at=now, state=CallState.WAITING, **as_columns(reason))
                    for one in some
                )
            return len(ids)
