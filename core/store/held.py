"""What held calls are told about the connection they wait for."""

from __future__ import annotations

from sqlalchemy import and_, update
from sqlalchemy.orm import Session

from core.models import CallState, QueuedCall
from core.reasons import Reason, as_columns
from core.store.events import add_events


def tell_held(session: Session, account_id: str, reason: Reason) -> None:
    """Give the account's held calls another reason, part of the caller's transaction."""
    held = and_(QueuedCall.account_id == account_id, QueuedCall.state == CallState.HELD)
    add_events(session, held, CallState.HELD, reason)
    session.execute(update(QueuedCall).where(held).values(**as_columns(reason)))
