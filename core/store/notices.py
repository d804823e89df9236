"""Mails to an account's owners: left in a transaction, sent afterwards by whoever claims them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.models import Membership, Person
from core.models.operations import Notice
from core.reasons import Reason, as_columns
from core.store.database import Database, rows_changed, utc_now
from core.store.members import owns

CLAIM = timedelta(minutes=2)
"""Longer than sending may take; a sender that died is followed by another."""
MOST_ATTEMPTS = 12

DIED = "connection_died"
WORKS = "connection_works"


@dataclass(frozen=True)
class Recipient:
    id: int
    email: str
    name: str
    language: str
    """Empty = as the account's."""


@dataclass(frozen=True)
class ClaimedNotice:
    id: int
    account_id: str
    kind: str
    reason_code: str
    reason_params: Mapping[str, str]
    created_at: datetime
    attempts: int
    told: frozenset[str]
    """Ids of the owners who have it already."""


def leave_notice(
    session: Session,
    account_id: str,
    kind: str,
    reason: Reason | None = None,
) -> None:
    """Part of the caller's transaction: a crash loses neither the change nor the mail."""
    now = utc_now()
    session.add(
        Notice(
            account_id=account_id, kind=kind, created_at=now, due_at=now, attempts=0,
            **as_columns(reason),
        )
    )  # fmt: skip


class Notices:
    def __init__(self, database: Database) -> None:
        self._db = database

    def claim(self) -> ClaimedNotice | None:
        """The oldest notice that is due, for CLAIM; None when there is none. Each is claimed by
        one sender at a time."""
        now = utc_now()
        with self._db.write() as session:
            row = session.scalar(
                select(Notice).where(Notice.due_at <= now).order_by(Notice.id).limit(1)
            )
            if row is None:
                return None
            taken = session.execute(
                update(Notice)
                .where(Notice.id == row.id, Notice.due_at <= now)
                .values(due_at=now + CLAIM, attempts=Notice.attempts + 1)
            )
            if not rows_changed(taken):
                return None
            return ClaimedNotice(
                row.id, row.account_id, row.kind, row.reason_code, row.reason_params,
                row.created_at, row.attempts, frozenset(row.told),
            )  # fmt: skip

    def told(self, notice_id: int, person_id: int) -> None:
        """This owner has it: whatever happens to the others' mails, there is no second one."""
        with self._db.write() as session:
            row = session.get(Notice, notice_id, with_for_update=True)
            if row is not None:
                row.told = sorted({*row.told, str(person_id)})

    def settled(self, notice_id: int) -> None:
        """Everybody has it, or it is true no more."""
        self._due(notice_id, None)

    def failed(self, notice: ClaimedNotice) -> bool:
        """Try again after a pause that grows to an hour. False when it is given up."""
        given_up = notice.attempts >= MOST_ATTEMPTS
        pause = timedelta(seconds=min(30 * 2 ** min(notice.attempts, 10), 3600))
        self._due(notice.id, None if given_up else utc_now() + pause)
        return not given_up

    def recipients(self, account_id: str) -> list[Recipient]:
        """The account's owners who may sign in."""
        query = (
            select(Person.id, Person.email, Person.name, Person.language)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.account_id == account_id, owns())
            .order_by(Person.id)
        )
        with self._db.read() as session:
            return [Recipient(*row) for row in session.execute(query)]

    def _due(self, notice_id: int, moment: datetime | None) -> None:
        with self._db.write() as session:
            session.execute(update(Notice).where(Notice.id == notice_id).values(due_at=moment))
