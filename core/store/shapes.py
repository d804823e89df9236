"""What each org looked like when last asked: a cache of `core.facts.OrgShape`, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from core.models import OrgSnapshot
from core.store.database import Database


class Shapes:
    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, account_id: str) -> tuple[datetime, dict[str, Any]] | None:
        """When it was fetched, and the shape."""
        with self._db.read() as session:
            row = session.get(OrgSnapshot, account_id)
            return (row.fetched_at, row.shape) if row else None

    def put(self, account_id: str, fetched_at: datetime, shape: dict[str, Any]) -> None:
        with self._db.write() as session:
            session.merge(OrgSnapshot(account_id=account_id, fetched_at=fetched_at, shape=shape))

    def forget(self, account_id: str) -> None:
        with self._db.write() as session:
            session.execute(delete(OrgSnapshot).where(OrgSnapshot.account_id == account_id))
