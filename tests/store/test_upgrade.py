"""Calls of the version before the queue had a table of its own come through the upgrade."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from core import ROOT
from tests.store.helpers.rows import put, rows

AT = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
SETTLED = ("done", "skipped")
STATES = ("waiting", "retry", "delivering", "held", "attention", *SETTLED)


@pytest.fixture
def alembic(database_url, monkeypatch):
    """At revision 0001, on SQLite and on PostgreSQL."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    config = Config(ROOT / "alembic.ini")
    command.downgrade(config, "0001")
    return config


@pytest.fixture
def engine(database_url, alembic):
    """With two calls in each state: one fresh, one with all that a call can have behind it."""
    engine = create_engine(database_url)
    put(engine, "accounts", {"id": "acme", "public_name": "a", "name": "Acme", "created_at": AT})
    put(engine, "delivery_leases", {"account_id": "acme", "token": "t", "expires_at": AT})
    for number, state in enumerate(STATES):
        put(engine, "calls", call(10 + number, state), call(20 + number, state, **BEHIND_IT))
        put(engine, "call_events", *history(10 + number, state, ""))
        put(engine, "call_events", *history(20 + number, state, REASON, "retry", "waiting"))
    yield engine
    engine.dispose()


def test_each_call_is_what_it_was(alembic, engine):
    before = rows(engine, "calls")
    command.upgrade(alembic, "0002")
    after = rows(engine, "calls")
    assert after == [{name: row[name] for name in after[0]} for row in before]
    assert rows(engine, "call_keys") == [
        {name: row[name] for name in ("id", "account_id", "call_key", "received_at")}
        for row in before
    ]


def test_the_queue_has_what_is_on_its_way(alembic, engine):
    before = rows(engine, "calls")
    command.upgrade(alembic, "0002")
    queue = rows(engine, "queue", "call_id")
    on_their_way = [row for row in before if row["state"] not in SETTLED]
    assert queue == [
        {name: row["id" if name == "call_id" else name] for name in queue[0]}
        for row in on_their_way
    ]
    assert len(queue) == 2 * (len(STATES) - len(SETTLED))


def test_history_keeps_what_the_call_does_not_tell(alembic, engine):
    command.upgrade(alembic, "0002")
    for number, state in enumerate(STATES):
        last = [] if state in ("waiting", *SETTLED) else [state]
        assert told(engine, 10 + number) == last
        assert told(engine, 20 + number) == ["retry", "waiting", *last]


def test_new_calls_have_higher_ids(alembic, engine):
    command.upgrade(alembic, "0002")
    put(engine, "call_keys", {"account_id": "acme", "call_key": "new", "received_at": AT})
    assert rows(engine, "call_keys")[-1]["call_key"] == "new"


def test_a_lease_stays_its_holders(alembic, engine):
    command.upgrade(alembic, "0002")
    (lease,) = rows(engine, "delivery_leases", "account_id")
    unknown = {"wanted": False, "failures": 0, "bears": 0, "shrunk_at": None}
    assert lease == {"account_id": "acme", "token": "t", "expires_at": AT, **unknown}


def test_the_way_back_is_the_same_again(alembic, engine):
    calls, events = rows(engine, "calls"), told(engine)
    command.upgrade(alembic, "0002")
    command.downgrade(alembic, "0001")
    # A settled call is not asked about these any more.
    forgotten = {"due_at": AT, "attempts": 0, "lease": "", "lessons": {}}
    forgotten |= {"unsure": False, "turn_of": 0}
    assert rows(engine, "calls") == [
        row | forgotten if row["state"] in SETTLED else row for row in calls
    ]
    assert told(engine) == events
    put(engine, "calls", {name: one for name, one in call(99, "waiting").items() if name != "id"})
    assert rows(engine, "calls")[-1]["call_key"] == "key 99"


def told(engine, call_id: int | None = None) -> list[Any]:
    """The states in a call's history; of all calls with moments and reasons."""
    events = rows(engine, "call_events")
    if call_id is not None:
        return [event["state"] for event in events if event["call_id"] == call_id]
    told = [{name: one for name, one in event.items() if name != "id"} for event in events]
    return sorted(told, key=lambda event: event["call_id"])


def call(number: int, state: str, **more: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(("unmapped_line", "reason_code", "external_line", "lease"), ""),
        **{name: {} for name in ("written", "trace", "reason_params", "lessons")},
        **dict.fromkeys(("attempts", "api_calls", "batch", "turn_of"), 0),
        "id": number,
        "public_id": f"p{number}",
        "account_id": "acme",
        "call_key": f"key {number}",
        "number": "+380501112233",
        "line": "101",
        "received_at": AT,
        "started_at": AT - timedelta(minutes=3),
        "due_at": AT,
        "finished_at": AT + timedelta(hours=1) if state in (*SETTLED, "attention") else None,
        "direction": "IN",
        "answered": True,
        "state": state,
        "event": {"event": "CALL_END"},
        "unsure": False,
        **more,
    }


REASON = "delivery.refused"
BEHIND_IT = {
    "lessons": {"without": ["Description"]},
    "reason_code": REASON,
    "reason_params": {"code": "REQUIRED_FIELD_MISSING"},
    "trace": {"steps": [["a step", {"of": "it"}]]},
    "unmapped_line": "102",
    "due_at": AT + timedelta(minutes=5),
    "lease": "a lease",
    "attempts": 3,
    "api_calls": 7,
    "batch": 75,
    "unsure": True,
    "turn_of": 4,
    "written": {"task": "00T000000000001"},
}


def history(number: int, state: str, reason: str, *between: str) -> list[dict[str, Any]]:
    """As the older version wrote it: from coming in to the state of now, the reason of which the
    call has, too. (A call that waits again need not have a reason.)"""
    last = [] if state == "waiting" else [state]
    return [
        {
            "call_id": number,
            "at": AT + timedelta(hours=1) if one in SETTLED else AT + timedelta(minutes=minute),
            "state": one,
            "reason_code": reason if one != "waiting" else "",
            "reason_params": BEHIND_IT["reason_params"] if reason and one != "waiting" else {},
        }
        for minute, one in enumerate(["waiting", *between, *last])
    ]
