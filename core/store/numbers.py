"""Client numbers, made anew when an account's country changes.

A number is made once, at intake, by the country that the account has then. Who corrects the
country means the calls that are still to be written, too.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.events import BadEvent, NotFinal, parse_call
from core.models import CallRow, QueuedCall
from core.phone import client_number


def make_numbers_anew(session: Session, account_id: str, region: str) -> None:
    """Of the account's calls that are not settled, those that need a person among them. Five
    thousand different numbers take a second."""
    calls = session.execute(
        select(CallRow.id, CallRow.received_at, CallRow.event, CallRow.number)
        .join(CallRow.queued)
        .where(QueuedCall.account_id == account_id)
        .order_by(QueuedCall.call_id)
        .execution_options(yield_per=500)
    )
    changed = []
    for call_id, received_at, event, kept in calls:
        try:
            number = client_number(parse_call(event).client_number, region)[:64]
        except (BadEvent, NotFinal):  # the delivery says so
            continue
        if number != kept:
            changed.append({"id": call_id, "received_at": received_at, "number": number})
    if changed:
        session.execute(update(CallRow), changed)
        queued = [{"call_id": one["id"], "number": one["number"]} for one in changed]
        session.execute(update(QueuedCall), queued)
