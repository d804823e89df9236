"""The JSON Schema (2020-12) of an event, for docs/telephony.md and the OpenAPI description."""

from __future__ import annotations

from typing import Any

from core.events.values import (
    LINK_AT_MOST,
    NUMBER_AT_MOST,
    NUMBERS_AT_MOST,
    SECONDS_AT_MOST,
    STANDARD,
    TEMPLATE,
    TEXT_AT_MOST,
)

Schema = dict[str, Any]


def event_schema() -> Schema:
    """One event: the standard body or a customer's template. What it admits is never a 400,
    save for a date that is none (a schema cannot tell the 30th of February)."""
    return {
        "title": "A call event",
        "oneOf": [_standard(), _template()],
        "examples": [EXAMPLE, TEMPLATE_EXAMPLE],
    }


EXAMPLE: Schema = {
    "event": "CALL_END",
    "call": {
        "id": 1091944,
        "dbid": 275,
        "from": "380505557182",
        "to": ["2000"],
        "lastGroupName": "Sales managers",
        "outerNumber": "380444900123",
        "direction": "IN",
        "date": "2018-07-09 16:58:52",
        "secondsFullTime": 19,
        "secondsTalk": 9,
        "state": "ANSWER",
        "source": "REGULAR",
        "link": "https://api.unitalk.cloud:8443/tracking/rec/275",
        "cause": 16,
    },
}

TEMPLATE_EXAMPLE: Schema = {
    "call_id": "275",
    "call_from": "380505557182",
    "call_to_0": "2000",
    "call_outernumber": "380444900123",
    "call_direction": "IN",
    "call_date": "2018-07-09 16:58:52",
    "call_state": "ANSWER",
    "call_secondstalk": "9",
    "call_secondsfulltime": "19",
    "call_link": "",
}


def _standard() -> Schema:
    return {
        "title": "Standard JSON",
        "description": "Only CALL_END is kept; other events are acknowledged and forgotten.",
        "type": "object",
        "required": ["event", "call"],
        "properties": {
            "event": {"enum": ["CALL_NEW", "CALL_REDIRECT", "CALL_ANSWER", "CALL_END"]},
            "call": {
                "type": "object",
                "required": ["direction", "date"],
                "anyOf": [
                    {"required": [name], "properties": {name: _key()}} for name in ("dbid", "id")
                ],
                "properties": _properties(STANDARD),
                "additionalProperties": _anything_flat(),
                "maxProperties": 100,
            },
        },
        "additionalProperties": False,
    }


def _template() -> Schema:
    """No event name: final once `call_state` has a value."""
    return {
        "title": "The customer's own template (JSON or form)",
        "description": "Without an event name it is final once call_state has a value.",
        "type": "object",
        "required": ["call_id", "call_direction", "call_date", "call_state"],
        "properties": {
            **_properties(TEMPLATE),
            "call_to": _number(),
            "event": {"enum": ["CALL_END"]},
            "call_id": _key(),
        },
        "patternProperties": {"^call_to_[0-9]$": _text(NUMBER_AT_MOST)},
        "additionalProperties": False,
    }


def _properties(names: dict[str, str]) -> Schema:
    kinds = {
        "dbid": _key(empty=True),
        "id": _key(empty=True),
        "from": _numbers(),
        "to": _numbers(),
        "direction": {"enum": ["IN", "OUT", "INNER"]},
        "date": {
            "type": "string",
            "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
            "[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"
            "(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9])?$",
            "description": "Any day of the month; without a zone it is wall clock in the account's"
            " time zone, with one it is converted. Seconds or milliseconds since 1970 are taken,"
            " too.",
        },
        "seconds_total": _seconds(),
        "seconds_talk": _seconds(),
        "outer_number": _first_of(_anything_flat()),
        "link": _anything_flat(f"Kept if it is http(s) and has {LINK_AT_MOST} characters at most."),
        **dict.fromkeys(
            ("group", "cause", "source"),
            _anything_flat(f"Cut to {TEXT_AT_MOST} characters."),
        ),
    }
    return {name: kinds.get(ours, _text()) for ours, name in names.items() if ours != "event"}


def _text(at_most: int = TEXT_AT_MOST) -> Schema:
    return {"type": ["string", "null"], "maxLength": at_most}


def _key(*, empty: bool = False) -> Schema:
    """Telephony's number of the call; 0 and an empty text mean none."""
    kinds: list[Schema] = [
        {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
        {"type": "string", "pattern": "^[A-Za-z1-9._-][A-Za-z0-9._-]{0,63}$"},
    ]
    return {"anyOf": [*kinds, {"enum": ["", 0, None]}] if empty else kinds}


def _number() -> Schema:
    return {
        "anyOf": [_text(NUMBER_AT_MOST), {"type": "integer", "minimum": 0, "maximum": 10**18}],
    }


def _numbers() -> Schema:
    many = {"type": "array", "items": _number(), "maxItems": NUMBERS_AT_MOST}
    return {"anyOf": [_number(), many]}


def _first_of(one: Schema) -> Schema:
    many = {"type": "array", "items": one, "maxItems": NUMBERS_AT_MOST}
    return {"anyOf": [one, many], "description": f"The first of a list, cut to {TEXT_AT_MOST}."}


def _seconds() -> Schema:
    return _anything_flat(
        f"Rounded, from 0 to {SECONDS_AT_MOST}; what is no such number counts as 0. The talk is cut"
        " to the whole call, and counts as 0 with a state in which nobody picked up."
    )


def _anything_flat(description: str = "") -> Schema:
    """What no call is refused for, such as fields that we do not use."""
    kinds: Schema = {"type": ["string", "number", "boolean", "null"]}
    return {**kinds, "description": description} if description else kinds
