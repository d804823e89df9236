"""What calls and looks do to loops, written in the caller's transaction, and told in the history of
their missed calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    and_,
    case,
    exists,
    literal,
    select,
    text,
    update,
)
from sqlalchemy import insert as insert_into
from sqlalchemy.orm import Session

from core.call import Direction
from core.loops import LoopEnded, LoopOpened, LoopState, MissedAgain
from core.models import CallEvent, CallRow, CallState, LoopRow, PolicyRow
from core.models.base import Instant
from core.policy import Overdue
from core.reasons import Reason, as_columns
from core.store.database import AS_SAID, insert
from core.store.now import later, now
from core.store.results import Result

LOOK_SECONDS = 3600.0
"""Between two looks at a Task that waits."""
GATHER = 600
"""Seconds: a Task is handed over up to so long after its due time."""


def change_loops(
    session: Session, account_id: str, results: Sequence[Result], moment: datetime
) -> None:
    """In the order of the results: a later call of a batch meets what an earlier one opened."""
    for one in results:
        for change in one.loop if one.is_settled else ():
            if isinstance(change, LoopOpened):
                _open(session, account_id, one, change)
            else:
                alter(session, account_id, change, moment, one.call_id)


def _open(session: Session, account_id: str, result: Result, opened: LoopOpened) -> None:
    task_id = (result.written or {}).get("task")
    if not task_id:  # hidden from us
        return
    row = insert(session, LoopRow).values(
        account_id=account_id,
        number=opened.number,
        external_line=opened.external_line,
        call_id=result.call_id,
        task_id=task_id,
        responsible=opened.responsible,
        missed_at=opened.at,
        last_missed_at=opened.at,
        times=1,
        due_at=opened.due,
        look_at=next_look(account_id, opened.due),
        state=LoopState.OPEN,
        closed_by="",
    )
    session.execute(
        row.on_conflict_do_nothing(
            index_elements=["account_id", "number"], index_where=text("state = 'open'")
        )
    )


def next_look(account_id: str, due: datetime) -> ColumnElement[datetime]:
    """In an hour; soon after the due time where that is sooner and the Task is handed over then.
    What is due within ten minutes is gathered for one look."""
    policy = PolicyRow.__table__.c
    hands_over = exists().where(
        policy.account_id == account_id, policy.overdue == Overdue.HAND_OVER
    )
    gathered = literal(
        datetime.fromtimestamp(ceil(due.timestamp() / GATHER) * GATHER, UTC), Instant()
    )
    sooner = and_(gathered > now(), gathered < later(LOOK_SECONDS), hands_over)
    return case((sooner, gathered), else_=later(LOOK_SECONDS))


def alter(
    session: Session,
    account_id: str,
    change: MissedAgain | LoopEnded,
    moment: datetime,
    call_id: int | None = None,
) -> None:
    """`call_id` is the call that did it, if one did; `moment` the database's."""
    if isinstance(change, MissedAgain):
        at = literal(change.at, Instant())
        newest = case((LoopRow.last_missed_at < at, at), else_=LoopRow.last_missed_at)
        values: dict[str, Any] = {"times": LoopRow.times + 1, "last_missed_at": newest}
    else:
        values = {
            "state": change.state,
            "closed_at": change.at or moment,
            "closed_by": change.by,
            "closed_by_call": call_id if change.at else None,
        }
    since = session.scalar(
        update(LoopRow)
        .where(
            LoopRow.account_id == account_id,
            LoopRow.number == change.number,
            LoopRow.state == LoopState.OPEN,
        )
        .values(**values)
        .returning(LoopRow.missed_at),
        execution_options=AS_SAID,
    )
    if since is not None:
        tell(session, account_id, change.number, since, change.reason, moment, but=call_id)


def tell(
    session: Session,
    account_id: str,
    number: str,
    since: datetime,
    reason: Reason,
    moment: datetime,
    but: int | None = None,
) -> None:
    """In the history of each missed call of a loop, which began at `since`; one says it itself."""
    said = as_columns(reason)
    values = {
        "call_id": CallRow.id,
        "at": literal(moment, Instant()),
        "state": literal(str(CallState.DONE)),
        "reason_code": literal(said["reason_code"]),
        "reason_params": literal(said["reason_params"], JSON),
    }
    missed = select(*values.values()).where(
        CallRow.account_id == account_id,
        CallRow.number == number,
        CallRow.started_at >= since,
        CallRow.direction == Direction.IN,
        ~CallRow.answered,
        CallRow.state == CallState.DONE,
        CallRow.id != (but or 0),
    )
    session.execute(insert_into(CallEvent).from_select(list(values), missed))
