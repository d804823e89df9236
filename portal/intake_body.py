"""The body of a request at telephony's HTTP door: JSON or a form, one event or a list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from core.events import BadEvent

LARGEST_BODY = 256 * 1024
"""Bytes."""
MOST_EVENTS = 500
"""In one list."""


@dataclass(frozen=True)
class Events:
    items: list[Any]
    as_list: bool
    """Whether they came in a list, and so whether the answer lists results."""


def read_events() -> Events:
    """The events of this request.

    Raises BadEvent for a body that cannot be read, UnsupportedMediaType, RequestEntityTooLarge.
    """
    if request.mimetype == "application/x-www-form-urlencoded":
        return Events([request.form.to_dict()], as_list=False)
    if not request.is_json:
        raise UnsupportedMediaType
    body = _json(request.get_data())
    if not isinstance(body, list):
        return Events([body], as_list=False)
    if not body:
        raise BadEvent("body", "is an empty list")
    if len(body) > MOST_EVENTS:
        raise RequestEntityTooLarge
    return Events(body, as_list=True)


def _json(data: bytes) -> Any:
    try:
        return json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadEvent("body", "is not JSON") from error


def _no_constant(name: str) -> NoReturn:
    """Python reads NaN and Infinity; JSON has neither, and databases refuse them."""
    raise ValueError(name)
