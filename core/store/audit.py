"""The audit log: only ever added to.

A visit's entries and the account's other events are asked for apart, each a page at a time by
keyset: nothing that happens in one of them moves what is told of another out of sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session, aliased

from core.models import AuditEntry, Person, SupportVisit
from core.store.database import Database, utc_now
from core.store.policies import Actor

VIEW, CHANGE = "view", "change"
SAME_VIEW = timedelta(minutes=5)
"""Within it, the same page again (one that refreshes itself) is counted in its entry."""
LOOK_BACK = 50
"""Entries of a visit among which a repeated view is looked for."""


@dataclass(frozen=True)
class Tally:
    """How often a visit did what."""

    views: int = 0
    changes: int = 0
    refusals: int = 0


@dataclass(frozen=True)
class VisitTold:
    """A visit of support, with the names that people read."""

    visit: SupportVisit
    staff: str
    person: str
    """In whose place."""
    tally: Tally


class Audit:
    def __init__(self, database: Database) -> None:
        self._db = database

    def note(
        self,
        account_id: str,
        actor: Actor,
        action: str,
        params: dict[str, Any],
        visit_id: int | None = None,
    ) -> int:
        """Write one entry down before the thing is done. Returns its id."""
        entry = AuditEntry(
            account_id=account_id,
            person_id=actor.person_id,
            staff_id=actor.staff_id,
            visit_id=visit_id,
            at=utc_now(),
            action=action,
            params=params,
        )
        with self._db.write() as session:
            session.add(entry)
        return entry.id

    def note_view(
        self, account_id: str, actor: Actor, params: dict[str, Any], visit_id: int
    ) -> int:
        """A page looked at; the same one again soon after counts up its entry, unless something
        was changed in between."""
        with self._db.write() as session:
            before = _viewed_already(session, account_id, params, visit_id)
            if before:
                before.times += 1
                return before.id
        return self.note(account_id, actor, VIEW, params, visit_id)

    def answered(self, account_id: str, entry_id: int, status: int) -> None:
        """How the portal answered: a refusal reads otherwise than a success, and is never
        counted among the views of a page that was shown."""
        with self._db.write() as session:
            entry = session.get(AuditEntry, entry_id, with_for_update=True)
            if entry is None or entry.account_id != account_id:
                return
            if entry.times > 1 and entry.status not in (0, status):
                entry.times -= 1
                session.add(_another(entry, status))
            else:
                entry.status = status

    def of_visit(
        self, account_id: str, visit_id: int, at_most: int, after: str = ""
    ) -> list[AuditEntry]:
        """What was done on a visit, oldest first; from the entry after the one named."""
        query = (
            select(AuditEntry)
            .where(AuditEntry.account_id == account_id, AuditEntry.visit_id == visit_id)
            .order_by(AuditEntry.id)
            .limit(at_most)
        )
        if after:
            query = query.where(AuditEntry.id > _number_of(account_id, after))
        with self._db.read() as session:
            return list(session.scalars(query))

    def events(self, account_id: str, at_most: int, before: str = "") -> list[AuditEntry]:
        """What happened outside of visits, newest first; older than the one named `before`."""
        query = (
            select(AuditEntry)
            .where(AuditEntry.account_id == account_id, AuditEntry.visit_id.is_(None))
            .order_by(AuditEntry.id.desc())
            .limit(at_most)
        )
        if before:
            query = query.where(AuditEntry.id < _number_of(account_id, before))
        with self._db.read() as session:
            return list(session.scalars(query))

    def visits(self, account_id: str, at_most: int, before: str = "") -> list[VisitTold]:
        """Support's visits, newest first; older than the one named `before`."""
        query = _told(account_id).order_by(SupportVisit.id.desc()).limit(at_most)
        if before:
            query = query.where(SupportVisit.id < _visit_named(account_id, before))
        with self._db.read() as session:
            return [_visit_told(*row) for row in session.execute(query)]

    def visit(self, account_id: str, name: str) -> VisitTold | None:
        """A visit to this account, running or over."""
        query = _told(account_id).where(SupportVisit.name == name)
        with self._db.read() as session:
            row = session.execute(query).first()
            return _visit_told(*row) if row else None


def _told(account_id: str) -> Select[SupportVisit, Person, Person, int, int, int]:
    staff = aliased(Person)
    refused = AuditEntry.status >= 400
    return (
        select(
            SupportVisit,
            staff,
            Person,
            _total((AuditEntry.action == VIEW) & ~refused),
            _total((AuditEntry.action == CHANGE) & ~refused),
            _total(refused),
        )
        .join(staff, staff.id == SupportVisit.staff_id)
        .join(Person, Person.id == SupportVisit.person_id)
        .where(SupportVisit.account_id == account_id)
    )


def _total(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    """Of a visit's entries; none is 0."""
    return (
        select(func.coalesce(func.sum(AuditEntry.times), 0))
        .where(AuditEntry.visit_id == SupportVisit.id, condition)
        .correlate(SupportVisit)
        .scalar_subquery()
    )


def _visit_told(visit: SupportVisit, staff: Person, person: Person, *counts: int) -> VisitTold:
    return VisitTold(visit, staff.called, person.called, Tally(*map(int, counts)))


def _visit_named(account_id: str, name: str) -> ScalarSelect[int]:
    return (
        select(SupportVisit.id)
        .where(SupportVisit.account_id == account_id, SupportVisit.name == name)
        .scalar_subquery()
    )


def _viewed_already(
    session: Session, account_id: str, params: dict[str, Any], visit_id: int
) -> AuditEntry | None:
    latest = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.account_id == account_id,
            AuditEntry.visit_id == visit_id,
            AuditEntry.at > utc_now() - SAME_VIEW,
        )
        .order_by(AuditEntry.id.desc())
        .limit(LOOK_BACK)
    )
    for one in latest:
        if one.action != VIEW:
            return None
        if one.params == params:
            return one
    return None


def _another(entry: AuditEntry, status: int) -> AuditEntry:
    """A view of the same page that was answered otherwise."""
    return AuditEntry(
        account_id=entry.account_id,
        person_id=entry.person_id,
        staff_id=entry.staff_id,
        visit_id=entry.visit_id,
        at=utc_now(),
        action=entry.action,
        params=entry.params,
        status=status,
    )


def _number_of(account_id: str, name: str) -> ScalarSelect[int]:
    return (
        select(AuditEntry.id)
        .where(AuditEntry.account_id == account_id, AuditEntry.name == name)
        .scalar_subquery()
    )
