"""What both of telephony's doors do with events: write them down, then wake a worker.

account → each event read alone → one transaction for all that are good → one wake-up
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

import structlog

from core.clock import on_the_clock, started
from core.events import BadEvent, NotFinal, opened, parse_call
from core.phone import client_number
from core.store import Store
from core.store.database import utc_now
from core.store.doors import Place
from core.store.new_calls import NewCall

log = structlog.get_logger()

LARGEST_EVENT = 256 * 1024
"""Characters of JSON that the ledger keeps of one event."""
MOST_EVENTS = 500
"""In one transaction."""
LONGEST_LIST = 10_000
"""Events of one job."""
_NOT_STORABLE = re.compile(r"\\u0000|NaN|Infinity")


class Alarm(Protocol):
    """What wakes a worker: `core.queues.Waker`."""

    def wake(self, account_id: str) -> bool: ...


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
    (answer,) = accept_all(store, waker, account_id, [event])
    if isinstance(answer, BadEvent):
        raise answer
    return answer


def accept_list(store: Store, waker: Alarm, account_id: str, events: Any) -> list[Intake]:
    """Take up to LONGEST_LIST events over, for a door that can only say yes or no to all of it.

    Raises:
        UnknownAccount: nothing was kept.
        BadEvent: once the good ones are on the disk; it tells of the first bad one and how many
            there are. The same list again is harmless.
    """
    events = event_list(events)
    answers: list[Intake] = []
    bad: dict[int, BadEvent] = {}
    for start in range(0, len(events), MOST_EVENTS):
        some = accept_all(store, waker, account_id, events[start : start + MOST_EVENTS])
        bad |= {n: one for n, one in enumerate(some, start + 1) if isinstance(one, BadEvent)}
        answers += [one for one in some if isinstance(one, Intake)]
    if bad:
        at, first = next(iter(bad.items()))
        told = f"{first.message} (event {at} of {len(events)}; {len(bad)} refused, rest taken)"
        raise BadEvent(first.field, told)
    return answers


def event_list(sent: Any) -> Sequence[Any]:
    """What a job hands over as its events. Raises BadEvent when that is no list, or too long."""
    events = sent if _is_too_long(sent) else opened(sent)
    if _is_too_long(events):
        raise BadEvent("events", f"are more than {LONGEST_LIST}")
    if not isinstance(events, list | tuple):
        raise BadEvent("events", "must be a list")
    return events


def _is_too_long(events: Any) -> bool:
    return isinstance(events, list | tuple) and len(events) > LONGEST_LIST


def accept_all(
    store: Store, waker: Alarm, account_id: str, events: Sequence[Any]
) -> list[Intake | BadEvent]:
    """Take MOST_EVENTS at most over. What is ACCEPTED is on the disk when this returns.

    Returns what `accept` would return, or raise, for one after the other. What else it raises,
    such as UnknownAccount, goes for all of them: nothing was kept.
    """
    account_id = str(account_id)  # RQ's door takes whatever was enqueued, numbers too
    place = store.doors.place(account_id)
    read = [_read(one, place) for one in events]
    new = store.ledger.add_all(account_id, [one for one in read if isinstance(one, NewCall)])
    if new:
        waker.wake(account_id)
    return [_answer(account_id, one, new) for one in read]


def _read(event: Any, place: Place) -> NewCall | Intake | BadEvent:
    try:
        event = opened(event)
        call = on_the_clock(parse_call(event, place.zone), place.zone, utc_now())
        number = client_number(call.client_number, place.region)
        return NewCall(call, _plain(event), number, started(call, place.zone))
    except NotFinal:
        return Intake.NOT_FINAL
    except BadEvent as error:
        return error


def _answer(account_id: str, read: NewCall | Intake | BadEvent, new: set[str]) -> Intake | BadEvent:
    """Takes the key of a call that it answers as accepted out of `new`: the next is known."""
    if isinstance(read, BadEvent):
        log.info("event refused", account=account_id, field=read.field)
        return read
    if isinstance(read, Intake):
        return read
    key = read.call.key
    if key not in new:
        log.info("call known already", account=account_id, call=key)
        return Intake.KNOWN
    new.remove(key)
    log.info("call accepted", account=account_id, call=key)
    return Intake.ACCEPTED


def _plain(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event as every database keeps it; whatever `parse_call` does not read included."""
    text = json.dumps(event, ensure_ascii=False)
    if _NOT_STORABLE.search(text):
        event = _storable(event)
        text = json.dumps(event, ensure_ascii=False)
    if len(text) > LARGEST_EVENT:
        raise BadEvent("event", f"is larger than {LARGEST_EVENT // 1024} KiB")
    return dict(event)


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
