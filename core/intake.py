"""What both of telephony's doors do with an event: write it down, then wake a worker."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

import structlog

from core.clock import on_the_clock, started
from core.events import BadEvent, NotFinal, opened, parse_call
from core.phone import client_number
from core.store import Store
from core.store.database import utc_now
from core.store.new_calls import NewCall

log = structlog.get_logger()

LARGEST_EVENT = 256 * 1024
"""Characters of JSON that the ledger keeps of one event."""


class Alarm(Protocol):
    """What wakes a worker: `core.queues.Waker`, or one that gathers wake-ups for a list."""

    def wake(self, account_id: str) -> bool: ...


class UnknownAccount(Exception):
    """No account has this id; create it before handing over its calls."""


class Intake(StrEnum):
    """What became of an event at the door."""

    ACCEPTED = "accepted"
    """Written down; it will be delivered or stand in the journal with a reason."""
    KNOWN = "known"
    """A call with this key was written down before; the first one stands (T2)."""
    NOT_FINAL = "not_final"
    """An event other than CALL_END; nothing is kept (T1)."""


def accept(store: Store, waker: Alarm, account_id: str, event: Any) -> Intake:
    """Take one event over. The call is on the disk when this returns ACCEPTED.

    Args:
        event: an object, or what `core.events.opened` opens to one.

    Raises:
        UnknownAccount: nothing was kept.
        BadEvent: nothing was kept; it names the field that is wrong.
    """
    account_id = str(account_id)  # RQ's door takes whatever was enqueued, numbers too
    policy = store.policies.get(account_id) if store.accounts.get(account_id) else None
    if policy is None:
        raise UnknownAccount(f"there is no account {account_id[:64]!r}")
    event = opened(event)
    try:
        call = on_the_clock(parse_call(event, policy.zone), policy.zone, utc_now())
    except NotFinal:
        return Intake.NOT_FINAL
    number = client_number(call.client_number, policy.region)
    new = NewCall(call, _plain(event), number, started(call, policy.zone))
    if not store.ledger.add_all(account_id, [new]):
        log.info("call known already", account=account_id, call=call.key)
        return Intake.KNOWN
    log.info("call accepted", account=account_id, call=call.key)
    waker.wake(account_id)
    return Intake.ACCEPTED


def _plain(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event as every database keeps it; whatever `parse_call` does not read included."""
    plain: dict[str, Any] = _storable(event)
    if len(json.dumps(plain, ensure_ascii=False)) > LARGEST_EVENT:
        raise BadEvent("event", f"is larger than {LARGEST_EVENT // 1024} KiB")
    return plain


def _storable(value: Any) -> Any:
    """Without what PostgreSQL refuses in JSON, as losing the call over it would be worse: NUL, and
    NaN and infinity, which RQ's serializer lets through."""
    if isinstance(value, Mapping):
        return {_storable(str(name)): _storable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.replace("\0", "") if isinstance(value, str) else value
