"""Freeing calls that wait: somebody asked, or what kept them back is gone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, case, exists, func, or_, select, true, update
from sqlalchemy.orm import Session, aliased

from core import reasons
from core.connection import ConnectionState
from core.models import CallRow, CallState, ConnectionRow, DeliveryLease, PolicyRow, QueuedCall
from core.reasons import Reason, as_columns
from core.store.database import Database, rows_changed
from core.store.due import connected, paused
from core.store.events import add_events
from core.store.now import later, now

LATE_COMMIT = timedelta(minutes=3)
"""How long Salesforce may still carry out a write that we gave up waiting for. Only a unique
field would make it refuse ours then."""

AWAY = (
    reasons.salesforce.transient.code,
    reasons.salesforce.session_expired.code,
    reasons.connection.away.code,
    reasons.connection.refused_for_now.code,
    reasons.connection.limit.code,
    reasons.connection.concurrent.code,
    reasons.connection.login_rate.code,
)
"""What an answer of the org shows to be over."""

SEEN_AGAIN = (
    reasons.connection.ceiling.code,
    reasons.connection.query_refused.code,
    reasons.hold.blind.code,
    reasons.hold.encrypted.code,
    reasons.hold.no_number.code,
    reasons.hold.no_who.code,
)
"""What may be over once the org was looked at again. If it is not, the next call says so again."""


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

        Some by their public ids, or all that wait for one reason, or all. Earlier calls of their
        numbers that wait go with them, as they would be waited for; and with the account's pause,
        which ends, whatever is due.
        """
        asked = reasons.delivery.asked_again()
        with self._db.write() as session:
            chosen = true() if reason_code is None else _of_reason(reason_code)
            if public_ids is not None:
                chosen = _of_name(session, account_id, public_ids)
            due = _end_pause(session, account_id)
            # What refused attempts taught may be mended by now; else it is learnt anew.
            return due + _free(session, account_id, asked, waits(), chosen, attempts=0, lessons={})

    def answered(self, account_id: str, *codes: str) -> int:
        """The org gave an answer: calls that wait for one go now, and those that wait for one of
        these reasons; returns how many. Their attempts still count: it may be a call of theirs
        that the org chokes on."""
        gone = (*AWAY, *codes)
        on_its_way = QueuedCall.state.in_([CallState.RETRY, CallState.WAITING])
        with self._db.write() as session:
            due = _end_pause(session, account_id, ConnectionRow.reason_code.in_(gone))
            waiting = waits(), on_its_way, QueuedCall.reason_code.in_(gone)
            return due + _free(session, account_id, reasons.delivery.freed(), *waiting)

    def unhold(self, account_id: str) -> int:
        """The connection works: calls that wait for it go, in their old order."""
        held = QueuedCall.state == CallState.HELD
        with self._db.write() as session:
            return _free(session, account_id, reasons.delivery.reconnected(), held, attempts=0)

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


def release(session: Session, account_id: str, reason: Reason, **more: Any) -> None:
    """What kept the account back has changed: everything that waits goes now, and its pause ends,
    part of the caller's transaction.

    A call that needs a person goes where it would be written: switched off, it would be skipped
    for good.
    """
    on = PolicyRow.__table__.c
    written = and_(
        connected(QueuedCall.account_id),
        exists().where(on.account_id == QueuedCall.account_id, on.enabled),
    )
    resumed(session, account_id)
    which = or_(QueuedCall.state != CallState.ATTENTION, written)
    _free(session, account_id, reason, waits(), which, attempts=0, **more)


def waits() -> ColumnElement[bool]:
    """For more than its turn. Without a connection, held calls would only be held again."""
    return or_(
        QueuedCall.state.in_([CallState.ATTENTION, CallState.RETRY]),
        and_(
            QueuedCall.state == CallState.WAITING,
            or_(QueuedCall.due_at > now(), paused(QueuedCall.account_id)),
        ),
        and_(QueuedCall.state == CallState.HELD, connected(QueuedCall.account_id)),
    )


def _free(
    session: Session, account_id: str, reason: Reason, *which: ColumnElement[bool], **more: Any
) -> int:
    """None of `which` may be in a deliverer's hands: those are left to it. Returns how many."""
    # No claim meanwhile: it takes calls in another order, and each would wait for the other.
    lease = select(DeliveryLease.account_id).where(DeliveryLease.account_id == account_id)
    session.execute(lease.with_for_update())
    waiting = and_(QueuedCall.account_id == account_id, *which)
    add_events(session, waiting, CallState.WAITING, reason)
    values = {"state": CallState.WAITING, "due_at": _as_soon_as_may_be(), "finished_at": None}
    freed = update(QueuedCall).where(waiting).values(**values, **as_columns(reason), **more)
    return rows_changed(session.execute(freed))


def resumed(session: Session, account_id: str) -> None:
    """The account's pause is over, part of the caller's transaction."""
    over = {"state": ConnectionState.ACTIVE, "reason_code": "", "reason_params": {}}
    session.execute(_paused(account_id).values(paused_until=None, **over))


def _end_pause(session: Session, account_id: str, *only: ColumnElement[bool]) -> int:
    """As if its time were over: one batch goes through and brings fresh figures, also at the
    ceiling. Returns how many calls are due by that alone."""
    running = _paused(account_id).where(ConnectionRow.paused_until > now(), *only)
    if not rows_changed(session.execute(running.values(paused_until=now()))):
        return 0
    due = select(func.count()).where(
        QueuedCall.account_id == account_id,
        QueuedCall.state == CallState.WAITING,
        QueuedCall.due_at <= now(),
    )
    return session.scalar(due) or 0


def _paused(account_id: str) -> Update:
    return update(ConnectionRow).where(
        ConnectionRow.account_id == account_id, ConnectionRow.state == ConnectionState.PAUSED
    )


def _of_name(session: Session, account_id: str, public_ids: Collection[str]) -> ColumnElement[bool]:
    """These calls, and those that they wait for. Few: each is looked up by its number."""
    named = select(CallRow.id).where(
        CallRow.account_id == account_id, CallRow.public_id.in_(public_ids)
    )
    query = select(QueuedCall.call_id, QueuedCall.number).where(QueuedCall.call_id.in_(named))
    found = session.execute(query).all()
    before = [
        and_(_is_waited_for(), QueuedCall.number == number, QueuedCall.call_id < call_id)
        for call_id, number in found
    ]
    return or_(QueuedCall.call_id.in_([call_id for call_id, _ in found]), *before)


def _of_reason(code: str) -> ColumnElement[bool]:
    """Calls that wait for it, and those that they wait for."""
    after = aliased(QueuedCall)
    they_wait = exists().where(
        after.account_id == QueuedCall.account_id,
        after.number == QueuedCall.number,
        after.call_id > QueuedCall.call_id,
        after.reason_code == code,
    )
    return or_(QueuedCall.reason_code == code, and_(_is_waited_for(), they_wait))


def _is_waited_for() -> ColumnElement[bool]:
    """By later calls of its number; not so one that needs a person."""
    return and_(QueuedCall.state != CallState.ATTENTION, QueuedCall.number != "")


def _as_soon_as_may_be() -> ColumnElement[object]:
    """Now; but a write that may still be carried out is looked for when it can be seen."""
    late = later(LATE_COMMIT.total_seconds())
    return case(
        (QueuedCall.unsure.is_(False), now()),
        (QueuedCall.due_at < late, QueuedCall.due_at),
        else_=late,
    )
