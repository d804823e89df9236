"""Where people are signed in: listed, used, ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from core.models import Invitation, Person, PersonSession, SupportVisit
from core.secrets import new_name
from core.store.database import Database, utc_now
from core.store.visits import end_visits

IDLE = timedelta(hours=12)
"""A session that nobody uses ends by itself."""
LONGEST = timedelta(days=14)
"""Also a session in use ends some day."""
_TOUCH = timedelta(minutes=1)


def end_sessions(session: Session, *which: ColumnElement[bool]) -> None:
    """End these sessions and the support visits that go on in them."""
    end_visits(session, SupportVisit.session.in_(select(PersonSession.name).where(*which)))
    session.execute(delete(PersonSession).where(*which))


class Sessions:
    def __init__(self, database: Database) -> None:
        self._db = database

    def begin(self, person_id: int, address: str, agent: str) -> str:
        """Sign a person in; returns the session's name, for the cookie. Forgets ended ones."""
        now, name = utc_now(), new_name()
        with self._db.write() as session:
            end_sessions(
                session,
                PersonSession.person_id == person_id,
                or_(PersonSession.seen_at < now - IDLE, PersonSession.created_at < now - LONGEST),
            )
            session.add(
                PersonSession(
                    name=name,
                    person_id=person_id,
                    created_at=now,
                    seen_at=now,
                    address=address[:64],
                    agent=agent[:255],
                )
            )
        return name

    def person(self, name: str, address: str = "", used: bool = True) -> tuple[Person, bool] | None:
        """Who is signed in under this name, and whether an invitation waits for their answer; None
        when it ended. Notes that it was `used`: a page that asks by itself uses nothing."""
        now = utc_now()
        is_invited = exists().where(Invitation.email == Person.email, Invitation.expires_at > now)
        with self._db.read() as session:
            found = session.execute(
                select(PersonSession, Person, is_invited)
                .join(Person, Person.id == PersonSession.person_id)
                .where(PersonSession.name == name, Person.is_active)
            ).first()
        if found is None or not _lives(found[0], now):
            return None
        if used and now - found[0].seen_at > _TOUCH:
            with self._db.write() as session:
                session.execute(
                    update(PersonSession)
                    .where(PersonSession.name == name)
                    .values(seen_at=now, address=address[:64] or PersonSession.address)
                )
        return found[1], found[2]

    def of(self, person_id: int) -> list[PersonSession]:
        """The person's living sessions, used last first."""
        now = utc_now()
        with self._db.read() as session:
            rows = session.scalars(
                select(PersonSession)
                .where(PersonSession.person_id == person_id)
                .order_by(PersonSession.seen_at.desc())
            )
            return [row for row in rows if _lives(row, now)]

    def end(self, person_id: int, name: str) -> None:
        """End one session of this person."""
        with self._db.write() as session:
            end_sessions(session, PersonSession.person_id == person_id, PersonSession.name == name)

    def end_all(self, person_id: int, keep: str = "") -> None:
        """End every session of this person, but the one named."""
        with self._db.write() as session:
            end_sessions(session, PersonSession.person_id == person_id, PersonSession.name != keep)


def _lives(row: PersonSession, now: datetime) -> bool:
    return now - row.seen_at <= IDLE and now - row.created_at <= LONGEST
