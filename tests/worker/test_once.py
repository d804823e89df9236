"""What one delivery does once only, counted by looking at every function that is called."""

import sys
from collections.abc import Callable
from types import CodeType

import pytest

from core.models import QueuedCall
from core.phone import e164
from core.rules import triage
from core.store.database import utc_now
from tests.helpers.events import CLIENT, event, missed


def calls_of(function: Callable[..., object], during: Callable[[], object]) -> list[object]:
    """The first argument of each call of `function`, whoever makes it."""
    code: CodeType = function.__code__
    found: list[object] = []

    def watch(frame, what, _):
        if what == "call" and frame.f_code is code:
            found.append(frame.f_locals[code.co_varnames[0]])

    sys.setprofile(watch)
    try:
        during()
    finally:
        sys.setprofile(None)
    return found


@pytest.mark.parametrize("mode", ["leads", "contacts", "opportunities"])
def test_a_clients_number_is_made_at_intake_and_never_again(light_world, mode):
    world = light_world.connect(
        mode=mode,
        missed_calls=({"id": 0, "external_line": "380444900123", "user_ids": ("005x",)},),
        own_fields=({"object": "Task", "field": "Note__c", "template": "{client_number}"},),
    )
    assert CLIENT in calls_of(e164, lambda: world.hand_over(event(dbid=1), missed(dbid=2)))
    assert CLIENT not in calls_of(e164, world.deliver)
    assert [world.call(key).state for key in (1, 2)] == ["done", "done"]


def test_a_call_goes_through_triage_once(light_world):
    world = light_world.connect().hand_over(event(dbid=1), missed(dbid=2))
    assert len(calls_of(triage, world.deliver)) == 2


def test_a_call_that_may_be_written_goes_through_triage_once_too(light_world):
    """After the look-up, that is: had Salesforce had it, it would be no skipped call."""
    world = light_world.connect().hand_over(event(dbid=1))
    world.control("POST", "/faults", {"kind": "unavailable", "path": "graph"})
    world.deliver()
    with world.store.database.write() as session:
        row = session.get(QueuedCall, world.call(1).id)
        assert row.unsure
        row.due_at = utc_now()
    world.choose(excluded_numbers=(CLIENT,))
    assert len(calls_of(triage, world.deliver)) == 1
    assert world.call(1).reason_code == "skip.excluded"
