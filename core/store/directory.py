"""All accounts, for support to find one. The only queries that look across accounts for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from core.connection import ConnectionState
from core.models import (
    Account,
    ConnectionRow,
    Membership,
    Person,
    QueuedCall,
    SettingRow,
)
from core.models.ledger import CallState
from core.same_text import plain
from core.store.database import Database
from core.store.members import first_owner

MOST = 50
STUCK = (CallState.WAITING, CallState.RETRY, CallState.DELIVERING, CallState.HELD)


@dataclass(frozen=True)
class Found:
    """An account as support sees it in the list."""

    account_id: str
    name: str
    owner: str
    """E-mail of the first owner; empty when there is none."""
    org_name: str
    org_id: str
    state: ConnectionState
    waiting: int
    oldest_waiting: datetime | None


class Directory:
    def __init__(self, database: Database) -> None:
        self._db = database

    def search(self, words: str = "", state: str = "") -> list[Found]:
        """Up to MOST accounts, the longest waiting call first, then by name.

        Args:
            words: part of the account's name or id, of a person's e-mail or name, of the org's
                name, a line, or the beginning of the org's id.
            state: a `ConnectionState`, or empty for any.
        """
        waiting = (
            select(
                QueuedCall.account_id,
                func.count().label("waiting"),
                func.min(QueuedCall.received_at).label("oldest"),
            )
            .where(QueuedCall.state.in_(STUCK))
            .group_by(QueuedCall.account_id)
            .subquery()
        )
        state_now = func.coalesce(ConnectionRow.state, ConnectionState.NONE)
        query = (
            select(
                Account.id,
                Account.name,
                first_owner().scalar_subquery(),
                ConnectionRow.org_name,
                ConnectionRow.org_id,
                state_now,
                waiting.c.waiting,
                waiting.c.oldest,
            )
            .outerjoin(ConnectionRow, ConnectionRow.account_id == Account.id)
            .outerjoin(waiting, waiting.c.account_id == Account.id)
            .order_by(waiting.c.oldest.is_(None), waiting.c.oldest, Account.name, Account.id)
            .limit(MOST)
        )
        for word in plain(words).split()[:5]:
            query = query.where(_mentions(word))
        if state:
            query = query.where(state_now == state)
        with self._db.read() as session:
            return [_found(*row) for row in session.execute(query)]


def _mentions(word: str) -> ColumnElement[bool]:
    """Somewhere in what names an account."""
    patterns = _patterns(word)
    people = exists().where(
        Membership.account_id == Account.id,
        Membership.person_id == Person.id,
        _fits((Person.email, Person.name), patterns),
    )
    lines = exists().where(
        SettingRow.account_id == Account.id,
        SettingRow.setting == "lines",
        func.lower(SettingRow.key) == word.lower(),  # lines are ASCII
    )
    return or_(
        _fits((Account.name, Account.id, ConnectionRow.org_name), patterns),
        ConnectionRow.org_id.istartswith(word, autoescape=True),
        people,
        lines,
    )


def _fits(columns: Iterable[InstrumentedAttribute[str]], patterns: set[str]) -> ColumnElement[bool]:
    return or_(*(column.ilike(one, escape="/") for column in columns for one in patterns))


def _patterns(word: str) -> set[str]:
    """LIKE patterns of a plain word: its letters composed or not, any kind of apostrophe, quote or
    dash. SQLite folds the case of Latin letters only."""
    spellings = {word, word.lower(), word.upper(), word.capitalize()}
    forms = {normalize(form, one) for form in ("NFC", "NFD") for one in spellings}
    return {"%" + re.sub("['\"-]", "_", re.sub("[%_/]", r"/\g<0>", one)) + "%" for one in forms}


def _found(
    account_id: str,
    name: str,
    owner: str | None,
    org_name: str | None,
    org_id: str | None,
    state: str,
    waiting: int | None,
    oldest: datetime | None,
) -> Found:
    return Found(
        account_id,
        name,
        owner or "",
        org_name or "",
        org_id or "",
        ConnectionState(state),
        waiting or 0,
        oldest,
    )
