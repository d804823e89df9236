"""Accounts, their people and telephony's intake keys."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from core.emails import normalised
from core.models import (
    Account,
    IntakeKey,
    Membership,
    PasswordLink,
    Person,
    PersonSession,
    SupportVisit,
)
from core.secrets import hash_key, new_key
from core.store.database import Database, utc_now
from core.store.members import is_last_owner, lock, take_role
from core.store.sessions import end_sessions
from core.store.visits import end_visits

ACCOUNT_ID = r"[A-Za-z0-9._@-]{1,64}"
"""What telephony may call an account. Some other texts no database takes, not even in a question:
NUL, half of a surrogate pair."""
OVERLAP = timedelta(days=7)
"""How long a replaced intake key still works, so that telephony can be changed over in peace."""


class Accounts:
    def __init__(self, database: Database) -> None:
        self._db = database

    def create(self, account_id: str, name: str) -> bool:
        """False when there is one with that id already. Raises ValueError for a text that is no
        `ACCOUNT_ID`."""
        if not re.fullmatch(ACCOUNT_ID, account_id):
            raise ValueError("an account id is 1 to 64 of A-Z a-z 0-9 . _ @ -")
        with self._db.write() as session:
            if session.get(Account, account_id):
                return False
            session.add(Account(id=account_id, name=name, created_at=utc_now()))
            return True

    def get(self, account_id: str) -> Account | None:
        """None for whatever is no account's id."""
        if not re.fullmatch(ACCOUNT_ID, account_id):
            return None
        with self._db.read() as session:
            return session.get(Account, account_id)

    def add_person(
        self, email: str, name: str, password_hash: str = "", *, is_staff: bool = False
    ) -> Person:
        """The person with that e-mail, created when unknown."""
        email = normalised(email)
        with self._db.write() as session:
            person = session.scalar(select(Person).where(Person.email == email))
            if person is None:
                person = Person(email=email, name=name, is_staff=is_staff, created_at=utc_now())
                person.language = ""
                person.password_hash = password_hash
                session.add(person)
            return person

    def join(self, account_id: str, person_id: int, role: str) -> None:
        """In this role from now on, new or not. Raises LastOwner."""
        with self._db.write() as session:
            if not take_role(session, account_id, person_id, role):
                session.add(Membership(account_id=account_id, person_id=person_id, role=role))

    def person(self, person_id: int) -> Person | None:
        with self._db.read() as session:
            return session.get(Person, person_id)

    def names(self, person_ids: Collection[int]) -> dict[int, str]:
        """By id, how people are called."""
        with self._db.read() as session:
            found = session.scalars(select(Person).where(Person.id.in_(person_ids)))
            return {one.id: one.called for one in found}

    def person_by_email(self, email: str) -> Person | None:
        with self._db.read() as session:
            return session.scalar(select(Person).where(Person.email == normalised(email)))

    def people(self) -> list[Person]:
        """Everybody, staff first, then by e-mail."""
        with self._db.read() as session:
            return list(session.scalars(select(Person).order_by(~Person.is_staff, Person.email)))

    def disable(self, person_id: int) -> list[str]:
        """Signed out everywhere, out of every visit, and not signed in again; nobody acts in
        their place any more. Returns the accounts that have no owner now who can sign in: who
        must be kept out at once is not let in for want of another."""
        theirs = select(Membership.account_id).where(Membership.person_id == person_id)
        with self._db.write() as session:
            ownerless = []
            for account_id in session.scalars(theirs.order_by(Membership.account_id)).all():
                lock(session, account_id)
                if is_last_owner(session, account_id, person_id):
                    ownerless.append(account_id)
            _set_disabled(session, person_id, utc_now())
            end_visits(session, SupportVisit.person_id == person_id)
            return ownerless

    def enable(self, person_id: int) -> None:
        """What somebody began while they were disabled does not come back."""
        with self._db.write() as session:
            _set_disabled(session, person_id, None)

    def set_language(self, person_id: int, language: str) -> None:
        with self._db.write() as session:
            session.execute(update(Person).where(Person.id == person_id).values(language=language))

    def memberships(self, person_id: int) -> list[tuple[Account, str]]:
        """The accounts a person belongs to, with the role in each."""
        with self._db.read() as session:
            rows = session.execute(
                select(Account, Membership.role)
                .join(Membership, Membership.account_id == Account.id)
                .where(Membership.person_id == person_id)
                .order_by(Account.name)
            )
            return [(account, role) for account, role in rows]

    def issue_key(self, account_id: str) -> str:
        """A new intake key; older ones go on working for OVERLAP. Returned once, kept hashed."""
        key, now = new_key(), utc_now()
        with self._db.write() as session:
            session.execute(
                update(IntakeKey)
                .where(IntakeKey.account_id == account_id, IntakeKey.expires_at.is_(None))
                .values(expires_at=now + OVERLAP)
            )
            session.add(
                IntakeKey(
                    account_id=account_id, key_hash=hash_key(key), ending=key[-4:], created_at=now
                )
            )
        return key

    def keys(self, account_id: str) -> list[IntakeKey]:
        """Keys that still work, newest first."""
        with self._db.read() as session:
            return list(
                session.scalars(
                    select(IntakeKey)
                    .where(IntakeKey.account_id == account_id, _works(utc_now()))
                    .order_by(IntakeKey.id.desc())
                )
            )

    def end_key(self, account_id: str, name: str) -> None:
        with self._db.write() as session:
            session.execute(
                delete(IntakeKey).where(IntakeKey.account_id == account_id, IntakeKey.name == name)
            )

    def account_of_key(self, key: str) -> str | None:
        """The account an intake key belongs to.

        Found by its hash, so the time taken says nothing about how much of a guess was right.
        """
        with self._db.read() as session:
            return session.scalar(
                select(IntakeKey.account_id).where(
                    IntakeKey.key_hash == hash_key(key), _works(utc_now())
                )
            )


def _set_disabled(session: Session, person_id: int, moment: datetime | None) -> None:
    session.execute(update(Person).where(Person.id == person_id).values(disabled_at=moment))
    session.execute(delete(PasswordLink).where(PasswordLink.person_id == person_id))
    end_sessions(session, PersonSession.person_id == person_id)


def _works(now: datetime) -> ColumnElement[bool]:
    return or_(IntakeKey.expires_at.is_(None), IntakeKey.expires_at > now)
