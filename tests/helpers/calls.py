"""Calls put straight into the ledger, and an alarm that nobody hears."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.call import Call
from core.store import Store
from core.store.new_calls import NewCall


class Nobody:
    def wake(self, account_id: str) -> bool:
        return True


def write_down(
    store: Store,
    account_id: str,
    call: Call,
    event: dict[str, Any],
    number: str,
    started_at: datetime,
) -> bool:
    """Whether its key is new."""
    return bool(store.ledger.add_all(account_id, [NewCall(call, event, number, started_at)]))
