"""What a job of telephony's hands over, read without running anything of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.events import BadEvent
from core.intake import event_list
from core.jobs import DELIVER, LOG_CALL, LOG_CALLS, JobUnreadable
from core.store.refused import Refusal


@dataclass(frozen=True)
class HandedOver:
    account: str
    events: Sequence[Any]


NOTHING = HandedOver("", [])
"""A wake-up, which is worth nothing later."""


def log_call(account_id: Any, event: Any) -> HandedOver:
    return HandedOver(str(account_id), [event])


def log_calls(account_id: Any, events: Any) -> HandedOver:
    return HandedOver(str(account_id), event_list(events))


READERS: Mapping[str, Callable[..., HandedOver]] = {
    LOG_CALL: log_call,
    LOG_CALLS: log_calls,
    DELIVER: lambda *_arguments, **_named: NOTHING,
}
"""With the parameters of the functions in `worker.jobs`, so that the same calls fit."""


def read(data: bytes | JobUnreadable) -> HandedOver | Refusal:
    """A job's content, unpacked → what it hands over, or why it cannot be read."""
    if isinstance(data, JobUnreadable):
        return Refusal(None, BadEvent("job", str(data)))
    try:
        name, _instance, arguments, named = json.loads(data)
    except (ValueError, TypeError, RecursionError):
        return Refusal(None, BadEvent("job", "is no JSON of a function and its arguments"))
    sent = {"args": arguments, "kwargs": named}
    if not isinstance(name, str) or name not in READERS:
        return Refusal(sent, BadEvent("job", f"{str(name)[:100]!r} may not run here"))
    try:
        return READERS[name](*arguments, **named)
    except BadEvent as error:
        return Refusal(sent, error)
    except TypeError as error:
        return Refusal(sent, BadEvent("job", f"has wrong arguments: {error}"))
