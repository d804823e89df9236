"""JSON as senders write it, also within a text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from core.json_values import MOST_SENT, count_values

WRAPPINGS_AT_MOST = 3
_AROUND = "\ufeff\0 \t\r\n"
_BACKSLASH = re.compile(r'\\(["\\/bfnrt]|u[0-9A-Fa-f]{4})|\\')


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


def _loads(text: str) -> Any:
    if count_values(text) > MOST_SENT:  # within another text they may have been spelt otherwise
        raise ValueError(f"holds more than {MOST_SENT} values")
    try:
        return json.loads(text, strict=False, parse_int=_whole, parse_constant=lambda _: None)
    except RecursionError as error:
        raise ValueError("is nested too deep") from error


def _whole(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:  # more than 4300 digits
        return digits
