"""How calls stand: the journal's rows, with what the queue says of those that are on their way."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, with_expression
from sqlalchemy.orm.attributes import set_committed_value

from core.models import CallRow, QueuedCall
from core.models.ledger import Standing
from core.store.releases import waits

_SHARED = tuple(Standing.__annotations__)
_QUEUED = contains_eager(CallRow.queued).options(with_expression(QueuedCall.waits, waits()))


def with_queue() -> Select[CallRow]:
    """Calls, each with its row of the queue when it has one."""
    return select(CallRow).outerjoin(CallRow.queued).options(_QUEUED)


def queued_only() -> Select[CallRow]:
    """Calls that are on their way, each with its row of the queue."""
    return select(CallRow).join(CallRow.queued).options(_QUEUED)


def of_part(queue: type[QueuedCall]) -> Select[CallRow]:
    """The calls of a part of the queue, each with its row there."""
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
