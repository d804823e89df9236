"""Telephony's HTTP door: every answer it can give."""

from copy import deepcopy

import pytest
from flask.testing import FlaskClient
from sqlalchemy.event import listen
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.test import TestResponse

from core.events.schema import EXAMPLE, TEMPLATE_EXAMPLE
from core.models import CallState
from portal.web.services import NAME


@pytest.fixture
def key(store):
    return store.accounts.issue_key("acme")


@pytest.fixture
def telephony(app) -> FlaskClient:
    return app.test_client()


def event(dbid=275, **changes):
    made = deepcopy(EXAMPLE)
    made["call"] |= {"dbid": dbid, **changes}
    return made


def send(telephony, key, body, **more) -> TestResponse:
    return telephony.post(
        "/api/calls", json=body, headers={"Authorization": f"Bearer {key}"}, **more
    )


def test_an_event_is_written_down_before_it_is_acknowledged(telephony, key, store):
    answer = send(telephony, key, event())
    assert (answer.status_code, answer.json) == (202, {"result": "accepted"})
    row = store.journal.by_key("acme", "275")
    assert (row.state, row.number) == (CallState.WAITING, "+380505557182")


def test_t2_a_repeated_event_is_known(telephony, key):
    send(telephony, key, event())
    answer = send(telephony, key, event())
    assert (answer.status_code, answer.json) == (200, {"result": "known"})


def test_an_event_before_the_end_is_acknowledged_and_forgotten(telephony, key, store):
    answer = send(telephony, key, {**event(), "event": "CALL_NEW"})
    assert (answer.status_code, answer.json) == (200, {"result": "not_final"})
    assert store.journal.by_key("acme", "275") is None


def test_a_template_may_come_as_a_form(telephony, key, store):
    headers = {"Authorization": f"Bearer {key}"}
    answer = telephony.post("/api/calls", data=TEMPLATE_EXAMPLE, headers=headers)
    assert answer.status_code == 202
    assert store.journal.by_key("acme", "275").external_line == "380444900123"


def test_the_key_may_stand_in_the_path(telephony, key):
    assert telephony.post(f"/api/calls/{key}", json=event()).status_code == 202


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer ut_wrong"}, {"Authorization": "Basic eDp5"}]
)
def test_without_a_good_key_nothing_is_taken(telephony, store, header):
    answer = telephony.post("/api/calls", json=event(), headers=header)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert store.journal.by_key("acme", "275") is None


def test_a_key_opens_only_its_own_account(telephony, key, store):
    send(telephony, key, event())
    assert store.journal.by_key("other", "275") is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"direction": "SIDEWAYS"}, "call.direction"),
        ({"date": "yesterday"}, "call.date"),
        ({"dbid": None, "id": None}, "call.dbid"),
        ({"from": {"number": 1}}, "call.from"),
    ],
)
def test_a_bad_field_is_named(telephony, key, change, field):
    answer = send(telephony, key, event(**change))
    assert answer.status_code == 400
    assert answer.json["field"] == field


@pytest.mark.parametrize(
    "body", [b"{", b"", b"\xff\xfe", b"[" * 100_000, b'{"event": NaN}', b"[]", b"7", b"null"]
)
def test_a_body_that_is_no_event_is_refused(telephony, key, body):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    answer = telephony.post("/api/calls", data=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json["field"]


def test_the_good_events_of_a_list_are_kept(telephony, key, store):
    answer = send(telephony, key, [event(1), event(2, direction="?"), event(1), event(3)])
    assert answer.status_code == 400
    results = answer.json["results"]
    assert [one.get("result") for one in results] == ["accepted", None, "known", "accepted"]
    assert results[1]["field"] == "call.direction"
    assert store.journal.by_key("acme", "3")


def test_a_list_of_good_events_is_accepted(telephony, key):
    assert send(telephony, key, [event(n) for n in range(1, 501)]).status_code == 202
    assert send(telephony, key, [event(n) for n in range(1, 11)]).status_code == 200


def test_too_much_is_refused_unread(telephony, key, store):
    assert send(telephony, key, [event(n) for n in range(501)]).status_code == 413
    assert send(telephony, key, [{"event": "x" * 300_000}]).status_code == 413
    assert store.journal.by_key("acme", "1") is None


def test_other_kinds_of_data_are_refused(telephony, key):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/xml"}
    answer = telephony.post("/api/calls", data="<call dbid='275'/>", headers=headers)
    assert answer.status_code == 415
    assert answer.json["error"]


def test_other_methods_are_refused(telephony):
    answer = telephony.get("/api/calls")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_guessing_keys_is_slowed_down(telephony):
    answers = [telephony.post("/api/calls/guess", json={}) for _ in range(31)]
    assert [one.status_code for one in answers] == [401] * 30 + [429]


def test_one_customers_dead_key_leaves_the_door_open_for_the_others(telephony, key):
    dead = [telephony.post("/api/calls/dead", json=event()) for _ in range(31)]
    assert dead[-1].status_code == 429
    assert send(telephony, key, event()).status_code == 202


class Away(Exception):
    """What a driver raises."""


@pytest.mark.parametrize(
    "trouble",
    [
        OperationalError("SELECT 1", {}, Away()),
        InterfaceError("SELECT 1", {}, Away()),
        ProgrammingError("SELECT 1", {}, Away(), connection_invalidated=True),
        NoConnectionLeft("no connection left"),
    ],
    ids=["operational", "interface", "connection lost", "pool"],
)
def test_a_database_that_is_away_takes_nothing_and_asks_to_come_again(
    telephony, key, store, trouble
):
    def refuse(*_):
        raise trouble

    listen(store.database.engine, "do_connect", refuse)
    store.database.engine.dispose()
    answer = send(telephony, key, event())
    assert (answer.status_code, answer.json) == (503, {"error": "try again later"})
    assert int(answer.headers["Retry-After"]) >= 10


def test_a_redis_that_hangs_is_not_waited_for(app):
    pool = app.extensions[NAME].waker._redis.connection_pool
    limits = app.config["RATELIMIT_STORAGE_OPTIONS"]
    for patience in (pool.connection_kwargs, limits):
        assert patience["socket_timeout"] <= 0.5
        assert patience["socket_connect_timeout"] <= 0.5


def test_a_number_that_is_none_is_kept_for_the_journal(telephony, key, store):
    assert send(telephony, key, event(**{"from": "anonymous"})).status_code == 202
    assert store.journal.by_key("acme", "275").number == "anonymous"


@pytest.mark.parametrize("note", ["a\0b", "\\u0000", "\\", "\ud83d", "🙂", {"deep": ["\0"]}])
def test_what_we_do_not_read_never_costs_the_call(telephony, key, store, note):
    assert send(telephony, key, event(note=note)).status_code == 202
    kept = store.journal.by_key("acme", "275").event["call"]["note"]
    assert "\0" not in str(kept)


def test_the_description_lists_both_ways_in(telephony):
    document = telephony.get("/api/openapi.json").json
    assert set(document["paths"]) == {"/api/calls", "/api/calls/{token}"}
    assert "Event" in document["components"]["schemas"]
