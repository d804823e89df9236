"""Refused events: written by both doors, read by support, forgotten after FORGOTTEN_AFTER."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from json import JSONEncoder
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from core.events import BadEvent
from core.models import Account, RefusedEvent
from core.store.database import Database, rows_changed, utc_now

HTTP, RQ = "http", "rq"
"""The doors."""

MOST_A_DAY = 2000
"""Kept of one account within a day, and of all names together that are no account's. Of what
comes beyond, a flood, only the number is kept."""
LARGEST_TEXT = 4000
"""Characters kept of one event; a usual one has a tenth of it."""
FORGOTTEN_AFTER = timedelta(days=14)
A_DAY = timedelta(days=1)
AT_ONCE = 1000
"""Rows that one transaction forgets."""


@dataclass(frozen=True)
class Refusal:
    """What could not be taken, and for what."""

    event: Any
    error: BadEvent


class Refused:
    def __init__(self, database: Database) -> None:
        self._db = database

    def add_all(self, account: str, door: str, refusals: Sequence[Refusal]) -> None:
        """Write down what an account, or nobody that we know, could not hand over.

        Args:
            account: as it was sent.
        """
        if not refusals:
            return
        account = _plain(account, 64)
        with self._db.write() as session:
            is_known = session.get(Account, account) is not None
            whose = RefusedEvent.account == account if is_known else ~RefusedEvent.is_known
            room = max(0, MOST_A_DAY - _of_today(session, whose))
            same = {"account": account, "is_known": is_known, "door": door, "at": utc_now()}
            if kept := [{**same, **_told(one)} for one in refusals[:room]]:
                session.execute(insert(RefusedEvent), kept)
            if more := len(refusals[room:]):
                _count_more(session, whose, more)

    def page(self, account: str, at_most: int, before: str = "") -> list[RefusedEvent]:
        """Newest first, older than the one named `before`; of one account as sent, or of all."""
        place = (RefusedEvent.at, RefusedEvent.id)
        query = select(RefusedEvent).order_by(*(one.desc() for one in place)).limit(at_most)
        if account:
            query = query.where(RefusedEvent.account == account)
        if before:
            named = select(*place).where(RefusedEvent.name == before)
            query = query.where(tuple_(*place) < named.scalar_subquery())
        with self._db.read() as session:
            return list(session.scalars(query))

    def get(self, name: str) -> RefusedEvent | None:
        with self._db.read() as session:
            return session.scalar(select(RefusedEvent).where(RefusedEvent.name == name))

    def forget(self) -> int:
        """What is old, in short transactions. Returns how many."""
        old = (
            select(RefusedEvent.id)
            .where(RefusedEvent.at < utc_now() - FORGOTTEN_AFTER)
            .order_by(RefusedEvent.at)
            .limit(AT_ONCE)
        )
        forgotten = 0
        while True:
            with self._db.write() as session:
                gone = rows_changed(
                    session.execute(delete(RefusedEvent).where(RefusedEvent.id.in_(old)))
                )
            forgotten += gone
            if gone < AT_ONCE:
                return forgotten


def _of_today(session: Session, whose: ColumnElement[bool]) -> int:
    query = select(func.count()).where(whose, RefusedEvent.at > utc_now() - A_DAY)
    return int(session.scalar(query) or 0)


def _count_more(session: Session, whose: ColumnElement[bool], more: int) -> None:
    newest = (
        select(RefusedEvent.id)
        .where(whose)
        .order_by(RefusedEvent.at.desc(), RefusedEvent.id.desc())
    )
    session.execute(
        update(RefusedEvent)
        .where(RefusedEvent.id == newest.limit(1).scalar_subquery())
        .values(more=RefusedEvent.more + more)
    )


def _told(refusal: Refusal) -> dict[str, Any]:
    error = refusal.error
    return {
        "field": _plain(error.field, 64),
        "why": _plain(error.message, 255),
        "event": _plain(as_text(refusal.event), LARGEST_TEXT),
        "more": 0,
    }


def as_text(event: Any) -> str:
    """JSON for people to read, no more of it than is kept; what is text already, as it is."""
    if isinstance(event, str):
        return event
    pieces, length = [], 0
    try:
        for piece in JSONEncoder(ensure_ascii=False, indent=2, default=str).iterencode(event):
            pieces.append(piece)
            length += len(piece)
            if length > LARGEST_TEXT:
                break
    except (RecursionError, TypeError, ValueError):
        pieces.append("…")  # nested too deep to be written, or itself within itself
    return "".join(pieces)


def _plain(text: str, at_most: int) -> str:
    """As every database keeps it: no NUL, no half characters."""
    cut = text if len(text) <= at_most else text[: at_most - 1] + "…"
    return cut.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
