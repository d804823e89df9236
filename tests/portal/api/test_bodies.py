"""The HTTP door takes what senders send: any character set, any form, however it is declared."""

import json
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import parse_call
from portal.web.extensions import limiter
from tests.helpers.events import event
from tests.portal.helpers.naughty import LENIENT

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=edge"
SALES = "Отдел продаж"
FLAT = {
    "event": "CALL_END",
    "dbid": "1",
    "to": "2000",
    "from": "380505557182",
    "direction": "IN",
    "date": "2026-11-22 16:58:52",
    "state": "ANSWER",
    "lastGroupName": SALES,
}
WHOLE = json.dumps(event(dbid=1, lastGroupName=SALES), ensure_ascii=False)


@pytest.fixture
def hand_over(app, store, monkeypatch):
    """Sends a body; the status, and the call if it was taken."""
    monkeypatch.setattr(limiter, "enabled", False)
    key, telephony = store.accounts.issue_key("acme"), app.test_client()

    def send(body, content_type=None):
        headers = {"Authorization": f"Bearer {key}"}
        answer = telephony.post("/api/calls", data=body, content_type=content_type, headers=headers)
        row = store.journal.by_key("acme", "1")
        return answer, row and parse_call(row.event)

    return send


def form(encoding="utf-8", **changes):
    return urlencode({**FLAT, **changes}, encoding=encoding)


def call_as_form(pattern):
    """The call's fields under names of a pattern, and the event's."""
    call = {name: value for name, value in FLAT.items() if name != "event"}
    named = [(pattern % name, value) for name, value in call.items()]
    return urlencode([("event", "CALL_END"), *named])


def multipart(fields, encoding="utf-8", file=""):
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [
        f"--edge\r\n{head.format(name)}{file}\r\n\r\n{value}\r\n" for name, value in fields.items()
    ]
    return ("".join(parts) + "--edge--\r\n").encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be",
                                      "utf-32", "utf-32-be", "cp1251"])  # fmt: skip
@pytest.mark.parametrize("content_type", [JSON, FORM, "text/plain", None])
def test_json_in_any_encoding_and_of_any_kind(hand_over, encoding, content_type):
    answer, call = hand_over(WHOLE.encode(encoding), content_type)
    assert (answer.status_code, call.group, call.lines) == (202, SALES, ("2000",))


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ("KOI8-R", "koi8-r"),
        ("cp866", "cp866"),
        ("iso-8859-5", "iso-8859-5"),
        ("utf-8", "cp1251"),
        ("windows-1251", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("x-mac-cyrillic", "cp1251"),
        ("maccyrillic", "mac_cyrillic"),
        ("GBK", "gbk"),
        ("gb2312", "gb2312"),
        ("euc-kr", "euc_kr"),
        ("shift_jis", "shift_jis"),
        ("Shift-JIS", "shift_jis"),
        ("big5", "utf-8"),
        ("us-ascii", "utf-8"),
        ("us-ascii", "cp1251"),
        ("no-such-set", "cp1251"),
        ("unicode_escape", "cp1251"),
        ("zlib", "cp1251"),
        ("punycode", "cp1251"),
    ],
)
def test_a_declared_character_set_helps_and_never_hinders(hand_over, declared, encoding):
    answer, call = hand_over(WHOLE.encode(encoding), f"{JSON}; charset={declared}")
    assert (answer.status_code, call.group) == (202, SALES)


@pytest.mark.parametrize(
    ("declared", "group"),
    [("latin1", "Zürich"), ("l1", "Zürich"), ("macintosh", "Zürich"), ("big5", "業務部")],
)
@pytest.mark.parametrize("kind", [JSON, FORM, MULTIPART, "a part of its own"])
def test_a_character_set_counts_by_any_of_its_names(hand_over, declared, group, kind):
    fields = {**FLAT, "lastGroupName": group}
    own = f"\r\nContent-Type: text/plain; charset={declared}"
    body, content_type = {
        JSON: (json.dumps(fields, ensure_ascii=False).encode(declared), JSON),
        FORM: (form(declared, lastGroupName=group), FORM),
        MULTIPART: (multipart(fields, declared), MULTIPART),
    }.get(kind, (multipart(fields, declared, file=own), MULTIPART))
    charset = f"; charset={declared}" if content_type == kind else ""
    answer, call = hand_over(body, content_type + charset)
    assert (answer.status_code, call.group) == (202, group)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (form(), FORM),
        (form("cp1251"), FORM),
        (form("koi8-r"), f"{FORM}; charset=koi8-r"),
        (form(), None),
        (form(), JSON),
        (form(), "text/plain; charset=utf-8"),
        (form().encode("utf-8-sig"), FORM),
        (form().encode("utf-16"), FORM),
        ("&".join(f"{name}={value}" for name, value in FLAT.items()).encode("cp1251"), FORM),
        (call_as_form("call[%s]"), FORM),
        (call_as_form("call.%s"), FORM),
        (urlencode({"payload": WHOLE}), FORM),
        (urlencode({"json": WHOLE, "token": "x"}), FORM),
        (urlencode({"data": json.dumps(WHOLE)}), FORM),
        (urlencode({"event": "CALL_END", "call": json.dumps(FLAT)}), FORM),
        (quote_from_bytes(WHOLE.encode()), FORM),
        (json.dumps(WHOLE), JSON),
        (json.dumps(json.dumps(WHOLE)), JSON),
        (json.dumps({"event": "CALL_END", "call": json.dumps(FLAT)}), JSON),
        (json.dumps({"payload": WHOLE}), JSON),
        (multipart(FLAT), MULTIPART),
        (multipart(FLAT, "cp1251"), MULTIPART),
        (multipart({"f": WHOLE}, file='; filename="1"'), MULTIPART),
        (form(), "multipart/form-data"),
        (WHOLE.replace(SALES, SALES + "\x01"), JSON),
        (f"{WHOLE}\0\r\n", JSON),
    ],
)
def test_every_wrapping_of_one_call(hand_over, body, content_type):
    answer, call = hand_over(body, content_type)
    assert (answer.status_code, call.group, call.line) == (202, SALES, "2000")
    assert call.client_number == "380505557182"


@pytest.mark.parametrize(
    "lines",
    [
        "to=2000&to=2001",
        "to%5B%5D=2000&to%5B%5D=2001",
        "to[]=2000&to[]=2001",
        "to[0]=2000&to[1]=2001",
        "to[1]=2001&to[0]=2000",
        "to.0=2000&to.1=2001",
        "to=2000,2001",
        "to=%5B%222000%22%2C%222001%22%5D",
        "to=[2000,2001]",
    ],
)
def test_a_list_in_a_form_keeps_its_order(hand_over, lines):
    answer, call = hand_over(form(lastGroupName="").replace("to=2000", lines), FORM)
    assert (answer.status_code, call.lines) == (202, ("2000", "2001"))


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("+34612345678", "+34612345678"),
        ("%2B34612345678", "+34612345678"),
        ("+12025550", "+12025550"),
        ("+2905123", "+2905123"),
        ("+380501112233,+380501112234", "+380501112233"),
        ("+0501234567", "0501234567"),
        ("380505557182", "380505557182"),
    ],
)
def test_a_plus_that_was_not_encoded_stays_a_plus(hand_over, sent, read):
    answer, call = hand_over(form().replace("380505557182", sent), FORM)
    assert (answer.status_code, call.client_number) == (202, read)


@pytest.mark.parametrize("apart", [",", ";", "%2C", "%3b"])
def test_a_plus_stays_in_each_of_several_numbers(hand_over, apart):
    lines = apart.join(["+380501112233", "+12025550", "2000", "+380501112234"])
    answer, call = hand_over(form().replace("to=2000", f"to={lines}"), FORM)
    assert answer.status_code == 202
    assert call.lines == ("+380501112233", "+12025550", "2000", "+380501112234")


def test_of_a_repeated_name_that_is_no_list_the_first_counts(hand_over):
    answer, call = hand_over(form() + "&direction=OUT&state=BUSY&lastGroupName=x", FORM)
    assert (answer.status_code, call.direction, call.state) == (202, "IN", "ANSWER")
    assert call.group == SALES


@pytest.mark.parametrize(
    ("group", "read"),
    [
        (SALES.encode("cp1251"), SALES),
        (SALES.encode()[:-1], "Отдел прода\ufffd"),
        (b"Sales \xff", "Sales я"),
        (b"C:\\Sales", "C:\\Sales"),
        (b"Sales\tEast", "Sales East"),
        (b"Sales\r\nEast", "Sales East"),
        (b"Sales\\u12", "Sales\\u12"),
    ],
)
def test_a_bad_byte_in_an_optional_text_never_loses_the_call(hand_over, group, read):
    body = json.dumps(event(dbid=1, lastGroupName="GROUP")).encode().replace(b"GROUP", group)
    answer, call = hand_over(body, JSON)
    assert (answer.status_code, call.group) == (202, read)


@pytest.mark.parametrize("value", ["NaN", "-Infinity", "9" * 5000])
def test_a_number_that_is_none_never_loses_the_call(hand_over, value):
    body = json.dumps(event(dbid=1, cause="CAUSE")).replace('"CAUSE"', value)
    assert hand_over(body, JSON)[0].status_code == 202


def test_a_list_of_events_may_be_wrapped(hand_over):
    events = json.dumps([event(dbid=1), json.dumps(event(dbid=2))])
    answer, _ = hand_over(urlencode({"payload": events}), FORM)
    assert answer.json == {"results": [{"result": "accepted"}] * 2}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (form(direction=""), FORM, 400),
        (multipart({**FLAT, "date": "soon"}), MULTIPART, 400),
        (multipart(FLAT)[:-20], MULTIPART, 400),
        ("<call/>", "application/xml", 415),
        ("CALL_END", None, 415),
        ("&".join(f"a{n}=" for n in range(1001)), FORM, 413),
        ("call" + "[to]" * 20_000 + "=1", FORM, 400),
        (form() + "&" + "[" * 60_000, FORM, 202),
        (json.dumps({"payload": "[" * 100_000}), JSON, 400),
        (json.dumps({"event": "CALL_END", "call": '{"a": [[[[[[[[[1]]]]]]]]]}'}), JSON, 400),
        (json.dumps({"event": "CALL_END", "call": json.dumps(list(range(9999)))}), JSON, 400),
    ],
)  # fmt: skip
def test_limits_hold_whatever_the_wrapping(hand_over, body, content_type, status):
    answer, _ = hand_over(body, content_type)
    assert answer.status_code == status, answer.json
    assert status != 400 or answer.json["field"]


KINDS = st.sampled_from([JSON, FORM, "text/plain", MULTIPART, None,
                         "application/json; charset=cp1251", "x; charset=koi8-r"])  # fmt: skip
GOOD = st.sampled_from([
    WHOLE.encode(), WHOLE.encode("cp1251"), WHOLE.encode("utf-16"), form().encode(),
    call_as_form("call[%s]").encode(), multipart(FLAT), urlencode({"payload": WHOLE}).encode(),
    json.dumps(WHOLE).encode(),
])  # fmt: skip


@st.composite
def mutations(draw):
    """A good body, a piece of it replaced."""
    body = draw(GOOD)
    start = draw(st.integers(0, len(body)))
    end = min(len(body), start + draw(st.integers(0, 12)))
    piece = draw(st.binary(max_size=12) | st.sampled_from([b"[]", b"\\", b'"', b"{", b"%00", b"&"]))
    return body[:start] + piece + body[end:]


NEEDED = {"body", "event", "call", "dbid", "id", "from", "to", "direction", "date", "state"}


@settings(LENIENT, max_examples=300)
@given(body=st.binary(max_size=400) | mutations(), content_type=KINDS)
def test_any_bytes_are_taken_or_told_what_the_call_cannot_do_without(hand_over, body, content_type):
    answer, _ = hand_over(body, content_type)
    assert answer.status_code in (200, 202, 400, 413, 415)
    if answer.status_code == 400:
        results = answer.json.get("results", [answer.json])
        for one in (result for result in results if "error" in result):
            field = one["field"].removeprefix("call.").removeprefix("call_")
            assert field in NEEDED, one
