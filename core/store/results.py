"""What a delivery found out about a call, and how the ledger keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import UNFINISHED, CallEvent, CallRow, CallState, ClientRecord
from core.reasons import Reason, as_columns
from core.store.counters import CALLS, LATENCY, count, observed


@dataclass(frozen=True)
class Result:
    """What became of one claimed call, to be written into the ledger."""

    call_id: int
    state: CallState
    reason: Reason | None = None
    trace: dict[str, Any] | None = None
    written: dict[str, Any] | None = None
    lessons: dict[str, Any] | None = None
    due_at: datetime | None = None
    """When to try again; None = at once (only read with RETRY and WAITING)."""
    created: tuple[tuple[str, str], ...] = ()
    """Leads and contacts created for the number: (object, id)."""
    number: str = ""
    unmapped_line: str | None = None
    """None = as before."""
    turn_of: int | None = None
    """The missed-call row whose turn is taken; 0 = none, None = as an unanswered write said."""
    unsure: bool | None = None
    """Whether a write had no answer; None = as before."""

    @property
    def reason_code(self) -> str:
        return self.reason.code if self.reason else ""


def count_settled(session: Session, written: list[tuple[CallRow, Result]], now: datetime) -> None:
    done = [row for row, one in written if one.state == CallState.DONE]
    counts = observed(LATENCY, ((now - row.received_at).total_seconds() for row in done))
    for _, one in written:
        name = (CALLS, f"{one.state} {one.reason_code}".strip())
        counts[name] = counts.get(name, 0) + 1
    count(session, counts)


def settle(row: CallRow, result: Result, now: datetime) -> None:
    row.state = result.state
    row.lease = ""
    if result.state in (CallState.WAITING, CallState.HELD):
        row.attempts = 0  # not the call's fault: it starts afresh when its turn comes
    row.reason_code, row.reason_params = as_columns(result.reason).values()
    if result.unmapped_line is not None:
        row.unmapped_line = result.unmapped_line
    if result.trace is not None:
        row.trace = result.trace
    if result.written is not None:
        row.written = result.written
    if result.lessons is not None:
        row.lessons = result.lessons
    if result.unsure is not None:
        row.unsure = result.unsure
        if result.turn_of is not None or not result.unsure:
            row.turn_of = result.turn_of or 0
    if result.state in UNFINISHED:
        row.due_at = result.due_at or now
    else:
        row.finished_at = now


def turns_of(written: Iterable[tuple[CallRow, Result]]) -> dict[int, int]:
    """Turns that written calls took, by row of the missed-call table; asked before `settle`."""
    turns: dict[int, int] = {}
    for row, one in written:
        turn_of = row.turn_of if one.turn_of is None else one.turn_of
        if turn_of and one.state == CallState.DONE:
            turns[turn_of] = turns.get(turn_of, 0) + 1
    return turns


def event_of(result: Result, now: datetime) -> CallEvent:
    return CallEvent(
        call_id=result.call_id,
        at=now,
        state=result.state,
        **as_columns(result.reason),
    )


def remember(session: Session, account_id: str, result: Result, now: datetime) -> None:
    for object_name, record_id in result.created:
        known = session.scalar(
            select(ClientRecord.id).where(
                ClientRecord.account_id == account_id,
                ClientRecord.number == result.number,
                ClientRecord.record_id == record_id,
            )
        )
        if known is None:
            session.add(
                ClientRecord(
                    account_id=account_id,
                    number=result.number,
                    object=object_name,
                    record_id=record_id,
                    created_at=now,
                )
            )
