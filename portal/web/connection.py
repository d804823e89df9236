"""The connection of the account that a request is about, read once."""

from __future__ import annotations

from core.connection import Connection
from portal.web.once import once
from portal.web.services import store
from portal.web.who import current_account

CONNECTION = "connection"


def current_connection() -> Connection:
    """Whoever changes it forgets it (`once.forget`)."""
    return once(CONNECTION, lambda: store().connections.get(current_account().id))
