"""Missed calls that wait for somebody, and how they ended, as a delivery would have left them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.loops import LoopState
from core.models import CallRow, LoopRow
from core.store import Store
from core.store.database import utc_now
from tests.portal.helpers.calls import hand_over
from tests.portal.helpers.orgs import ANNA

HOUR = timedelta(hours=1)


def missed(store: Store, dbid: int, account: str = "acme", **changes: Any) -> CallRow:
    """A client's missed call, as telephony hands it over."""
    return hand_over(store, account, dbid, state="NOANSWER", secondsTalk=0, **changes)


def opened(store: Store, call: CallRow, due: timedelta = 2 * HOUR, **changes: Any) -> LoopRow:
    """A loop that this call opened; `due` is from now."""
    values: dict[str, Any] = {
        "account_id": call.account_id,
        "number": call.number,
        "external_line": call.external_line,
        "call_id": call.id,
        "task_id": "00T000000000001AAA",
        "responsible": ANNA,
        "missed_at": call.started_at,
        "last_missed_at": call.started_at,
        "due_at": utc_now() + due,
        "look_at": utc_now() + timedelta(hours=1),
    }
    row = LoopRow(**{**values, **changes})
    with store.database.write() as session:
        session.add(row)
    return row


def closed(store: Store, call: CallRow, state: LoopState, after: timedelta, **changes: Any) -> None:
    """A loop that ended so long after the call began."""
    opened(store, call, state=state, closed_at=call.started_at + after, **changes)
