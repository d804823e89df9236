"""Telephony's finished-call events → `Call`: tolerant of form, strict about meaning.

Telephony may not repeat an event that was refused, so a call is refused only for what it cannot do
without: key, direction, numbers, date and state. Of the rest the reader takes what there is.

Two bodies are understood (source: telephony's API reference):

* the standard JSON, `{"event": "CALL_END", "call": {"dbid": 275, "from": …}}`;
* the customer's own template, as a form or JSON, with `call_id`, `call_from`, `call_to_0`…
  A template has no event name and can fire before the call is over: it counts as final once
  `call_state` has a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.call import Call, Direction
from core.events.schema import event_schema
from core.events.values import LINK_AT_MOST, BadEvent, Body, check_size

__all__ = ["BadEvent", "NotFinal", "event_schema", "parse_call"]

FINAL = "CALL_END"


class NotFinal(Exception):
    """The call is not over; nothing is kept of such an event."""


def parse_call(event: Mapping[str, Any]) -> Call:
    """One event → the call. Raises `NotFinal`, or `BadEvent` naming the field."""
    if not isinstance(event, Mapping):
        raise BadEvent("event", "must be an object")
    check_size(event)
    body = _body(event)
    direction = _direction(body)
    ours, theirs = _ends(body, direction)
    return Call(
        key=_key(body),
        direction=direction,
        client_number=theirs[0] if theirs else "",
        lines=ours,
        external_line=body.number("outer_number"),
        started_at=_started_at(body),
        state=body.text("state").upper(),
        seconds_total=body.seconds("seconds_total"),
        seconds_talk=body.seconds("seconds_talk"),
        recording_url=_recording(body),
        group=body.optional("group"),
    )


def _body(event: Mapping[str, Any]) -> Body:
    """The call's fields, once it is sure that this is the final event."""
    templated = any(str(name).startswith("call_") for name in event)
    name = Body.template(event).text("event").upper()
    if name and name != FINAL:
        raise NotFinal(name)
    if not name and not templated:
        raise BadEvent("event", "is missing")
    if not templated:
        call = event.get("call", event)
        if not isinstance(call, Mapping):
            raise BadEvent("call", "must be an object")
        return Body.standard(call, nested=call is not event)
    body = Body.template(event)
    if not name:
        _refuse_unfinished_template(body)
    return body


def _refuse_unfinished_template(body: Body) -> None:
    if not body.has("state"):
        raise BadEvent(body.name("state"), "is missing: without it nobody knows how the call ended")
    if not body.text("state"):
        raise NotFinal("no state yet")


def _direction(body: Body) -> Direction:
    sent = body.required("direction").upper()
    if sent not in Direction.__members__:
        raise BadEvent(body.name("direction"), "must be IN, OUT or INNER")
    return Direction[sent]


def _ends(body: Body, direction: Direction) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The company's lines and the client's numbers; an incoming call comes *from* the client."""
    source, target = body.numbers("from"), body.numbers("to")
    return (target, source) if direction is Direction.IN else (source, target)


def _key(body: Body) -> str:
    """`dbid`, telephony's lasting number of the call; else `id`. Zero means none."""
    for field in ("dbid", "id"):
        key = body.text(field, at_most=64)
        if key.strip("0"):
            return key
    raise BadEvent(body.name("dbid"), "is missing, and so is the id")


def _started_at(body: Body) -> datetime:
    """Wall clock in the account's time zone; a zone would contradict it and is refused."""
    sent = body.required("date")
    try:
        moment = datetime.fromisoformat(sent)
    except ValueError:
        raise BadEvent(body.name("date"), "must look like 2018-07-09 16:58:52") from None
    if moment.tzinfo is not None:
        raise BadEvent(body.name("date"), "must be a wall clock without a zone")
    if not 2000 <= moment.year < 2100:
        raise BadEvent(body.name("date"), "must lie between the years 2000 and 2099")
    return moment


def _recording(body: Body) -> str:
    """The link to the recording, if it is one that a browser may safely open. Half a link would
    lead nowhere."""
    link = body.optional("link", at_most=LINK_AT_MOST + 1)
    safe = link.lower().startswith(("https://", "http://"))
    return link if safe and len(link) <= LINK_AT_MOST else ""
