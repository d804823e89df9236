"""What telephony may send, and what is refused by the field's name."""

import json
from datetime import datetime
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.call import Call, Direction
from core.events import BadEvent, NotFinal, event_schema, parse_call
from core.events.schema import EXAMPLE, TEMPLATE_EXAMPLE


def standard(**changes: Any) -> dict[str, Any]:
    """The standard event with fields of the call changed; None takes a field away."""
    call = {**EXAMPLE["call"], **changes}
    return {"event": "CALL_END", "call": {k: v for k, v in call.items() if v is not None}}


def template(**changes: Any) -> dict[str, Any]:
    body = {**TEMPLATE_EXAMPLE, **changes}
    return {k: v for k, v in body.items() if v is not None}


def test_the_standard_body():
    assert parse_call(EXAMPLE) == Call(
        key="275",
        direction=Direction.IN,
        client_number="380505557182",
        lines=("2000",),
        external_line="380444900123",
        started_at=datetime(2018, 7, 9, 16, 58, 52),
        state="ANSWER",
        seconds_total=19,
        seconds_talk=9,
        recording_url="https://api.unitalk.cloud:8443/tracking/rec/275",
        group="Sales managers",
        cause="16",
        source="REGULAR",
    )


def test_the_customers_template():
    call = parse_call(TEMPLATE_EXAMPLE)
    assert (call.key, call.client_number, call.lines) == ("275", "380505557182", ("2000",))
    assert (call.state, call.seconds_talk, call.recording_url) == ("ANSWER", 9, "")


@pytest.mark.parametrize(
    ("sent", "cause"),
    [(16, "16"), ("16", "16"), (16.0, "16"), (None, ""), ("", ""), (" 17\n", "17"), (0, "0")],
)
def test_the_cause_of_the_hang_up(sent, cause):
    assert parse_call(standard(cause=sent)).cause == cause
    assert parse_call(template(call_cause=sent)).cause == cause


def test_the_source_stays_telephonys_word():
    assert parse_call(standard(source="CALLBACK_NEW")).source == "CALLBACK_NEW"
    assert parse_call(template(call_source="REGULAR")).source == "REGULAR"
    assert parse_call(standard(source=None)).source == ""


def test_an_outgoing_call_goes_from_the_line_to_the_client():
    call = parse_call(standard(direction="OUT", **{"from": "2000", "to": "380505557182"}))
    assert (call.client_number, call.lines) == ("380505557182", ("2000",))


@pytest.mark.parametrize("name", ["CALL_NEW", "CALL_REDIRECT", "CALL_ANSWER", "call_new", "OTHER"])
def test_t1_other_events_are_not_final(name):
    with pytest.raises(NotFinal):
        parse_call({"event": name, "call": {"state": None}})
    with pytest.raises(NotFinal):
        parse_call(template(event=name))


@pytest.mark.parametrize(
    "name", ["CALL_END\u200b", "\ufeffcall_end", "ＣＡＬＬ_ＥＮＤ", " CALL_END\t"]
)
def test_an_event_that_looks_final_is_final(name):
    assert parse_call({**standard(), "event": name}).key == "275"
    assert parse_call(template(event=name)).key == "275"


@pytest.mark.parametrize("name", ["CALL_END;", "CALL_END;call_id=1", "CALL-END", "275", "X" * 33])
def test_what_is_no_name_of_an_event_is_refused_not_forgotten(name):
    for event in ({**standard(), "event": name}, template(event=name)):
        with pytest.raises(BadEvent) as refused:
            parse_call(event)
        assert refused.value.field == "event"


def test_a_template_fires_early_without_a_state():
    with pytest.raises(NotFinal):
        parse_call(template(call_state=""))


@pytest.mark.parametrize(
    ("changes", "attribute", "expected"),
    [
        ({"from": 380505557182}, "client_number", "380505557182"),
        ({"from": ["380505557182"]}, "client_number", "380505557182"),
        ({"from": ""}, "client_number", ""),
        ({"from": None}, "client_number", ""),
        ({"from": "anonymous"}, "client_number", "anonymous"),
        ({"to": "2000"}, "lines", ("2000",)),
        ({"to": 2000}, "lines", ("2000",)),
        ({"to": [2000, "2001"]}, "lines", ("2000", "2001")),
        ({"to": "2000,2001"}, "lines", ("2000", "2001")),
        ({"to": []}, "lines", ()),
        ({"to": None}, "lines", ()),
        ({"to": ["", None]}, "lines", ()),
        ({"outerNumber": "site.ua"}, "external_line", "site.ua"),
        ({"outerNumber": None}, "external_line", ""),
        ({"secondsTalk": "9"}, "seconds_talk", 9),
        ({"secondsTalk": "9.0"}, "seconds_talk", 9),
        ({"secondsTalk": 9.0}, "seconds_talk", 9),
        ({"secondsTalk": ""}, "seconds_talk", 0),
        ({"secondsTalk": None}, "seconds_talk", 0),
        ({"dbid": None}, "key", "1091944"),
        ({"dbid": ""}, "key", "1091944"),
        ({"dbid": 0}, "key", "1091944"),
        ({"dbid": "a" * 64}, "key", "a" * 64),
        ({"dbid": 275.0}, "key", "275"),
        ({"dbid": "\u200b"}, "key", "1091944"),
        ({"dbid": "0\ufeff"}, "key", "1091944"),
        ({"dbid": "275\u200b"}, "key", "275"),
        ({"dbid": "a" * 65}, "key", "1091944"),
        ({"dbid": {}}, "key", "1091944"),
        ({"dbid": {"a": 1}}, "key", "1091944"),
        ({"dbid": True}, "key", "1091944"),
        ({"dbid": float("nan")}, "key", "1091944"),
        ({"dbid": 10**5000}, "key", "1091944"),
        ({"outerNumber": {"a": 1}}, "external_line", ""),
        ({"outerNumber": {"number": "380444900123"}}, "external_line", "380444900123"),
        ({"outerNumber": True}, "external_line", ""),
        ({"outerNumber": [True, "3" * 300]}, "external_line", "3" * 255),
        ({"from": {"number": "380505557182"}}, "client_number", "380505557182"),
        ({"to": 0}, "lines", ("0",)),
        ({"to": False}, "lines", ()),
        ({"to": {}}, "lines", ()),
        ({"to": {"number": "2000"}}, "lines", ("2000",)),
        ({"to": [{"number": "2000"}, {"number": "2001"}]}, "lines", ("2000", "2001")),
        ({"to[0][number]": "2001", "to": None}, "lines", ("2001",)),
        ({"to": ["2000", "2" * 65]}, "lines", ("2000",)),
        ({"to": [["2000"], True, "2001"]}, "lines", ("2001",)),
        ({"to": list(range(60))}, "lines", tuple(map(str, range(10, 60)))),
        ({"to": ",".join(map(str, range(60)))}, "lines", tuple(map(str, range(10, 60)))),
        ({"direction": "OUT", "to": "38050", "from": {}}, "lines", ()),
        ({"direction": "OUT", "to": "38050", "from": True}, "client_number", "38050"),
        ({"direction": "INNER", "from": True, "to": [True, "2001"]}, "client_number", "2001"),
        ({"state": None}, "state", ""),
        ({"state": "answer"}, "state", "ANSWER"),
        ({"state": "SOMETHING_NEW"}, "answered", False),
        ({"state": "NOANSWER"}, "missed", True),
        ({"state": "ANSWER\u200b"}, "answered", True),
        ({"direction": "inner"}, "direction", Direction.INNER),
        ({"direction": "\ufeffIN\u200b"}, "direction", Direction.IN),
        ({"date": "2018-07-09T16:58:52"}, "started_at", datetime(2018, 7, 9, 16, 58, 52)),
        ({"date": "2018-07-09 6:58:52"}, "started_at", datetime(2018, 7, 9, 6, 58, 52)),
        ({"date": "9.7.2018, 6:58"}, "started_at", datetime(2018, 7, 9, 6, 58)),
        ({"link": None}, "recording_url", ""),
        ({"link": "javascript:alert(1)"}, "recording_url", ""),
        ({"link": False}, "recording_url", ""),
        ({"link": "https://" + "x" * 2000}, "recording_url", ""),
        ({"lastGroupName": "g" * 256}, "group", "g" * 255),
        ({"lastGroupName": ["Sales"]}, "group", ""),
        ({"secondsTalk": -1}, "seconds_talk", 0),
        ({"secondsTalk": "9.7"}, "seconds_talk", 10),
        ({"secondsTalk": "9,7"}, "seconds_talk", 10),
        ({"secondsTalk": 10**9}, "seconds_talk", 0),
        ({"secondsTalk": 10**500}, "seconds_talk", 0),
        ({"secondsTalk": "long"}, "seconds_talk", 0),
        ({"secondsTalk": float("nan")}, "seconds_talk", 0),
        ({"secondsTalk": [9]}, "seconds_talk", 0),
        ({"secondsTalk": True}, "seconds_talk", 0),
        ({"outerNumber": ["380444900123", "380444900124"]}, "external_line", "380444900123"),
        ({"outerNumber": []}, "external_line", ""),
        ({"outerNumber": [None, 380444900124]}, "external_line", "380444900124"),
        ({"lastGroupName": "a\x00b\ud800c\n"}, "group", "abc"),
    ],
)
def test_tolerance(changes, attribute, expected):
    assert getattr(parse_call(standard(**changes)), attribute) == expected


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({}, "event"),
        ({"call": EXAMPLE["call"]}, "event"),
        ({"event": {"a": 1}}, "event"),
        ({"event": "CALL_END", "call": []}, "call"),
        ({"event": "CALL_END", "call": "x"}, "call"),
        ({"event": "CALL_END"}, "direction"),
        (standard(direction=None), "call.direction"),
        (standard(direction="SIDEWAYS"), "call.direction"),
        (standard(dbid=None, id=None), "call.dbid"),
        (standard(dbid={}, id=[1]), "call.dbid"),
        (standard(dbid="a" * 65, id=None), "call.dbid"),
        (standard(dbid=True, id=None), "call.dbid"),
        (standard(dbid={"a": 1}, id=None), "call.dbid"),
        (standard(dbid=float("nan"), id=None), "call.dbid"),
        (standard(dbid=10**5000, id=None), "call.dbid"),
        (standard(date=None), "call.date"),
        (standard(date=""), "call.date"),
        (standard(date="yesterday"), "call.date"),
        (standard(date="2018-02-30 10:00:00"), "call.date"),
        (standard(date="2018-07-09T16:58:52 Kyiv"), "call.date"),
        (standard(date="2018-07-09T16:58:52+25:00"), "call.date"),
        (standard(date="11.22.2026 16:58:52"), "call.date"),
        (standard(date="02/03/2026 16:58:52"), "call.date"),
        (standard(date="Sun, 22 Nov 2026 16:58:52 EET"), "call.date"),
        (standard(date="Sun, 32 Nov 2026 16:58:52 +0200"), "call.date"),
        (standard(date="Sun, 22 Nov 2026 16:58:52 +9900"), "call.date"),
        (standard(date="22 Nov 2026 :::::"), "call.date"),
        (standard(date="22 Abc 2026 10:00:00"), "call.date"),
        (standard(date="0001-01-01 00:00:00"), "call.date"),
        (standard(**{"from": {"number": 1}}), "call.from"),
        (standard(**{"from": "3" * 65}), "call.from"),
        (standard(**{"from": "3" * 256}), "call.from"),
        (standard(**{"from": True}), "call.from"),
        (standard(**{"from": ["3"] * 51}), "call.from"),
        (standard(direction="OUT", to={"number": 1}), "call.to"),
        (standard(extra=[[[[[[[[[1]]]]]]]]]), "event"),
        (standard(extra=list(range(1001))), "event"),
        (template(call_state=None), "call_state"),
        (template(call_date=None), "call_date"),
        (template(call_id=""), "call_dbid"),
        (["not", "an", "object"], "event"),
    ],
)
def test_bad_input_names_the_field(event, field):
    with pytest.raises(BadEvent) as refused:
        parse_call(event)
    assert refused.value.field == field
    assert refused.value.message


def test_a_template_lists_lines_in_order():
    call = parse_call(template(call_to_0="1", call_to_1="2", call_to_10="11", call_to_2="3"))
    assert call.lines == ("1", "2", "3", "11")


def test_a_very_deep_event_is_refused_without_recursion():
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BadEvent):
        parse_call(standard(extra=deep))


naughty = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(sorted(EXAMPLE["call"])), naughty))
def test_naughty_values_are_taken_or_refused_but_never_crash(changes):
    _parse_safely({"event": "CALL_END", "call": {**EXAMPLE["call"], **changes}})


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(sorted(TEMPLATE_EXAMPLE)) | st.text(), naughty))
def test_naughty_templates_are_taken_or_refused_but_never_crash(changes):
    _parse_safely({**TEMPLATE_EXAMPLE, **changes})


def _parse_safely(event: dict[str, Any]) -> None:
    try:
        call = parse_call(event)
    except (BadEvent, NotFinal):
        return
    assert Call.model_validate_json(call.model_dump_json()) == call
    assert "\x00" not in call.model_dump_json()
    assert 1 <= len(call.key) <= 64


def test_the_schema_is_one_and_fits_the_examples():
    schema = event_schema()
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.validator_for(schema)
    for example in schema["examples"]:
        validator.validate(example)
        parse_call(example)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize(
    "event",
    [standard(direction=None), standard(date="yesterday"), standard(dbid=None, id=None), {}],
)
def test_the_schema_refuses_what_the_reader_refuses(event):
    assert not jsonschema_rs.validator_for(event_schema()).is_valid(event)


@pytest.mark.parametrize(
    "changes",
    [
        {"lastGroupName": "g" * 999, "link": False, "secondsTalk": -1},
        {"lastGroupName": 7, "link": "x" * 9999, "secondsFullTime": "9.7"},
        {"outerNumber": ["380444900123"], "secondsTalk": "long", "link": None},
        {"outerNumber": "3" * 300},
        {"outerNumber": True, "lastGroupName": 7.5},
    ],
)
def test_the_schema_admits_what_the_reader_takes(changes):
    event = standard(**changes)
    jsonschema_rs.validator_for(event_schema()).validate(event)
    parse_call(event)
