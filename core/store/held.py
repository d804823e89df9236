"""What held calls are told about the connection they wait for."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.models import CallEvent, CallRow, CallState
from core.reasons import Reason, as_columns
from core.store.database import utc_now


def tell_held(session: Session, account_id: str, reason: Reason) -> None:
    """Give the account's held calls another reason, part of the caller's transaction."""
    now = utc_now()
    held = (CallRow.account_id == account_id, CallRow.state == CallState.HELD)
    ids = session.scalars(select(CallRow.id).where(*held).with_for_update()).all()
    session.execute(update(CallRow).where(*held).values(**as_columns(reason)))
    session.add_all(
        CallEvent(call_id=one, at=now, state=CallState.HELD, **as_columns(reason)) for one in ids
    )
