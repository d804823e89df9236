"""The log as it is really written: no number and no secret, however they are spelt."""

import io
import logging
import sys

import pytest
import structlog

from core.logs import configure_logs

NUMBERS = [
    "380501234567",
    "+380501234567",
    "+38 (050) 123-45-67",
    "050-123-45-67",
    "050 123 45 67",
    "(050)1234567",
    "38.050.123.45.67",
    "+38\u00a0050\u00a0123\u00a045\u00a067",
    "050\u2013123\u201345\u201367",
    "050/1234567",
]
SECRETS = [
    "00D000000000001!AQEAQabc.def_ghi-jkl",
    "5Aep861.rest_of-the.token",
    "aPrxSomeAuthorizationCode%3D%3D",
    "ut_abcdefghijklmnopqrstuvwxyz012345",
    "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl",
]
KEPT = [
    "2026-11-24 15:04:05",
    "2026-11-24T15:04:05.123456+00:00",
    "15:04:05.123",
    "10.23.45.67",
    "123e4567-e89b-12d3-a456-426614174000",
    "INVALID_FIELD",
    "75",
]


@pytest.fixture
def log(monkeypatch):
    """Where configure_logs() writes: events, and other people's lines."""
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(sys, "stderr", sys.stdout)
    configure_logs()
    yield sys.stdout
    structlog.reset_defaults()


@pytest.fixture
def written(log):
    """What the log says of such fields, in an event and in somebody else's line."""

    def write(**fields: object) -> str:
        structlog.get_logger().warning("something happened", **fields)
        logging.getLogger("somebody").warning("they say %s", fields)
        told = log.getvalue()
        assert "something happened" in told
        assert "they say" in told
        log.truncate(0)
        return told

    return write


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_keeps_its_last_two_digits(written, number: str):
    digits = "".join(filter(str.isdigit, number))
    for value in (number, [number], {"to": {"number": (number,)}}, f"called {number}, no answer"):
        line = written(detail=value)
        assert number not in line
        assert "123" not in line
        assert f"…{digits[-2:]}" in line


def test_a_number_that_is_an_integer_is_hidden_too(written):
    assert "380501234567" not in written(detail=380501234567)
    assert "attempts=3" in written(attempts=3)


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_is_left_of_a_secret(written, secret: str):
    for value in (secret, [secret], {"x": {"y": secret}}, f"https://x.example/?code={secret}&a=1"):
        line = written(detail=value)
        for part in secret.split("."):
            assert part not in line


@pytest.mark.parametrize(
    "text",
    [
        "code=hunter2",
        "refresh_token=hunter2&x=1",
        '{"access_token": "hunter2"}',
        "{'client_secret': 'hunter2'}",
        "password: hunter2",
        "Authorization: Bearer hunter2",
    ],
)
def test_a_secret_is_known_by_its_name(written, text: str):
    assert "hunter2" not in written(detail=text)


def test_a_field_that_is_named_as_a_secret_shows_none(written):
    assert "hunter2" not in written(token="hunter2", detail={"refresh_token": "hunter2"})


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_a_number_is_kept(written, text: str):
    assert text in written(detail=text)
    assert text in written(detail=f"at {text} and 050-123-45-67")


def test_telephonys_names_of_calls_and_accounts_are_kept(written):
    line = written(call="1234567890", account="4711471147").partition("\n")[0]
    assert "call=1234567890" in line
    assert "account=4711471147" in line


def test_a_traceback_tells_none_either(log):
    try:
        raise ValueError("cannot call +38 (050) 123-45-67 with 5Aep861.rest")
    except ValueError:
        structlog.get_logger().exception("it failed")
    told = log.getvalue()
    assert "it failed" in told
    assert "123-45" not in told
    assert ".rest" not in told
