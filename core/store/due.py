"""Which calls may be delivered now: conditions of the ledger's way out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_
from sqlalchemy.orm import aliased

from core import reasons
from core.connection import ConnectionState
from core.models import UNFINISHED, UNWRITTEN, CallRow, CallState, ConnectionRow

UNEXPECTED = reasons.delivery.unexpected.code
"""Calls whose delivery met a mistake of ours."""
REFUSED = reasons.salesforce.refused.code
DEATHS_BEFORE_SUSPICION = 5
"""A deliverer may be killed with good calls in hand; one whose deliverer dies so often is odd."""


def due(now: datetime) -> ColumnElement[bool]:
    # DELIVERING and due: its deliverer died, for a living one moves `due_at` ahead.
    return and_(unwritten(), CallRow.state != CallState.HELD, CallRow.due_at <= now)


def unwritten(row: Any = CallRow) -> ColumnElement[bool]:
    """The condition of the indexes `ix_calls_unwritten…`, in its very words: a database takes a
    partial index only for a condition that it can read, not for one whose values come later."""
    states: BindParameter[list[CallState]] = bindparam(
        "unwritten", UNWRITTEN, expanding=True, literal_execute=True, unique=True
    )
    found: ColumnElement[bool] = row.state.in_(states)
    return found


def suspect(row: Any = CallRow) -> ColumnElement[bool]:
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


def overtakes(now: datetime) -> ColumnElement[bool]:
    """Whether an earlier call of the same client number is still to be written, but not now."""
    earlier = aliased(CallRow)
    return and_(
        CallRow.number != "",
        exists().where(
            earlier.account_id == CallRow.account_id,
            earlier.number == CallRow.number,
            earlier.id < CallRow.id,
            unwritten(earlier),
            or_(
                and_(earlier.state.in_(UNFINISHED), or_(earlier.due_at > now, suspect(earlier))),
                # Without a connection the later ones are held or skipped, not left behind.
                and_(earlier.state == CallState.HELD, connected(earlier.account_id)),
            ),
        ),
    )
