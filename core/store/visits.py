"""Support in a customer's seat: opened with a reason, over by itself."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from core.models import Membership, Person, SupportVisit
from core.secrets import new_name
from core.store.database import Database, utc_now

LONGEST = timedelta(minutes=30)


class VisitRefused(Exception):
    """Only staff visit, only somebody of that account who is no staff, one visit at a time."""


class Visits:
    def __init__(self, database: Database) -> None:
        self._db = database

    def open(
        self, account_id: str, person_id: int, staff_id: int, session_name: str, reason: str
    ) -> SupportVisit:
        """Begin a visit of at most LONGEST. Raises VisitRefused."""
        now = utc_now()
        with self._db.write() as session:
            staff = session.get(Person, staff_id)
            person = session.get(Person, person_id)
            if staff is None or not staff.is_staff:
                raise VisitRefused("only support staff may act for a customer")
            if person is None or person.is_staff:
                raise VisitRefused("nobody acts for support staff")
            if session.get(Membership, (account_id, person_id)) is None:
                raise VisitRefused("this person does not belong to the account")
            running = select(func.count()).where(
                SupportVisit.session == session_name, SupportVisit.ends_at > now
            )
            if session.scalar(running):
                raise VisitRefused("leave the other account first")
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

    def running(self, name: str, staff_id: int, session_name: str) -> SupportVisit | None:
        """The visit, while it lasts, to the staff person and the browser that opened it."""
        with self._db.read() as session:
            return session.scalar(
                select(SupportVisit)
                .join(Person, Person.id == SupportVisit.staff_id)
                .where(
                    SupportVisit.name == name,
                    SupportVisit.staff_id == staff_id,
                    SupportVisit.session == session_name,
                    SupportVisit.ends_at > utc_now(),
                    Person.is_staff,
                )
            )

    def close(self, name: str, staff_id: int) -> None:
        now = utc_now()
        with self._db.write() as session:
            session.execute(
                update(SupportVisit)
                .where(
                    SupportVisit.name == name,
                    SupportVisit.staff_id == staff_id,
                    SupportVisit.ends_at > now,
                )
                .values(ends_at=now)
            )

    def of(self, account_id: str, at_most: int = 100, before: str = "") -> list[SupportVisit]:
        """Newest first; older than the one named `before`."""
        query = (
            select(SupportVisit)
            .where(SupportVisit.account_id == account_id)
            .order_by(SupportVisit.id.desc())
            .limit(at_most)
        )
        if before:
            place = select(SupportVisit.id).where(
                SupportVisit.account_id == account_id, SupportVisit.name == before
            )
            query = query.where(SupportVisit.id < place.scalar_subquery())
        with self._db.read() as session:
            return list(session.scalars(query))

    def named(self, account_id: str, name: str) -> SupportVisit | None:
        """A visit to this account, running or over."""
        with self._db.read() as session:
            return session.scalar(
                select(SupportVisit).where(
                    SupportVisit.account_id == account_id, SupportVisit.name == name
                )
            )
