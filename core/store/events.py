"""A call's history while it is on its way."""

from __future__ import annotations

from sqlalchemy import JSON, ColumnElement, insert, literal, select
from sqlalchemy.orm import Session

from core.models import CallEvent, CallState, QueuedCall
from core.reasons import Reason, as_columns
from core.store.now import now


def add_events(
    session: Session, which: ColumnElement[bool], state: CallState, reason: Reason
) -> None:
    """Note in the history of these calls of the queue that they are about to change, part of the
    caller's transaction."""
    said = as_columns(reason)
    values = {
        "call_id": QueuedCall.call_id,
        "at": now(),
        "state": literal(str(state)),
        "reason_code": literal(said["reason_code"]),
        "reason_params": literal(said["reason_params"], JSON),
    }
    chosen = select(*values.values()).where(which)
    session.execute(insert(CallEvent).from_select(list(values), chosen))
