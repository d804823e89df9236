"""What senders wrap an event in: an object, a form's field, a JSON string, or some of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.events.bounds import VALUES_AT_MOST
from core.events.json_texts import WRAPPINGS_AT_MOST, is_like_json, json_within
from core.events.names import foreign_parts, is_templated, unfolded


def opened(sent: Any) -> Any:
    """An event, or a list of them, without its wrapping: the first value that is one, be it an
    object or JSON in a text (`data[event]=…`, `payload={…}`). Anything else comes back as it is."""
    found = _event_in(sent, WRAPPINGS_AT_MOST)
    return json_within(sent) if found is None else found


def _event_in(sent: Any, levels: int) -> Any:
    """The event or list of events in this many wrappings; None when there is none."""
    sent = json_within(sent)
    if isinstance(sent, list | tuple):
        are_events = levels and any(_event_in(one, levels - 1) is not None for one in sent)
        return sent if are_events else None
    if not isinstance(sent, Mapping) or len(sent) > VALUES_AT_MOST:  # more is refused anyway
        return None
    if _is_event(sent):
        return sent
    if not levels:
        return None
    found = (_event_in(one, levels - 1) for one in _contents(sent))
    return next((one for one in found if one is not None), None)


def _contents(sent: Mapping[Any, Any]) -> Iterator[Any]:
    yield from sent.values()
    yield from foreign_parts(sent)
    yield from sent  # a body that is JSON though it says to be a form is one name without a value


def _is_event(sent: Mapping[Any, Any]) -> bool:
    """Stricter than the reader of events: what is none, and holds none, is read all the same."""
    sent = unfolded(sent)
    name = sent.get("event")
    is_named = isinstance(name, str) and not is_like_json(name)
    call = json_within(sent.get("call"))
    if isinstance(call, Mapping):
        call = unfolded(call)
        return is_named and ("direction" in call or not _is_event_as_call(call))
    return is_templated(sent) or (is_named and "direction" in sent)


def _is_event_as_call(call: Mapping[Any, Any]) -> bool:
    return is_templated(call) or {"event", "call"} <= call.keys()
