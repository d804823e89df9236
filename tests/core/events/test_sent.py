"""What an event carries besides is never a reason to lose the call; what was changed is told."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.call import NOBODY_TALKED
from core.clock import on_the_clock, started
from core.events import parse_call
from core.languages import TRANSLATED
from core.texts import say
from core.texts.labels import LABELS
from tests.core.events.test_events import standard

KYIV = ZoneInfo("Europe/Kyiv")


def told(**changes: Any) -> list[str]:
    return [say(one, "en") for one in parse_call(standard(**changes), KYIV).changes]


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ("2026-11-22T14:58:52Z", "2026-11-22 16:58:52"),
        ("2026-11-22T14:58:52z", "2026-11-22 16:58:52"),
        ("2026-11-22 14:58:52 UTC", "2026-11-22 16:58:52"),
        ("2026-11-22T17:58:52+03:00", "2026-11-22 16:58:52"),
        ("2026-11-22T17:58:52 03:00", "2026-11-22 16:58:52"),
        ("2026-11-22 17:58:52 +0300", "2026-11-22 16:58:52"),
        ("2026-11-22T17:58:52.123+03", "2026-11-22 16:58:52"),
        ("2026-11-22T09:58:52.123456789-05:00[America/New_York]", "2026-11-22 16:58:52"),
        ("2026-11-22T16:58:52+02:00[Europe/Kyiv]", "2026-11-22 16:58:52"),
        ("2026-07-22T14:58:52Z", "2026-07-22 17:58:52"),
        ("2026-12-31T23:30:00Z", "2027-01-01 01:30:00"),
        ("1795359532", "2026-11-22 16:58:52"),
        (1795359532, "2026-11-22 16:58:52"),
        (1795359532.75, "2026-11-22 16:58:52"),
        (1795359532750, "2026-11-22 16:58:52"),
        ("2026-11-22 16:58:52.75", "2026-11-22 16:58:52"),
        ("2026-11-22T16:58", "2026-11-22 16:58:00"),
        ("2026-11-22  16:58:52", "2026-11-22 16:58:52"),
        ("2026-11-22\u00a016:58:52\u200b", "2026-11-22 16:58:52"),
        ("2026\u201111\u201122 16:58:52", "2026-11-22 16:58:52"),
        ("2026-11-22T09:58:52\u221205:00", "2026-11-22 16:58:52"),
        ("2026-11-22 14:58:52  UTC", "2026-11-22 16:58:52"),
        ("Sun, 22 Nov 2026 16:58:52 +0200", "2026-11-22 16:58:52"),
        ("Sun, 22 Nov 2026 14:58:52 GMT", "2026-11-22 16:58:52"),
        ("22 Nov 2026 09:58:52 -0500 (EST)", "2026-11-22 16:58:52"),
        ("Sun, 22 Nov 2026 16:58:52", "2026-11-22 16:58:52"),
        ("22.11.2026 16:58:52", "2026-11-22 16:58:52"),
        ("22.11.2026 17:58:52 +03:00", "2026-11-22 16:58:52"),
        ("2.1.2026 16:58", "2026-01-02 16:58:00"),
        ("22.11.2026, 16:58:52", "2026-11-22 16:58:52"),
        ("2026/11/22 16:58:52", "2026-11-22 16:58:52"),
        ("2026.1.2 17:58:52+03:00", "2026-01-02 16:58:52"),
    ],
)
def test_a_date_with_a_zone_is_converted_to_the_accounts(sent, taken):
    call = parse_call(standard(date=sent), KYIV)
    assert str(call.started_at.replace(tzinfo=None)) == taken
    is_told = [one.code for one in call.changes] == ["sent.date_converted"]
    assert is_told == (taken[11:16] not in str(sent))


@pytest.mark.parametrize("sent", ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"])
@pytest.mark.parametrize("handed_over", ["2026-10-25T00:31:00Z", "2026-10-26T00:00:00Z"])
def test_the_hour_that_comes_twice_stays_the_moment_that_it_was(sent, handed_over):
    call = parse_call(standard(date=sent), KYIV)
    assert str(call.started_at.replace(tzinfo=None)) == "2026-10-25 03:30:00"
    for read in (call, on_the_clock(call, KYIV, datetime.fromisoformat(handed_over))):
        assert started(read, KYIV).astimezone(UTC) == datetime.fromisoformat(sent)


@pytest.mark.parametrize(
    ("changes", "talk"),
    [
        ({"secondsTalk": 1731660518186023947, "secondsFullTime": 30}, 0),
        ({"secondsTalk": 40, "secondsFullTime": 30}, 30),
        ({"secondsTalk": 40, "secondsFullTime": 0}, 40),
        ({"secondsTalk": 40, "secondsFullTime": None}, 40),
        ({"secondsTalk": 19, "secondsFullTime": 19000000}, 19),
        ({"secondsTalk": 1795359532}, 0),
        ({"secondsTalk": -9}, 0),
        ({"secondsTalk": "1e400"}, 0),
        ({"secondsTalk": "1_0"}, 0),
        ({"secondsTalk": "00:12"}, 0),
        ({"secondsTalk": 86_400, "secondsFullTime": 86_400}, 86_400),
        ({"secondsTalk": 12, "state": "NOANSWER"}, 0),
        ({"secondsTalk": 12, "state": "busy"}, 0),
        ({"secondsTalk": 12, "state": "ANSW_NF_OP"}, 12),
        ({"secondsTalk": 12, "state": "SOMETHING_NEW"}, 12),
        ({"secondsTalk": 12, "state": ""}, 12),
    ],
)
def test_an_absurd_or_contradictory_duration_is_cut_to_what_can_be(changes, talk):
    assert parse_call(standard(**{"secondsFullTime": 19, **changes})).seconds_talk == talk


@given(st.integers() | st.floats() | st.text() | st.none(), st.integers() | st.text() | st.none())
def test_no_duration_costs_the_call_and_none_is_absurd(talk, total):
    call = parse_call(standard(secondsTalk=talk, secondsFullTime=total))
    assert 0 <= call.seconds_total <= 86_400
    assert 0 <= call.seconds_talk <= (call.seconds_total or 86_400)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"link": "javascript:alert(1)"}, "The link to the recording was left out: it does not be"),
        ({"link": "/rec/275"}, "The link to the recording was left out: it does not begin with"),
        ({"link": "https://" + "x" * 2000}, "The link to the recording was left out: it is longer"),
        ({"link": {"url": 1}}, "call.link was left out: it is neither text nor a number."),
        ({"lastGroupName": ["Sales"]}, "call.lastGroupName was left out: it is neither"),
        ({"cause": [16]}, "call.cause was left out: it is neither text nor a number."),
        ({"cause": "1" * 256}, "call.cause was cut to 255 characters."),
        ({"source": {"kind": "REGULAR"}}, "call.source was left out: it is neither text nor a num"),
        ({"source": True}, "call.source was left out: it is neither text nor a number."),
        ({"source": "a\0b"}, "call.source holds characters that cannot be read"),
        ({"lastGroupName": "g" * 256}, "call.lastGroupName was cut to 255 characters."),
        ({"lastGroupName": "a\0b"}, "call.lastGroupName holds characters that cannot be read"),
        ({"lastGroupName": "a\ufffd"}, "call.lastGroupName holds characters that cannot be read"),
        ({"lastGroupName": "a\ud83d"}, "call.lastGroupName holds characters that cannot be read"),
        ({"outerNumber": ["1", "2"]}, "call.outerNumber lists several numbers: “1” was taken."),
        ({"outerNumber": {"a": 1}}, "call.outerNumber was left out: it is neither text nor"),
        ({"outerNumber": "3" * 256}, "call.outerNumber was cut to 255 characters."),
        ({"dbid": True}, "call.dbid was left out: it is neither text nor a number."),
        ({"dbid": "2" * 65}, "call.dbid was left out: it is longer than 64 characters."),
        ({"to": [True, "2000"]}, "call.to: lines kept: 1, left out: 1, which cannot be read or"),
        ({"to": ["2" * 65]}, "call.to: lines kept: 0, left out: 1, which cannot be read or are"),
        ({"to": ["2000"] * 51}, "call.to: lines kept: 50, left out: 1, which cannot be read or"),
        ({"from": ["1", "2"]}, "call.from lists several numbers: “1” was taken."),
        ({"secondsFullTime": -1}, "call.secondsFullTime was taken for 0: “-1” cannot be"),
        ({"secondsFullTime": "0:19"}, "call.secondsFullTime was taken for 0: “0:19” cannot be"),
        ({"secondsFullTime": True}, "call.secondsFullTime was left out: it is neither"),
        ({"secondsTalk": 20}, "The talk was cut from 20 to 19 seconds: it cannot be longer than"),
        ({"state": "BUSY"}, "A talk of 9 seconds was taken for 0: with the state BUSY nobody"),
        ({"date": "2026-11-22T14:58:52Z"}, "The date “2026-11-22T14:58:52Z” was converted to the"),
    ],
)
def test_what_was_left_out_or_changed_is_told(changes, sentence):
    (line,) = told(**changes)
    assert line.startswith(sentence)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"link": None, "lastGroupName": None, "secondsTalk": None},
        {"link": "", "lastGroupName": " Sales\tEast\r\n", "secondsTalk": "9.4"},
        {"cause": None, "source": None},
        {"cause": [], "source": False},
        {"link": False, "lastGroupName": [], "to": False, "outerNumber": {}, "dbid": False},
        {"to": [{"number": "2000"}, None], "outerNumber": {"number": "380444900123"}},
        {"to": ["2000", "2001"], "outerNumber": ["380444900123"]},
        {"direction": "INNER", "from": "2000", "to": ["2001", "2002"]},
        {"date": "2026-11-22T16:58:52+02:00"},
    ],
)
def test_nothing_is_told_of_what_came_as_it_is_taken(changes):
    assert told(**changes) == []


def test_every_language_tells_it():
    (change,) = parse_call(standard(link="x")).changes
    sentences = {say(change, language) for language in ("en", *TRANSLATED)}
    assert len(sentences) == 1 + len(TRANSLATED)


def test_states_without_a_talk_are_telephonys():
    assert {f"state.{state}" for state in NOBODY_TALKED} < LABELS.keys() - {"state.ANSWER"}


def test_names_that_we_do_not_read_cost_nothing_however_nested():
    names = {f"meta.{n}.b.c.d.e.f": n for n in range(900)}
    assert parse_call({**standard(), **names}).key == "275"
    assert parse_call(standard(**{"x[a][b][c][d][e][f]": [[[1]]]})).key == "275"


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        ({"call_to[]": ["2000", "2001"]}, ("2000", "2001")),
        ({"call_to[1]": "2001", "call_to[0]": "2000"}, ("2000", "2001")),
        ({"call_to.0": "2000"}, ("2000",)),
        ({"call_to": {"0": "2000", "1": "2001"}}, ("2000", "2001")),
        ({"call_to": '["2000", "2001"]'}, ("2000", "2001")),
        ({"call_to": "2000", "call_to[]": ["3000"]}, ("2000",)),
        ({"call_to": "[2000"}, ("[2000",)),
    ],
)
def test_a_template_in_json_may_have_brackets_too(names, lines):
    sent = {
        "call_id": "1",
        "call_direction": "IN",
        "call_date": "2026-11-22 16:58:52",
        "call_state": "ANSWER",
        "call[junk]": 1,
        **names,
    }
    before = repr(sent)
    assert parse_call(sent).lines == lines
    assert repr(sent) == before
