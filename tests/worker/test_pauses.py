"""An account that waits for its org goes on when it may, however many calls come meanwhile."""

from datetime import timedelta

from core.connection import ConnectionState
from core.models import CallState
from core.reasons import stored
from core.store.database import utc_now
from tests.helpers.events import CLIENT, event

OTHER = "380501112233"


def test_calls_that_come_during_a_pause_do_not_put_its_end_off(light_world):
    world = light_world.connect()
    end = utc_now() + timedelta(minutes=5)
    world.store.connections.paused("acme", end, stored("connection.limit", {}))
    for dbid, number in ((1, CLIENT), (2, OTHER)):
        world.hand_over(event(dbid=dbid, **{"from": number})).deliver()
        assert world.store.connections.get("acme").paused_until == end
        row = world.call(dbid)
        assert (row.state, row.reason_code) == (CallState.WAITING, "connection.limit")
        assert row.queued.due_at == end


def test_what_was_written_before_the_org_was_full_stays_written(light_world):
    world = light_world.connect()
    full = {"kind": "error", "object": "Task", "code": "STORAGE_LIMIT_EXCEEDED", "status": 400}
    world.hand_over(event(dbid=1), event(dbid=2, **{"from": OTHER}))
    world.control("POST", "/faults", full)
    world.deliver()
    assert sorted(world.call(one).state for one in (1, 2)) == [CallState.DONE, CallState.WAITING]
    connection = world.store.connections.get("acme")
    assert (connection.state, connection.reason_code) == (
        ConnectionState.PAUSED,
        "connection.storage",
    )
