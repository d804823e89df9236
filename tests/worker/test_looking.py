"""What looks have in common: one account's trouble is no other's, and passes."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.connection import ConnectionState
from core.models import ConnectionRow, LateMatch, LoopRow
from core.policy import MissedCallRow
from core.store.database import utc_now
from core.store.policies import Actor
from tests.helpers.events import missed
from tests.scenarios.test_found_later import api_calls, just_now
from worker.late import look_for_late
from worker.looks import look_at_those_due

UNKNOWN = "380441110000"
LOOKS = [look_at_those_due, look_for_late]


@pytest.fixture
def world(light_world):
    """Somebody waits to be called back, and a number is looked for."""
    light_world.connect()
    bohdan = light_world.users()[1]
    light_world.choose(missed_calls=(MissedCallRow(id=0, external_line="", user_ids=(bohdan,)),))
    return light_world.hand_over(missed(dbid=1), just_now(dbid=2, to=[UNKNOWN])).deliver()


def put(world, table, **values):
    with world.store.database.write() as session:
        session.execute(update(table).values(**values))


def due(world):
    for table in (LoopRow, LateMatch):
        put(world, table, look_at=utc_now() - timedelta(seconds=1))
    return world


def cost(world, look):
    before = api_calls(world)
    look(world.runtime)
    return api_calls(world) - before


def another_account(world):
    """Its rows are made by hand."""
    store = world.store
    store.accounts.create("aaa", "A")
    world.connect("aaa")
    store.policies.edit("aaa", Actor(), lambda known: known.model_copy(update={"enabled": True}))
    own = {"account_id": "aaa", "call_id": world.call(1).id, "look_at": utc_now()}
    missed_at = {"missed_at": utc_now(), "last_missed_at": utc_now(), "due_at": utc_now()}
    client = {"number": "+1", "external_line": "", "task_id": "00T", "responsible": ""}
    loop = LoopRow(**own, **missed_at, **client)
    late = LateMatch(**own, until=utc_now() + timedelta(hours=5))
    with store.database.write() as session:
        session.add_all([loop, late])


@pytest.mark.parametrize("look", LOOKS)
def test_a_mistake_over_one_account_holds_up_no_other(world, look, monkeypatch):
    another_account(world)
    asked, real = [], world.store.connections.get

    def broken(account_id):
        asked.append(account_id)
        if account_id == "aaa":
            raise ZeroDivisionError
        return real(account_id)

    monkeypatch.setattr(world.store.connections, "get", broken)
    due(world)
    for _ in range(3):
        look(world.runtime)
    assert sorted(asked) == ["aaa", "acme"], "each once: it is put off"


@pytest.mark.parametrize("look", LOOKS)
def test_a_quiet_account_is_looked_at_again_after_its_pause(world, look):
    pause = {"state": ConnectionState.PAUSED, "reason_code": "connection.limit"}
    put(due(world), ConnectionRow, **pause, paused_until=utc_now() + timedelta(hours=5))
    assert cost(world, look) == 0
    put(world, ConnectionRow, paused_until=utc_now() - timedelta(hours=5))
    assert cost(world, look) == 1
    assert world.store.connections.get("acme").state is ConnectionState.ACTIVE


@pytest.mark.parametrize("look", LOOKS)
def test_api_calls_of_days_ago_count_no_more(world, look):
    said = {"api_used": 900, "api_allowed": 1000}
    put(due(world), ConnectionRow, **said, api_seen_at=utc_now() - timedelta(hours=23))
    assert cost(world, look) == 0
    put(due(world), ConnectionRow, api_seen_at=utc_now() - timedelta(hours=25))
    assert cost(world, look) == 1


@pytest.mark.parametrize("look", LOOKS)
def test_an_org_that_hangs_is_given_up_within_a_third_of_a_lease(world, look):
    waits = []
    hook = {"request": [lambda sent: waits.append(sent.extensions["timeout"]["read"])]}
    due(world).http.event_hooks = hook
    assert look(world.runtime) == ["acme"]
    assert len(waits) == 1
    assert waits[0] < world.config.lease_seconds / 3
