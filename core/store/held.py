"""What held calls are told about the connection they wait for."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.models import CallEvent, CallRow, CallState
from core.store.database import utc_now

DISCONNECTED = "hold.disconnected"


def tell_held(session: Session, account_id: str, code: str) -> None:
    """Give the account's held calls another reason, part of the caller's transaction."""
    now = utc_now()
    held = (CallRow.account_id == account_id, CallRow.state == CallState.HELD)
    ids = session.scalars(select(CallRow.id).where(*held).with_for_update()).all()
    session.execute(update(CallRow).where(*held).values(reason_code=code, reason_params={}))
    session.add_all(
        CallEvent(call_id=one, at=now, state=CallState.HELD, reason_code=code, reason_params={})
        for one in ids
    )
