"""What calls and looks do to loops, written in the caller's transaction, with the history of the
call that opened each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, exists, literal, text, update
from sqlalchemy import insert as insert_into
from sqlalchemy.orm import Session

from core.loops import LoopEnded, LoopOpened, LoopState, MissedAgain
from core.models import CallEvent, CallState, LoopRow, PolicyRow
from core.models.base import Instant
from core.policy import Overdue
from core.reasons import Reason, as_columns
from core.store.database import AS_SAID, insert
from core.store.now import later, now
from core.store.results import Result

LOOK_SECONDS = 3600.0
"""Between two looks at a Task that waits."""


def change_loops(
    session: Session, account_id: str, results: Sequence[Result], moment: datetime
) -> None:
    """In the order of the results: a later call of a batch meets what an earlier one opened."""
    for one in results:
        for change in one.loop if one.state == CallState.DONE else ():
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
        look_at=next_look(account_id, literal(opened.due, Instant())),
        state=LoopState.OPEN,
        closed_by="",
    )
    session.execute(
        row.on_conflict_do_nothing(
            index_elements=["account_id", "number"], index_where=text("state = 'open'")
        )
    )


def next_look(account_id: str, due: SQLColumnExpression[Any]) -> ColumnElement[datetime]:
    """In an hour; at the due time where that is sooner and the Task is handed over then."""
    policy = PolicyRow.__table__.c
    hands_over = exists().where(
        policy.account_id == account_id, policy.overdue == Overdue.HAND_OVER
    )
    sooner = and_(due > now(), due < later(LOOK_SECONDS), hands_over)
    return case((sooner, due), else_=later(LOOK_SECONDS))


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
    opener = session.scalar(
        update(LoopRow)
        .where(
            LoopRow.account_id == account_id,
            LoopRow.number == change.number,
            LoopRow.state == LoopState.OPEN,
        )
        .values(**values)
        .returning(LoopRow.call_id),
        execution_options=AS_SAID,
    )
    if opener is not None:
        tell(session, opener, change.reason, moment)


def tell(session: Session, call_id: int, reason: Reason, moment: datetime) -> None:
    """In the history of a call that is settled."""
    told = {"call_id": call_id, "at": moment, "state": CallState.DONE, **as_columns(reason)}
    session.execute(insert_into(CallEvent), [told])
