"""Looks at an org: one of a kind at a time, and none is kept up by whoever died."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.models import CheckRow
from core.store.checks import RUNS_AT_MOST

KIND = "preflight"


def died(store):
    """As if whoever ran it had been silent for longer than any look takes."""
    began = store.checks.newest("acme", KIND).began_at
    with store.database.write() as session:
        ago = began - timedelta(seconds=RUNS_AT_MOST + 1)
        session.execute(update(CheckRow).values(began_at=ago))
    return ago


def test_from_nothing_to_an_end(store):
    assert store.checks.newest("acme", KIND) is None
    began = store.checks.begin("acme", KIND)
    running = store.checks.newest("acme", KIND)
    assert (running.is_running, running.began_at, running.result) == (True, began, {})
    assert store.checks.tell("acme", KIND, began, {"steps": 3}, 1)
    assert store.checks.newest("acme", KIND).result == {"steps": 3}
    assert store.checks.end("acme", KIND, began, {"findings": []}, 2)
    over = store.checks.newest("acme", KIND)
    assert (over.is_running, over.api_calls, over.result) == (False, 2, {"findings": []})
    assert over.ended_at >= over.began_at


def test_one_of_a_kind_at_a_time(store):
    assert store.checks.begin("acme", KIND)
    assert store.checks.begin("acme", KIND) is None
    assert store.checks.begin("acme", "test_call")


def test_the_next_one_shows_what_the_last_one_found_until_it_ends(store):
    first = store.checks.begin("acme", KIND)
    store.checks.end("acme", KIND, first, {"found": 1}, 2)
    second = store.checks.begin("acme", KIND)
    assert second > first
    assert store.checks.newest("acme", KIND).result == {"found": 1}
    assert not store.checks.end("acme", KIND, first, {"found": "late"}, 2)
    assert store.checks.end("acme", KIND, second, {"found": 2}, 2)


def test_whoever_died_does_not_run_for_ever(store):
    store.checks.begin("acme", KIND)
    died_at = died(store)
    left = store.checks.newest("acme", KIND)
    assert (left.is_running, left.ended_at) == (False, None)
    assert store.checks.begin("acme", KIND)
    assert not store.checks.end("acme", KIND, died_at, {}, 1), "it came back too late"


def test_what_was_found_outlives_a_disconnect_but_not_the_next_connection(store):
    began = store.checks.begin("acme", KIND)
    store.connections.disconnected("acme")
    assert store.checks.newest("acme", KIND)
    store.connections.connected("acme", "access", "refresh", org_id="00D1", user_id="0051")
    assert store.checks.newest("acme", KIND) is None
    assert not store.checks.end("acme", KIND, began, {}, 1)


@pytest.mark.parametrize("org", ["00D1", "00D2"])
def test_what_a_test_call_left_outlives_the_next_connection(store, org):
    store.connections.connected("acme", "access", "refresh", org_id="00D1", user_id="0051")
    began = store.checks.begin("acme", "test_call")
    assert store.checks.tell("acme", "test_call", began, {"left": ["00T1"]}, 1)
    store.connections.connected("acme", "access", "refresh", org_id=org, user_id="0051")
    kept = store.checks.newest("acme", "test_call")
    assert kept.result == {"left": ["00T1"]}
    assert kept.is_running == (org == "00D1"), "in another org it goes no further"
    assert store.checks.tell("acme", "test_call", began, {}, 1) == kept.is_running
