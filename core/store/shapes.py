"""What each org looked like when last asked: a cache of `core.facts.OrgShape`, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.models import ConnectionRow, OrgSnapshot
from core.store.database import Database


class Shapes:
    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, account_id: str) -> tuple[datetime, dict[str, Any]] | None:
        """When it was fetched, and the shape."""
        with self._db.read() as session:
            row = session.get(OrgSnapshot, account_id)
            return (row.fetched_at, row.shape) if row else None

    def put(
        self,
        account_id: str,
        fetched_at: datetime,
        shape: dict[str, Any],
        consent: datetime | None = None,
        package: bool = False,
    ) -> None:
        """`consent` is that under which it was read (`connected_at`): what another org looked like
        is not kept. None = whichever. `package`: whether new Tasks take our package's key."""
        with self._db.write() as session:
            now = session.get(ConnectionRow, account_id, with_for_update={"key_share": True})
            if consent is not None and now is not None and now.connected_at != consent:
                return
            if now is not None:
                now.package_since = (now.package_since or fetched_at) if package else None
            session.merge(OrgSnapshot(account_id=account_id, fetched_at=fetched_at, shape=shape))

    def forget(self, account_id: str) -> None:
        with self._db.write() as session:
            forget_shape(session, account_id)


def forget_shape(session: Session, account_id: str) -> None:
    """Part of the caller's transaction."""
    session.execute(delete(OrgSnapshot).where(OrgSnapshot.account_id == account_id))
