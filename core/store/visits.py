"""Support's visits to accounts: opened with a reason, over by themselves."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, aliased

from core.models import Membership, Person, SupportVisit
from core.secrets import new_name
from core.store.database import Database, rows_changed, utc_now

LONGEST = timedelta(minutes=30)


class VisitRefused(Exception):
    """Only staff visit, and only somebody of that account who may sign in and is no staff."""


class AlreadyVisiting(VisitRefused):
    """One visit at a time, in whatever browsers the staff person sits."""


class Visits:
    def __init__(self, database: Database) -> None:
        self._db = database

    def open(
        self, account_id: str, person_id: int, staff_id: int, session_name: str, reason: str
    ) -> SupportVisit:
        """Begin a visit of at most LONGEST. Raises VisitRefused, AlreadyVisiting."""
        now = utc_now()
        with self._db.write() as session:
            # Locked: of two browsers that enter at the same moment one is refused.
            staff = session.get(Person, staff_id, with_for_update=True)
            if staff is None or not (staff.is_staff and staff.is_active):
                raise VisitRefused("only support staff may act for a customer")
            _check_visited(session, account_id, person_id)
            running = select(func.count()).where(
                SupportVisit.staff_id == staff_id, SupportVisit.ends_at > now
            )
            if session.scalar(running):
                raise AlreadyVisiting("leave the other account first")
            visit = SupportVisit(
                name=new_name(),
                account_id=account_id,
                person_id=person_id,
                staff_id=staff_id,
                session=session_name,
                reason=reason[:500],
                started_at=now,
                ends_at=now + LONGEST,
            )
            session.add(visit)
            return visit

    def running(self, staff_id: int, session_name: str) -> SupportVisit | None:
        """The visit, while it lasts, of the staff person in the browser that opened it.

        It lasts no longer than the person for whom support acts belongs to the account and may
        sign in.
        """
        visited = aliased(Person)
        with self._db.read() as session:
            return session.scalar(
                select(SupportVisit)
                .join(Person, Person.id == SupportVisit.staff_id)
                .join(visited, visited.id == SupportVisit.person_id)
                .join(
                    Membership,
                    (Membership.account_id == SupportVisit.account_id)
                    & (Membership.person_id == SupportVisit.person_id),
                )
                .where(
                    SupportVisit.staff_id == staff_id,
                    SupportVisit.session == session_name,
                    SupportVisit.ends_at > utc_now(),
                    Person.is_staff,
                    visited.is_active,
                )
            )

    def close(self, staff_id: int, session_name: str) -> None:
        """Whoever visits from this browser leaves."""
        self._end(SupportVisit.staff_id == staff_id, SupportVisit.session == session_name)

    def end(self, account_id: str, name: str) -> bool:
        """The customer shows support out. False when that visit is over or another account's."""
        return self._end(SupportVisit.account_id == account_id, SupportVisit.name == name)

    def _end(self, *which: ColumnElement[bool]) -> bool:
        with self._db.write() as session:
            return end_visits(session, *which)


def end_visits(session: Session, *which: ColumnElement[bool]) -> bool:
    """Whether any of these went on."""
    now = utc_now()
    ended = session.execute(
        update(SupportVisit).where(*which, SupportVisit.ends_at > now).values(ends_at=now)
    )
    return bool(rows_changed(ended))


def is_visitable(person: Person) -> bool:
    """Whether support may act in their place, in an account of theirs."""
    return person.is_active and not person.is_staff


def _check_visited(session: Session, account_id: str, person_id: int) -> None:
    person = session.get(Person, person_id)
    if person is None or not is_visitable(person):
        raise VisitRefused("nobody acts for support staff, or for who is disabled")
    if session.get(Membership, (account_id, person_id)) is None:
        raise VisitRefused("this person does not belong to the account")
