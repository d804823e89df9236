"""Freeing calls that wait: somebody asked, or what kept them back is gone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, or_, select, update
from sqlalchemy.orm import Session

from core import reasons
from core.connection import ConnectionState
from core.models import CallRow, CallState, ConnectionRow, QueuedCall
from core.reasons import Reason, as_columns
from core.store.database import Database, rows_changed
from core.store.due import connected
from core.store.events import add_events
from core.store.now import later, now

LATE_COMMIT = timedelta(minutes=3)
"""How long Salesforce may still carry out a write that we gave up waiting for. Only a unique
field would make it refuse ours then."""


class Releases:
    def __init__(self, database: Database) -> None:
        self._db = database

    def try_again(
        self,
        account_id: str,
        public_ids: Collection[str] | None = None,
        reason_code: str | None = None,
    ) -> int:
        """Have calls go now, whatever they wait for; returns how many.

        Some by their public ids, or all that wait for one reason, or all.
        """
        which: list[ColumnElement[bool]] = []
        if public_ids is not None:
            named = select(CallRow.id).where(
                CallRow.account_id == account_id, CallRow.public_id.in_(public_ids)
            )
            which.append(QueuedCall.call_id.in_(named))
        if reason_code is not None:
            which.append(QueuedCall.reason_code == reason_code)
        with self._db.write() as session:
            # What refused attempts taught may be mended by now; else it is learnt anew.
            return release(session, account_id, reasons.delivery.asked_again(), *which, lessons={})

    def unhold(self, account_id: str) -> int:
        """The connection works: calls that wait for it go, in their old order."""
        held = QueuedCall.state == CallState.HELD
        with self._db.write() as session:
            return release(session, account_id, reasons.delivery.reconnected(), held)

    def held_though_connected(self) -> list[str]:
        """Accounts whose connection works while calls are held: by a delivery that began before
        somebody reconnected."""
        with self._db.read() as session:
            return list(
                session.scalars(
                    select(ConnectionRow.account_id).where(
                        ConnectionRow.state.in_([ConnectionState.ACTIVE, ConnectionState.PAUSED]),
                        exists().where(
                            QueuedCall.account_id == ConnectionRow.account_id,
                            QueuedCall.state == CallState.HELD,
                        ),
                    )
                )
            )


def release(
    session: Session, account_id: str, reason: Reason, *which: ColumnElement[bool], **more: Any
) -> int:
    """Part of the caller's transaction. The account's pause ends with it: the next batch finds
    out whether there is still a cause for it. Returns how many calls waited."""
    session.execute(
        update(ConnectionRow)
        .where(
            ConnectionRow.account_id == account_id, ConnectionRow.state == ConnectionState.PAUSED
        )
        .values(state=ConnectionState.ACTIVE, reason_code="", reason_params={}, paused_until=None)
    )
    waiting = and_(QueuedCall.account_id == account_id, _waits(), *which)
    add_events(session, waiting, CallState.WAITING, reason)
    return rows_changed(
        session.execute(
            update(QueuedCall)
            .where(waiting)
            .values(
                state=CallState.WAITING,
                due_at=_as_soon_as_may_be(),
                attempts=0,
                finished_at=None,
                **as_columns(reason),
                **more,
            )
        )
    )


def _waits() -> ColumnElement[bool]:
    """For more than its turn. Without a connection, held calls would only be held again."""
    return or_(
        QueuedCall.state.in_([CallState.ATTENTION, CallState.RETRY]),
        and_(QueuedCall.state == CallState.WAITING, QueuedCall.due_at > now()),
        and_(QueuedCall.state == CallState.HELD, connected(QueuedCall.account_id)),
    )


def _as_soon_as_may_be() -> ColumnElement[object]:
    """Now; but a write that may still be carried out is looked for when it can be seen."""
    late = later(LATE_COMMIT.total_seconds())
    return case(
        (QueuedCall.unsure.is_(False), now()),
        (QueuedCall.due_at < late, QueuedCall.due_at),
        else_=late,
    )
