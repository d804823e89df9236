"""An event is found in whatever it was wrapped, and what only looks like one is passed by."""

import json
from typing import Any

import pytest

from core.events import BadEvent, NotFinal, from_form, opened, parse_call
from tests.helpers.events import event

CALL = event()["call"]
JSON = json.dumps(event())
TEMPLATE = {
    "call_dbid": "275",
    "call_direction": "IN",
    "call_date": "2026-11-22 16:58:52",
    "call_state": "ANSWER",
}


def form(**fields: str) -> dict[str, Any]:
    return from_form(fields.items())


@pytest.mark.parametrize(
    "sent",
    [
        form(call_data=JSON),
        form(callback="x", payload=JSON),
        form(call=JSON),
        form(event=JSON),
        form(event="CALL_END", payload=JSON),
        form(event="CALL_END", call=JSON),
        form(ids="[1,2]", payload=JSON),
        form(meta='{"event": "x"}', payload=JSON),
        {"data": event()},
        {"data": {"payload": JSON}},
        {"event": event()},
        {"call": TEMPLATE},
        {"event": "CALL_END", "call": json.dumps(TEMPLATE)},
        {"data[event]": "CALL_END", **{f"data[call][{name}]": one for name, one in CALL.items()}},
        {"data.event": "CALL_END", **{f"data.call.{name}": one for name, one in CALL.items()}},
        {**event(), "call_center": "x", "call_id": "7"},
        {"event": "CALL_END", "call": {**CALL, "event": "hangup", "call_id": "7"}},
        {"event": "CALL_END", **CALL, "meta": event(dbid=7)},
    ],
)
def test_one_event_in_any_wrapping(sent):
    assert parse_call(opened(sent)).key == "275"


@pytest.mark.parametrize(
    "sent", [form(calls=f"[7, {JSON}]"), {"calls": [JSON]}, {"data": [event()]}]
)
def test_a_list_of_events_in_any_wrapping(sent):
    assert parse_call(opened(opened(sent)[-1])).key == "275"


def test_a_wrapped_event_that_is_not_the_last_is_known_for_one():
    with pytest.raises(NotFinal):
        parse_call(opened({"data": {"event": "CALL_NEW", "call": {"state": None}}}))


@pytest.mark.parametrize("sent", [form(ids="[1,2]"), {"data": {"a": [{}]}}, {"callback": "x"}, []])
def test_what_holds_no_event_comes_back_as_it_is(sent):
    assert opened(sent) == sent
    with pytest.raises(BadEvent):
        parse_call(sent)


@pytest.mark.parametrize("another", [",[]", r"\u002c\u005b]"], ids=["plain", "spelt otherwise"])
def test_a_text_of_too_many_values_is_not_looked_into(another):
    """Each would take fifty times its two bytes."""
    text = '"[{}' + another * 350_000 + ']"'
    assert isinstance(opened(text), str)
