"""Calls that telephony handed over, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from core.events.schema import EXAMPLE
from core.intake import accept
from core.models import CallRow, CallState
from core.reasons import stored
from core.store import Store
from core.store.results import Result
from tests.helpers.calls import Nobody


def hand_over(store: Store, account: str = "acme", dbid: int = 1, **changes: Any) -> CallRow:
    """The example's event, with these changes of its call."""
    event = deepcopy(EXAMPLE)
    event["call"] |= {"dbid": dbid, **changes}
    accept(store, Nobody(), account, event)
    row = store.journal.by_key(account, str(dbid))
    assert row
    return row


def settle(
    store: Store,
    row: CallRow,
    state: CallState,
    code: str = "",
    params: Mapping[str, str] | None = None,
    **more: Any,
) -> CallRow:
    """As a delivery would record it; `more` is of its Result."""
    lease = store.leases.take(row.account_id, 60)
    assert lease
    claimed = store.deliveries.claim(row.account_id, lease, 500, 60)
    result = Result(row.id, state, stored(code, params or {}), **more)
    store.deliveries.record(row.account_id, lease, [result], 2)
    store.leases.drop(row.account_id, lease)
    assert row.id in [one.id for one in claimed]
    settled = store.ledger.get(row.account_id, row.public_id)
    assert settled
    return settled


def seen_unmapped(store: Store, *lines: str) -> None:
    """Finished calls on lines that are nobody's."""
    for dbid, line in enumerate(lines, start=900):
        row = hand_over(store, dbid=dbid)
        settle(store, row, CallState.DONE, "write.lead_found", unmapped_line=line)
