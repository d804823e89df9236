"""Calls to unknown numbers that are looked for again: which are due, which were found.

A call that was skipped stays so until it is found: then it is back in the queue, once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Float,
    bindparam,
    delete,
    exists,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from core import reasons
from core.models import (
    CallEvent,
    CallRow,
    CallState,
    LateMatch,
    QueuedCall,
)
from core.reasons import as_columns
from core.store import database
from core.store.database import AS_SAID, Database
from core.store.due import askable
from core.store.now import later, now
from core.store.results import Written

EVERY_SECONDS = 3600.0
"""Between two looks for a number."""


class Late:
    def __init__(self, database: Database) -> None:
        self._db = database

    def accounts(self) -> list[str]:
        """Accounts that may be looked at, with calls to look for."""
        due = LateMatch.look_at <= now(), LateMatch.until > now()
        query = select(LateMatch.account_id).where(*due, askable(LateMatch.account_id)).distinct()
        with self._db.read() as session:
            return list(session.scalars(query))

    def due(self, account_id: str, at_most: int) -> list[CallRow]:
        """The calls to look for, those first that have waited longest; others that are due soon go
        along. None when none is due."""
        waiting = LateMatch.account_id == account_id, LateMatch.until > now()
        first = exists().where(*waiting, LateMatch.look_at <= now())
        query = (
            select(CallRow)
            .join(LateMatch, LateMatch.call_id == CallRow.id)
            .where(*waiting, first, CallRow.account_id == account_id)
            .order_by(LateMatch.look_at, LateMatch.call_id)
            .limit(at_most)
        )
        with self._db.read() as session:
            return list(session.scalars(query))

    def looked(self, account_id: str, call_ids: Collection[int]) -> None:
        """They are due again in an hour."""
        self._in_an_hour(account_id, LateMatch.call_id.in_(call_ids))

    def put_off(self, account_id: str) -> None:
        """The same for all that are due."""
        self._in_an_hour(account_id, LateMatch.look_at <= now())

    def _in_an_hour(self, account_id: str, which: ColumnElement[bool]) -> None:
        again = update(LateMatch).where(LateMatch.account_id == account_id, which)
        with self._db.write() as session:
            session.execute(again.values(look_at=later(EVERY_SECONDS)), execution_options=AS_SAID)

    def found(self, account_id: str, call_ids: Collection[int]) -> int:
        """Somebody has made a record: back into the queue with them, each once. Returns how many
        there were."""
        gone = (
            delete(LateMatch)
            .where(LateMatch.account_id == account_id, LateMatch.call_id.in_(call_ids))
            .returning(LateMatch.call_id)
        )
        with self._db.write() as session:
            ids = list(session.scalars(gone, execution_options=AS_SAID))
            calls = select(CallRow).where(CallRow.id.in_(ids), CallRow.account_id == account_id)
            rows = list(session.scalars(calls))
            _requeue(session, rows)
            return len(rows)

    def forget(self) -> None:
        """Those whose time is over: they stay skipped."""
        with self._db.write() as session:
            session.execute(delete(LateMatch).where(LateMatch.until <= now()))


def look_for(session: Session, account_id: str, written: Written, moment: datetime) -> None:
    """Have settled calls looked for again, part of the caller's transaction."""
    wanted = [one for _, one in written if one.look_until and one.look_until > moment]
    if not wanted:
        return
    new = (
        database.insert(session, LateMatch)
        .values(look_at=later(bindparam("seconds", type_=Float())))
        .on_conflict_do_nothing(index_elements=["call_id"])
    )
    rows = [
        {
            "account_id": account_id,
            "call_id": one.call_id,
            "until": one.look_until,
            "seconds": EVERY_SECONDS,
        }
        for one in wanted
    ]
    session.execute(new, rows)


def _requeue(session: Session, rows: Sequence[CallRow]) -> None:
    """The journal keeps why they were skipped: that is how the rules know them."""
    if not rows:
        return
    found = as_columns(reasons.delivery.client_found())
    session.execute(insert(CallEvent), [_how_it_ended(row) for row in rows])
    event = {"at": now(), "state": literal(str(CallState.WAITING)), **found}
    session.execute(insert(CallEvent).values(**event), [{"call_id": row.id} for row in rows])
    queued = {"due_at": now(), "attempts": 0, "lease": "", "lessons": {}, "unsure": False}
    waiting = {"state": CallState.WAITING, "turn_of": 0, "finished_at": None, **found}
    session.execute(insert(QueuedCall).values(**queued, **waiting), [_kept(row) for row in rows])
    ids = [row.id for row in rows]
    journal = update(CallRow).where(CallRow.id.in_(ids)).values(state=CallState.WAITING)
    session.execute(journal.values(finished_at=None), execution_options=AS_SAID)


def _how_it_ended(row: CallRow) -> dict[str, object]:
    return {
        "call_id": row.id,
        "at": row.finished_at,
        "state": row.state,
        "reason_code": row.reason_code,
        "reason_params": row.reason_params,
    }


def _kept(row: CallRow) -> dict[str, object]:
    names = ("received_at", "account_id", "number", "started_at")
    standing = ("trace", "unmapped_line", "api_calls", "batch")
    return {"call_id": row.id, **{name: getattr(row, name) for name in (*names, *standing)}}
