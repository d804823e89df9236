"""Looks at the Tasks of open loops: whose turn it is, and what was found.

The discipline is that of a delivery: under the account's lease, by the database's clock. What a
look wrote and did not live to tell is found by the next one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from core.loops import LoopEnded, LoopState
from core.models import (
    CallRow,
    CallState,
    DeliveryLease,
    LoopRow,
    QueuedCall,
)
from core.reasons import Reason
from core.store.database import AS_SAID, Database
from core.store.due import askable, unfinished
from core.store.leases import Lease
from core.store.loop_changes import alter, next_look, tell
from core.store.now import later, now
from core.store.turns import take_turns

REST_SECONDS = 15 * 60.0
"""Before an org that gave no answer, or may not be asked, is looked at after all."""


@dataclass(frozen=True)
class Found:
    """What a look found of an open loop, and did about it."""

    loop: LoopRow
    owner_id: str
    """Of the Task, by now."""
    ended: LoopEnded | None = None
    handed_over: Reason | None = None
    turn_of: int = 0
    """The missed-call row whose turn the hand-over took; 0 = none."""


def _at_rest() -> tuple[ColumnElement[bool], ...]:
    """Open, and no call of the number is on its way that may be written already: it may have done
    something that we do not know yet."""
    on_its_way = exists().where(
        QueuedCall.account_id == LoopRow.account_id,
        QueuedCall.number == LoopRow.number,
        or_(QueuedCall.unsure, QueuedCall.state == CallState.DELIVERING),
        unfinished(),
    )
    return LoopRow.state == LoopState.OPEN, ~on_its_way


_LEASED = (
    select(now())
    .where(
        DeliveryLease.account_id == bindparam("account"),
        DeliveryLease.token == bindparam("lease"),
        DeliveryLease.expires_at > now(),
    )
    .with_for_update()
)


class Looks:
    def __init__(self, database: Database) -> None:
        self._db = database

    def accounts(self) -> list[str]:
        """Accounts that may be looked at, one of whose open loops is due for it."""
        query = (
            select(LoopRow.account_id)
            .join(CallRow, CallRow.id == LoopRow.call_id)
            .where(*_at_rest(), LoopRow.look_at <= now(), askable(LoopRow.account_id))
            .distinct()
        )
        with self._db.read() as session:
            return list(session.scalars(query))

    def due(self, account_id: str, at_most: int) -> list[tuple[LoopRow, CallRow, bool]]:
        """Open loops, each with the call that opened it and whether it is overdue: all of them in
        one look, those first that waited longest for one."""
        query = (
            select(LoopRow, CallRow, LoopRow.due_at <= now())
            .join(CallRow, CallRow.id == LoopRow.call_id)
            .where(LoopRow.account_id == account_id, *_at_rest())
            .order_by(LoopRow.look_at, LoopRow.id)
            .limit(at_most)
        )
        with self._db.read() as session:
            return [(loop, call, bool(late)) for loop, call, late in session.execute(query)]

    def looked(self, account_id: str, lease: Lease, found: Sequence[Found]) -> bool:
        """Write down what a look found; False when the account is another's by now."""
        with self._db.write() as session:
            moment = session.scalar(_LEASED, {"account": account_id, "lease": lease.token})
            if moment is None:
                return False
            take_turns(session, account_id, Counter(one.turn_of for one in found if one.turn_of))
            for one in found:
                self._write(session, account_id, one, moment)
            return True

    def _write(self, session: Session, account_id: str, found: Found, moment: datetime) -> None:
        loop = found.loop
        if found.ended:
            alter(session, account_id, found.ended, moment)
            return
        values: dict[str, Any] = {
            "responsible": found.owner_id,
            "look_at": next_look(account_id, loop.due_at),
        }
        if found.handed_over:
            values["handed_over_at"] = moment
            tell(session, account_id, loop.number, loop.missed_at, found.handed_over, moment)
        session.execute(
            update(LoopRow).where(LoopRow.id == loop.id).values(**values), execution_options=AS_SAID
        )

    def put_off(self, account_id: str) -> None:
        """Leave those of the account's open loops that are due alone for a while."""
        which = LoopRow.account_id == account_id, LoopRow.state == LoopState.OPEN
        with self._db.write() as session:
            session.execute(
                update(LoopRow)
                .where(*which, LoopRow.look_at <= now())
                .values(look_at=later(REST_SECONDS)),
                execution_options=AS_SAID,
            )
