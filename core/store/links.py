"""Links by e-mail to choose a password: kept hashed, working once, for a limited time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from core.models import PasswordLink, Person
from core.secrets import hash_key, new_key
from core.store.database import Database, utc_now
from core.store.passwords import set_password

FOR_A_RESET = timedelta(hours=1)


class Links:
    def __init__(self, database: Database) -> None:
        self._db = database

    def make(self, person_id: int, lives: timedelta = FOR_A_RESET) -> str:
        """A new link's key; the person's earlier links stop working."""
        key, now = new_key(), utc_now()
        with self._db.write() as session:
            session.execute(delete(PasswordLink).where(PasswordLink.person_id == person_id))
            session.add(
                PasswordLink(
                    person_id=person_id,
                    key_hash=hash_key(key),
                    created_at=now,
                    expires_at=now + lives,
                )
            )
        return key

    def person(self, key: str) -> Person | None:
        """Whose link it is; None when it was used, replaced or is too old."""
        with self._db.read() as session:
            return session.scalar(
                select(Person)
                .join(PasswordLink, PasswordLink.person_id == Person.id)
                .where(
                    PasswordLink.key_hash == hash_key(key),
                    PasswordLink.expires_at > utc_now(),
                    Person.is_active,
                )
            )

    def use(self, key: str, password_hash: str) -> int | None:
        """Set the password, sign the person out everywhere, use the link up; all or nothing.

        Returns the person's id; None when the link does not work any more.
        """
        with self._db.write() as session:
            person_id: int | None = session.scalar(
                delete(PasswordLink)
                .where(
                    PasswordLink.key_hash == hash_key(key),
                    PasswordLink.expires_at > utc_now(),
                    PasswordLink.person_id.in_(select(Person.id).where(Person.is_active)),
                )
                .returning(PasswordLink.person_id)
            )
            if person_id is None:
                return None
            set_password(session, person_id, password_hash)
            return person_id
