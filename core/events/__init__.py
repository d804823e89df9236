"""Telephony's finished-call events → `Call`: tolerant of form, strict about meaning.

    wrapping → nested names → the body's fields → the call, and what was changed on the way

Telephony may not repeat an event that was refused, so a call is refused only for what it cannot do
without: key, direction, client's number, date and state. Of the rest the reader takes what there
is, and tells in `Call.changes` what it left out.

Two bodies are understood (source: telephony's API reference):

* the standard JSON, `{"event": "CALL_END", "call": {"dbid": 275, "from": …}}`;
* the customer's own template, as a form or JSON, with `call_id`, `call_from`, `call_to_0`…
  A template has no event name and can fire before the call is over: it counts as final once
  `call_state` has a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Any

from core import reasons
from core.call import NOBODY_TALKED, Call, Direction
from core.events.bounds import BadEvent, check_size
from core.events.envelope import opened
from core.events.json_texts import is_like_json, json_within, read_json
from core.events.moments import wall_clock
from core.events.names import from_form, is_templated, unfolded
from core.events.schema import event_schema
from core.events.values import KEY_AT_MOST, LINK_AT_MOST, Body
from core.same_text import plain

__all__ = [
    "BadEvent",
    "NotFinal",
    "event_schema",
    "from_form",
    "is_like_json",
    "opened",
    "parse_call",
    "read_json",
]

FINAL = "CALL_END"
_EVENT_NAME = re.compile("[A-Z_]{1,32}")


class NotFinal(Exception):
    """The call is not over; nothing is kept of such an event."""


def parse_call(event: Mapping[str, Any], zone: tzinfo = UTC) -> Call:
    """One event → the call. Raises `NotFinal`, or `BadEvent` naming the field.

    Args:
        zone: the account's, into which a date with a zone of its own is converted.
    """
    if not isinstance(event, Mapping):
        raise BadEvent("event", "must be an object")
    body = _body(_within_bounds(event))
    direction = _direction(body)
    client_number, lines = _ends(body, direction)
    state = body.word("state")
    seconds_total, seconds_talk = _durations(body, state)
    return Call(
        key=_key(body),
        direction=direction,
        client_number=client_number,
        lines=lines,
        external_line=body.number("outer_number"),
        started_at=wall_clock(body, zone),
        state=state,
        seconds_total=seconds_total,
        seconds_talk=seconds_talk,
        recording_url=_recording(body),
        group=body.optional("group"),
        cause=body.optional("cause"),
        source=body.optional("source"),
        changes=tuple(body.changes),
    )


def _within_bounds(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """With its nested names unfolded; neither before nor after that too deep or too much."""
    check_size(event)
    event = unfolded(event)
    check_size(event)
    return event


def _body(event: Mapping[str, Any]) -> Body:
    """The call's fields, once it is sure that this is the final event."""
    name = _event_name(event)
    call = json_within(event.get("call"))
    has_call = isinstance(call, Mapping) and "direction" in unfolded(call)
    if is_templated(event) and not (name and has_call):
        body = Body.template(event)
        if not name:
            _refuse_unfinished_template(body)
        return body
    if not name:
        raise BadEvent("event", "is missing")
    if "call" not in event:
        return Body.standard(event, nested=False)
    if not isinstance(call, Mapping):
        raise BadEvent("call", "must be an object")
    return Body.standard(_within_bounds(call), nested=True)


def _event_name(event: Mapping[str, Any]) -> str:
    """`CALL_END`, or empty. What is no name at all is refused: who is told that a call is not over
    does not send it again."""
    name = Body.template(event).word("event")
    if name and not _EVENT_NAME.fullmatch(name):
        raise BadEvent("event", f"must be a name such as {FINAL}")
    if name and name != FINAL:
        raise NotFinal(name)
    return name


def _refuse_unfinished_template(body: Body) -> None:
    if not body.has("state"):
        raise BadEvent(body.name("state"), "is missing: without it nobody knows how the call ended")
    if not body.word("state"):
        raise NotFinal("no state yet")


def _direction(body: Body) -> Direction:
    sent = body.word("direction")
    if not sent:
        raise BadEvent(body.name("direction"), "is missing")
    if sent not in Direction.__members__:
        raise BadEvent(body.name("direction"), "must be IN, OUT or INNER")
    return Direction[sent]


def _ends(body: Body, direction: Direction) -> tuple[str, tuple[str, ...]]:
    """The client's number and our lines; an incoming call comes *from* the client, and an internal
    one has none."""
    theirs, ours = ("from", "to") if direction is Direction.IN else ("to", "from")
    if direction is Direction.INNER:
        return next(iter(body.lines(theirs)), ""), body.lines(ours)
    return body.first(body.numbers(theirs), theirs), body.lines(ours)


def _key(body: Body) -> str:
    """`dbid`, telephony's lasting number of the call; else `id`. Zero means none."""
    for field in ("dbid", "id"):
        key = plain(body.carried(field))
        if len(key) > KEY_AT_MOST:
            body.say(reasons.sent.too_long(field=body.name(field), at_most=KEY_AT_MOST))
        elif key.strip("0"):
            return key
    raise BadEvent(body.name("dbid"), "is missing or cannot be read, and so is the id")


def _durations(body: Body, state: str) -> tuple[int, int]:
    """Seconds of the whole call and of the talk, which is a part of it and needs an answer."""
    total, talk = body.seconds("seconds_total"), body.seconds("seconds_talk")
    if talk and state in NOBODY_TALKED:
        body.say(reasons.sent.talk_unanswered(sent=talk, state=state))
        return total, 0
    if 0 < total < talk:
        body.say(reasons.sent.talk_too_long(sent=talk, total=total))
        return total, total
    return total, talk


def _recording(body: Body) -> str:
    """The link to the recording, if it is one that a browser may safely open. Half a link would
    lead nowhere."""
    link = body.carried("link")
    if link and not link.lower().startswith(("https://", "http://")):
        body.say(reasons.sent.link_unsafe())
        return ""
    if len(link) > LINK_AT_MOST:
        body.say(reasons.sent.link_too_long(at_most=LINK_AT_MOST))
        return ""
    return link
