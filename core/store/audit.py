"""The audit log: only ever added to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from core.models import AuditEntry
from core.store.database import Database, utc_now
from core.store.policies import Actor

SAME_VIEW = timedelta(minutes=5)
"""Within it, the same page again (one that refreshes itself) is counted in its entry."""


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
        """A page looked at; the same one again straight after counts up its entry."""
        with self._db.write() as session:
            last = session.scalar(
                select(AuditEntry)
                .where(AuditEntry.account_id == account_id, AuditEntry.visit_id == visit_id)
                .order_by(AuditEntry.id.desc())
                .limit(1)
            )
            if (
                last
                and (last.action, last.params) == ("view", params)
                and utc_now() - last.at < SAME_VIEW
            ):
                last.times += 1
                return last.id
        return self.note(account_id, actor, "view", params, visit_id)

    def answered(self, account_id: str, entry_id: int, status: int) -> None:
        """How the portal answered: a refusal reads otherwise than a success."""
        with self._db.write() as session:
            session.execute(
                update(AuditEntry)
                .where(AuditEntry.account_id == account_id, AuditEntry.id == entry_id)
                .values(status=status)
            )

    def of(self, account_id: str, limit: int = 500) -> list[AuditEntry]:
        """Newest first."""
        with self._db.read() as session:
            return list(
                session.scalars(
                    select(AuditEntry)
                    .where(AuditEntry.account_id == account_id)
                    .order_by(AuditEntry.id.desc())
                    .limit(limit)
                )
            )
