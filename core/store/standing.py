"""How calls stand: the journal's rows, with what the queue says of those that are on their way."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from core.models import CallRow, QueuedCall
from core.models.ledger import Standing

_SHARED = tuple(Standing.__annotations__)


def with_queue() -> Select[CallRow]:
    """Calls, each with its row of the queue when it has one."""
    return select(CallRow).outerjoin(CallRow.queued).options(contains_eager(CallRow.queued))


def queued_only(queue: type[QueuedCall] = QueuedCall) -> Select[CallRow]:
    """Calls that are on their way, each with its row of the queue, or of a part of it."""
    queued = CallRow.queued.of_type(queue)
    return select(CallRow).join(queued).options(contains_eager(queued))


def as_they_stand(rows: Iterable[CallRow]) -> list[CallRow]:
    """The rows of a query that one of these began, to be read only."""
    found = list(rows)
    for row in found:
        if row.queued is not None:
            for name in _SHARED:
                set_committed_value(row, name, getattr(row.queued, name))
    return found
