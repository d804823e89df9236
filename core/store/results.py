"""What a delivery found out about a call, and how the ledger keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import insert as insert_into
from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from core import reasons
from core.loops import LoopChange
from core.models import (
    SETTLED,
    CallEvent,
    CallState,
    ClientRecord,
    ConnectionRow,
    QueuedCall,
)
from core.reasons import Reason, as_columns
from core.store.counters import CALLS, LATENCY, api_requests, count, observed
from core.store.database import dialect_of, insert
from core.store.now import now


@dataclass(frozen=True)
class Result:
    """What became of one claimed call, to be written into the ledger."""

    call_id: int
    state: CallState
    reason: Reason | None = None
    trace: dict[str, Any] | None = None
    written: dict[str, Any] | None = None
    lessons: dict[str, Any] | None = None
    due: datetime | timedelta | None = None
    """When to try again: a moment of the database's clock, or so long from now; None = at once
    (only read with RETRY, WAITING and ATTENTION: not earlier, if a person has it tried again)."""
    created: tuple[tuple[str, str], ...] = ()
    """Leads and contacts created for the number: (object, id)."""
    number: str = ""
    unmapped_line: str | None = None
    """None = as before."""
    turn_of: int | None = None
    """The missed-call row whose turn is taken; 0 = none, None = as an unanswered write said."""
    loop: tuple[LoopChange, ...] = ()
    """What it did to its client number's missed call that waits; only read with DONE and
    SKIPPED."""
    unsure: bool | None = None
    """Whether a write had no answer; None = as before."""
    look_until: datetime | None = None
    """With SKIPPED: until when its number is looked for again."""

    @property
    def reason_code(self) -> str:
        return self.reason.code if self.reason else ""

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


@dataclass(frozen=True)
class Spent:
    """What a batch cost so far, and has not been told yet."""

    seconds: Sequence[float] = ()
    """What each request to Salesforce took."""
    api_used: int | None = None
    """API calls of the org in its rolling day, as it said last; None = it did not."""
    api_allowed: int | None = None


NOTHING_SPENT = Spent()

Written = Sequence[tuple[QueuedCall, Result]]


def count_settled(session: Session, written: Written, spent: Spent, moment: datetime) -> None:
    done = [row for row, one in written if one.state == CallState.DONE and not _is_late(one)]
    counts = observed(LATENCY, ((moment - row.received_at).total_seconds() for row in done))
    for _, one in written:
        name = (CALLS, f"{one.state} {one.reason_code}".strip())
        counts[name] = counts.get(name, 0) + 1
    count(session, {**counts, **api_requests(spent.seconds)})


def _is_late(result: Result) -> bool:
    """Written on a record that was made only then: that is not how long a delivery takes."""
    return bool(result.reason and result.reason.is_one_of(reasons.write.found_later))


def settle(row: QueuedCall, result: Result, moment: datetime) -> dict[str, Any]:
    """The row's new columns. Those of `core.models.ledger.Standing` are the call's own in the
    end."""
    values: dict[str, Any] = {
        "state": result.state,
        "unmapped_line": _or(result.unmapped_line, row.unmapped_line),
        "trace": _or(result.trace, row.trace),
        "finished_at": None,
        **as_columns(result.reason),
    }
    if result.is_settled:
        return values | {"finished_at": moment, "written": result.written or {}}
    unsure = _or(result.unsure, row.unsure)
    decided = result.unsure is not None and (result.turn_of is not None or not unsure)
    due = result.due or moment
    return values | {
        "lease": "",
        # Not the call's fault: it starts afresh when its turn comes.
        "attempts": 0 if result.state in (CallState.WAITING, CallState.HELD) else row.attempts,
        "lessons": _or(result.lessons, row.lessons),
        "unsure": unsure,
        "turn_of": result.turn_of or 0 if decided else row.turn_of,
        "due_at": moment + due if isinstance(due, timedelta) else due,
        "finished_at": moment if result.state == CallState.ATTENTION else None,
    }


def _or(said: Any, before: Any) -> Any:
    return before if said is None else said


def turns_of(written: Written) -> dict[int, int]:
    """Turns that written calls took, by row of the missed-call table; asked before `settle`."""
    turns: dict[int, int] = {}
    for row, one in written:
        turn_of = row.turn_of if one.turn_of is None else one.turn_of
        if turn_of and one.state == CallState.DONE:
            turns[turn_of] = turns.get(turn_of, 0) + 1
    return turns


def add_history(session: Session, written: Written, moment: datetime) -> None:
    """Of calls that are not settled: those say themselves how they ended."""
    events = [
        {"call_id": one.call_id, "at": moment, "state": one.state, **as_columns(one.reason)}
        for _, one in written
        if not one.is_settled
    ]
    if events:
        session.execute(insert_into(CallEvent), events)


def remember(session: Session, account_id: str, written: Written, moment: datetime) -> None:
    created = [
        {
            "account_id": account_id,
            "number": one.number,
            "object": object_name,
            "record_id": record_id,
            "created_at": moment,
        }
        for _, one in written
        for object_name, record_id in one.created
    ]
    if created:
        session.execute(_remembering(dialect_of(session)), created)


@cache
def _remembering(dialect: str) -> ReturningInsert[int]:
    fresh = insert(dialect, ClientRecord).on_conflict_do_nothing()
    return fresh.returning(ClientRecord.id)  # so that all rows go in one statement


def note_spent(session: Session, account_id: str, written: Iterable[Result], spent: Spent) -> None:
    """On the connection: the org's quota, and that something was written."""
    values: dict[str, Any] = {}
    if spent.api_used is not None:
        values = {
            "api_used": spent.api_used,
            "api_allowed": spent.api_allowed,
            "api_seen_at": now(),
        }
    if any(one.written for one in written):
        values["last_written_at"] = now()
    if values:
        session.execute(
            update(ConnectionRow).where(ConnectionRow.account_id == account_id).values(**values)
        )
