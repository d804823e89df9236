"""Talks with clients, for a call that was missed before one and is told late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import timedelta, tzinfo

from sqlalchemy import select

from core.call import Call
from core.clock import on_the_clock, started
from core.events import BadEvent, NotFinal, parse_call
from core.facts import WaitingCall
from core.models import CallRow, CallState
from core.store.database import Database, utc_now

A_DAY = timedelta(days=1)
"""Nobody talks for longer, and no two clocks that tell a time of day are further apart."""
AT_MOST = 500
"""Talks of one batch, the newest; usually there is none."""


class Talks:
    def __init__(self, database: Database) -> None:
        self._db = database

    def since(
        self, account_id: str, missed: Collection[WaitingCall], zone: tzinfo
    ) -> Mapping[str, tuple[Call, ...]]:
        """By number, oldest first: calls that were answered and are written, from a day before the
        first of these missed ones on. A talk is told after it was over, which leaves older months
        out."""
        if not missed:
            return {}
        first = min(started(one.call, zone) for one in missed)
        query = (
            select(CallRow.number, CallRow.event, CallRow.received_at)
            .where(
                CallRow.account_id == account_id,
                CallRow.number.in_({one.number for one in missed}),
                CallRow.started_at >= first - A_DAY,
                CallRow.received_at >= min(first, utc_now()) - A_DAY,
                CallRow.answered,
                CallRow.state == CallState.DONE,
            )
            .order_by(CallRow.started_at.desc(), CallRow.id.desc())
            .limit(AT_MOST)
        )
        with self._db.read() as session:
            rows = session.execute(query).all()
        found: dict[str, tuple[Call, ...]] = defaultdict(tuple)
        for number, event, received_at in reversed(rows):
            with suppress(BadEvent, NotFinal):  # an older version's reader was more tolerant
                found[number] += (on_the_clock(parse_call(event, zone), zone, received_at),)
        return found
