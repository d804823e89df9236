"""The daily ceiling of API calls that a customer allows: a setting of the connection."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import reasons
from core.connection import ConnectionState
from core.models import CallRow, CallState, ConnectionRow, SettingChange
from core.store.database import Database, utc_now
from core.store.policies import Actor

API_CEILING = "api_ceiling"
"""Its name in the settings history."""
REACHED = reasons.connection.ceiling.code
"""Why an account pauses, and its calls wait, when the ceiling is reached."""


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
            if row.state == ConnectionState.PAUSED and row.reason_code == REACHED:
                _look_again(session, row)
            return True


def _look_again(session: Session, row: ConnectionRow) -> None:
    """End the pause: under the new ceiling the next delivery finds out whether to wait on."""
    row.state, row.reason_code, row.reason_params = ConnectionState.ACTIVE, "", {}
    row.paused_until = None
    session.execute(
        update(CallRow)
        .where(
            CallRow.account_id == row.account_id,
            CallRow.state == CallState.WAITING,
            CallRow.reason_code == REACHED,
        )
        .values(due_at=utc_now())
    )
