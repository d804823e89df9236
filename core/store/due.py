"""Which calls may be delivered now, and which orgs may be looked at: conditions of the ledger's way
out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_
from sqlalchemy.orm import aliased

from core import reasons
from core.connection import ConnectionState
from core.models import (
    UNFINISHED,
    CallState,
    ConnectionRow,
    DeliveryLease,
    PolicyRow,
    QueuedCall,
)
from core.store.now import now

UNEXPECTED = reasons.delivery.unexpected.code
"""Calls whose delivery met a mistake of ours."""
REFUSED = reasons.salesforce.refused.code
DEATHS_BEFORE_SUSPICION = 5
"""A deliverer may be killed with good calls in hand; one whose deliverer dies so often is odd."""


def due() -> ColumnElement[bool]:
    # DELIVERING and due: its deliverer died, for a living one moves `due_at` ahead.
    return and_(unfinished(), QueuedCall.due_at <= now())


def unfinished(row: Any = QueuedCall) -> ColumnElement[bool]:
    """The condition of the index `ix_queue_due`, in its very words: a database takes a partial
    index only for a condition that it can read, not for one whose values come later."""
    states: BindParameter[list[CallState]] = bindparam(
        "unfinished", UNFINISHED, expanding=True, literal_execute=True, unique=True
    )
    found: ColumnElement[bool] = row.state.in_(states)
    return found


def suspect(row: Any = QueuedCall) -> ColumnElement[bool]:
    """Calls that may have broken their delivery: they go last and alone, harming nobody."""
    return or_(
        and_(row.state == CallState.RETRY, row.reason_code == UNEXPECTED),
        and_(row.state == CallState.RETRY, row.reason_code == REFUSED, row.attempts > 1),
        and_(row.state == CallState.DELIVERING, row.attempts >= DEATHS_BEFORE_SUSPICION),
    )


def connected(account_id: Any) -> ColumnElement[bool]:
    """Whether the account's connection works, so that held calls are about to go on."""
    return exists().where(
        ConnectionRow.account_id == account_id,
        ConnectionRow.state.in_([ConnectionState.ACTIVE, ConnectionState.PAUSED]),
    )


def paused(account_id: Any) -> ColumnElement[bool]:
    """Whether the account waits as a whole, and with it what is due."""
    return exists().where(
        ConnectionRow.account_id == account_id,
        ConnectionRow.state == ConnectionState.PAUSED,
        ConnectionRow.paused_until > now(),
    )


def askable(account_id: Any) -> ColumnElement[bool]:
    """Whether the account's org may be looked at beside deliveries: connected, switched on, with no
    pause that runs, and nobody at work for it."""
    policy = PolicyRow.__table__.c
    switched_on = exists().where(policy.account_id == account_id, policy.enabled)
    in_hand = exists().where(
        DeliveryLease.account_id == account_id, DeliveryLease.expires_at > now()
    )
    return and_(connected(account_id), switched_on, ~paused(account_id), ~in_hand)


def overtakes() -> ColumnElement[bool]:
    """Whether an earlier call of the same client number is still to be written, but not now."""
    earlier = aliased(QueuedCall)
    return and_(
        QueuedCall.number != "",
        exists().where(
            earlier.account_id == QueuedCall.account_id,
            earlier.number == QueuedCall.number,
            earlier.call_id < QueuedCall.call_id,
            or_(
                and_(earlier.state.in_(UNFINISHED), or_(earlier.due_at > now(), suspect(earlier))),
                # Without a connection the later ones are held or skipped, not left behind.
                and_(earlier.state == CallState.HELD, connected(earlier.account_id)),
            ),
        ),
    )
