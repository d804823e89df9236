"""JSON as senders write it, and what they wrap an event in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

WRAPPINGS_AT_MOST = 3
_AROUND = "\ufeff\0 \t\r\n"
_BACKSLASH = re.compile(r'\\(["\\/bfnrt]|u[0-9A-Fa-f]{4})|\\')


def opened(sent: Any) -> Any:
    """An event, or a list of them, without its wrapping: JSON within a JSON string, or within one
    field of a form (`payload={…}`). Anything else comes back as it is."""
    sent = json_within(sent)
    if isinstance(sent, Mapping) and not _is_event(sent):
        # A body that is JSON though it says to be a form is one name without a value.
        for text in (*sent.values(), *sent):
            if (said := json_within(text)) is not text:
                return said
    return sent


def json_within(value: Any) -> Any:
    """The object or list that a text holds as JSON, or as JSON of JSON; anything else as it is."""
    said = value
    for _ in range(WRAPPINGS_AT_MOST):
        if not (isinstance(said, str) and is_like_json(said)):
            break
        try:
            said = read_json(said)
        except ValueError:
            break
    return said if isinstance(said, Mapping | list) else value


def is_like_json(text: str) -> bool:
    """Whether it begins as an object, a list or a string does."""
    return text.lstrip(_AROUND).startswith(("{", "[", '"'))


def read_json(text: str) -> Any:
    """JSON → its value. Raises ValueError.

    What an optional text holds must not lose the call: raw control characters are taken, and a
    lone backslash for itself. NaN and Infinity, which databases refuse, count as null, and a whole
    number too long for Python stays text.
    """
    text = text.strip(_AROUND)
    try:
        return _loads(text)
    except ValueError:
        return _loads(_BACKSLASH.sub(lambda found: found[0] if found[1] else r"\\", text))


def _is_event(sent: Mapping[Any, Any]) -> bool:
    name = sent.get("event")
    is_named = isinstance(name, str) and not is_like_json(name)
    return is_named or any(str(one).startswith("call") for one in sent)


def _loads(text: str) -> Any:
    try:
        return json.loads(text, strict=False, parse_int=_whole, parse_constant=lambda _: None)
    except RecursionError as error:
        raise ValueError("is nested too deep") from error


def _whole(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:  # more than 4300 digits
        return digits
