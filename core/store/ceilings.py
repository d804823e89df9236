"""The daily ceiling of API calls that a customer allows: a setting of the connection."""

from __future__ import annotations

from core import reasons
from core.models import ConnectionRow, SettingChange
from core.store.database import Database, utc_now
from core.store.policies import Actor
from core.store.releases import release

API_CEILING = "api_ceiling"
"""Its name in the settings history."""


class Ceilings:
    def __init__(self, database: Database) -> None:
        self._db = database

    def set(self, account_id: str, actor: Actor, ceiling: int | None) -> bool:
        """Calls a day after which the account waits; None = 80 % of what the org allows.

        False when nothing changed: it was so already, or nothing was ever connected.
        """
        with self._db.write() as session:
            row = session.get(ConnectionRow, account_id, with_for_update=True)
            if row is None or row.api_ceiling == ceiling:
                return False
            session.add(
                SettingChange(
                    account_id=account_id,
                    person_id=actor.person_id,
                    staff_id=actor.staff_id,
                    at=utc_now(),
                    setting=API_CEILING,
                    old={"value": row.api_ceiling},
                    new={"value": ceiling},
                )
            )
            row.api_ceiling = ceiling
            session.flush()
            release(session, account_id, reasons.delivery.freed())
            return True
