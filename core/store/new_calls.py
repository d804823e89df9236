"""The ledger's way in: calls are written down, as many as came at once in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Text, cast, func, select
from sqlalchemy.orm import Session

from core.call import Call
from core.models import CallKey, CallRow, CallState, QueuedCall
from core.secrets import new_name
from core.store.database import insert
from core.store.now import now


@dataclass(frozen=True)
class NewCall:
    """A call to write down."""

    call: Call
    event: dict[str, Any]
    """As telephony sent it."""
    number: str
    """As `core.phone.client_number` makes it."""
    started_at: datetime
    """With a zone."""


def write_down(session: Session, account_id: str, calls: Sequence[NewCall]) -> set[str]:
    """Part of the caller's transaction. Returns the keys that were not known before; of several
    calls with one key the first stands."""
    by_key: dict[str, NewCall] = {}
    for one in calls:
        by_key.setdefault(one.call.key, one)
    if not by_key:
        return set()
    _queue_up(session, {f"{account_id} {one.number}" for one in by_key.values()})
    keys = (
        insert(session, CallKey)
        .values(account_id=account_id, received_at=now())
        .on_conflict_do_nothing(index_elements=["account_id", "call_key"])
        .returning(CallKey.id, CallKey.call_key, CallKey.received_at)
    )
    fresh = session.execute(keys, [{"call_key": key} for key in by_key]).all()
    if fresh:
        rows = [(one.id, one.received_at, by_key[one.call_key]) for one in fresh]
        _insert(session, CallRow, (_journal_row(account_id, *one) for one in rows))
        _insert(session, QueuedCall, (_queue_row(account_id, *one) for one in rows))
    return {one.call_key for one in fresh}


def _queue_up(session: Session, whats: Iterable[str]) -> None:
    """PostgreSQL gives ids before it commits: two calls of one number that come at once wait for
    each other, lest the later id be delivered before the earlier one can be seen. SQLite has one
    writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        # In one order everywhere, lest two lists wait for each other crosswise.
        names = func.unnest(cast(sorted(whats), ARRAY(Text))).column_valued("what")
        in_order = select(func.hashtextextended(names, 0).label("one")).distinct().order_by("one")
        session.execute(select(func.pg_advisory_xact_lock(in_order.subquery().c.one)))


def _insert(session: Session, table: type[CallRow | QueuedCall], rows: Iterable[Any]) -> None:
    # RETURNING has them sent as one statement, rather than one for each.
    session.execute(insert(session, table).returning(table.received_at), list(rows))


def _journal_row(
    account_id: str, call_id: int, received_at: datetime, new: NewCall
) -> dict[str, Any]:
    return {
        "id": call_id,
        "received_at": received_at,
        "public_id": new_name(),
        "account_id": account_id,
        "call_key": new.call.key,
        "event": new.event,
        "direction": new.call.direction,
        "answered": new.call.answered,
        "number": new.number[:64],
        "line": new.call.line[:64],
        "external_line": new.call.external_line[:255],
        "started_at": new.started_at,
        "written": {},
        **_FRESH,
    }


def _queue_row(
    account_id: str, call_id: int, received_at: datetime, new: NewCall
) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "received_at": received_at,
        "account_id": account_id,
        "number": new.number[:64],
        "started_at": new.started_at,
        "due_at": received_at,
        "attempts": 0,
        "lease": "",
        "lessons": {},
        "unsure": False,
        "turn_of": 0,
        **_FRESH,
    }


_FRESH: dict[str, Any] = {
    "state": CallState.WAITING,
    "reason_code": "",
    "reason_params": {},
    "trace": {},
    "unmapped_line": "",
    "api_calls": 0,
    "batch": 0,
    "finished_at": None,
}
