"""Client numbers, made anew when an account's country changes.

A number is made once, at intake, by the country that the account has then. Who corrects the
country means the calls that are still to be written, too.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from core.events import BadEvent, NotFinal, parse_call
from core.models import CallRow, DeliveryLease, QueuedCall
from core.phone import client_number

# Carried out plainly: a call that is settled meanwhile is no longer in the queue.
_IN_QUEUE = (
    update(QueuedCall)
    .where(QueuedCall.call_id == bindparam("id_"))
    .values(number=bindparam("number_"))
)
_IN_JOURNAL = (
    update(CallRow)
    .where(CallRow.id == bindparam("id_"), CallRow.received_at == bindparam("received_"))
    .values(number=bindparam("number_"))
)


def make_numbers_anew(session: Session, account_id: str, region: str) -> None:
    """Of the account's calls that are not settled, those that need a person among them. Five
    thousand different numbers take a second."""
    # No delivery meanwhile takes calls, which it locks in another order.
    lease = select(DeliveryLease.account_id).where(DeliveryLease.account_id == account_id)
    session.execute(lease.with_for_update())
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
            changed.append({"id_": call_id, "received_": received_at, "number_": number})
    if changed:
        session.connection().execute(_IN_QUEUE, changed)
        session.connection().execute(_IN_JOURNAL, changed)
