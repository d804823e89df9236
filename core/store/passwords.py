"""Passwords: a new one ends all that was opened or could be opened with the old one."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from core.models import PasswordLink, Person, PersonSession
from core.store.database import Database
from core.store.sessions import end_sessions


def set_password(session: Session, person_id: int, password_hash: str) -> None:
    """A new password: every session of the person ends, every link to choose one is void."""
    session.execute(
        update(Person).where(Person.id == person_id).values(password_hash=password_hash)
    )
    session.execute(delete(PasswordLink).where(PasswordLink.person_id == person_id))
    end_sessions(session, PersonSession.person_id == person_id)


class Passwords:
    def __init__(self, database: Database) -> None:
        self._db = database

    def change(self, person_id: int, password_hash: str) -> None:
        """Set a new one and sign the person out everywhere, here too; all or nothing."""
        with self._db.write() as session:
            set_password(session, person_id, password_hash)

    def rehash(self, person_id: int, old_hash: str, new_hash: str) -> None:
        """The same password, hashed anew. One that was changed meanwhile stays."""
        with self._db.write() as session:
            session.execute(
                update(Person)
                .where(Person.id == person_id, Person.password_hash == old_hash)
                .values(password_hash=new_hash)
            )
