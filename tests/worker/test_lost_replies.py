"""Writes whose reply never arrives, deliverers that die, a database restored from a backup."""

import shutil
from dataclasses import replace

import pytest

from core.models import CallState
from tests.helpers.events import event, outgoing
from worker import deliver
from worker.batches import claim

OTHER = "380441112233"


@pytest.mark.parametrize("package", [True, False], ids=["package", "no package"])
def test_a_write_whose_reply_was_lost_is_recognised(world, package):
    world.org(package=package).connect()
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "graph"})
    world.hand_over(event(dbid=1), event(dbid=2)).deliver()
    assert world.call(1).state == CallState.RETRY
    world.hurry()
    world.deliver()
    assert len(world.records("Task")) == 2
    assert len(world.records("Lead")) == 1
    row = world.call(1)
    assert (row.state, row.reason_code) == (CallState.DONE, "already.written")
    assert row.written["task"] == world.records("Task")[0]["Id"]


def test_a_skipped_call_stays_skipped_when_its_neighbours_reply_is_lost(light_world):
    """Next time it would find the lead that its later neighbour created, and come after it."""
    world = light_world.connect()
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "graph"})
    world.hand_over(outgoing(dbid=1), event(dbid=2)).deliver()
    world.hurry()
    world.deliver()
    assert world.call(1).reason_code == "skip.outgoing_unknown"
    assert len(world.records("Task")) == 1


def test_a_deliverer_that_lost_its_lease_writes_nothing(light_world):
    world = light_world.connect().hand_over(event(dbid=1))
    lease = world.store.leases.take("acme", 60)
    batch = claim(world.store, "acme", lease, 60)
    world.store.leases.keep("acme", lease, -1)  # it was silent for too long
    assert world.store.leases.take("acme", 60)
    batch = replace(batch, claimed=batch.claimed - 60)
    assert not deliver.deliver_batch(batch, world.runtime)
    assert world.records("Task") == []


def test_a_restored_older_ledger_doubles_nothing(light_world, tmp_path):
    world = light_world.connect().hand_over(event(dbid=1), event(dbid=2, **{"from": OTHER}))
    backup = tmp_path / "backup.db"
    with world.store.database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{backup}'")
    world.deliver()
    assert len(world.records("Task")) == 2

    database = tmp_path / "unitalk.db"
    world.store.close()
    for leftover in tmp_path.glob("unitalk.db*"):
        leftover.unlink()
    shutil.copyfile(backup, database)
    assert world.call(1).state == CallState.WAITING, "the backup is older than the delivery"
    world.deliver()
    assert len(world.records("Task")) == 2
    assert len(world.records("Lead")) == 2
    assert {world.call(1).reason_code, world.call(2).reason_code} == {"already.written"}


class Poisoned(Exception):
    """A mistake of ours."""


def poison(monkeypatch, number):
    """Make the rules trip over one client number."""
    good = deliver.plan_calls.__globals__["decide"]

    def trips(waiting, policy, facts):
        if any(one.call.client_number == number for one in waiting):
            raise Poisoned
        return good(waiting, policy, facts)

    monkeypatch.setitem(deliver.plan_calls.__globals__, "decide", trips)


def test_a_call_that_trips_the_rules_harms_no_other(light_world, monkeypatch):
    world = light_world.connect()
    poison(monkeypatch, OTHER)
    world.hand_over(
        event(dbid=1), event(dbid=2, **{"from": OTHER}), event(dbid=3, **{"from": OTHER}),
        event(dbid=4),
    )  # fmt: skip
    world.deliver()
    assert [world.call(one).state for one in (1, 2, 3, 4)] == ["done", "retry", "waiting", "done"]
    assert len(world.records("Lead")) == 1, "the others were still decided together"
    for _ in range(6):
        world.hurry()
        with pytest.raises(Poisoned):
            world.deliver()
        if world.call(2).state == CallState.ATTENTION:
            break
    row = world.call(2)
    assert (row.reason_code, row.reason_params) == ("delivery.gave_up", {"detail": "Poisoned"})
    monkeypatch.undo()
    world.deliver()
    assert world.call(3).state == CallState.DONE
    assert world.store.releases.try_again("acme", reason_code="delivery.gave_up") == 1
    world.deliver()
    assert world.call(2).state == CallState.DONE


def test_calls_whose_deliverers_keep_dying_go_last_and_alone(world):
    world.connect().hand_over(*(event(dbid=one, **{"from": OTHER}) for one in (1, 2)))
    for _ in range(5):
        lease = world.store.leases.take("acme", 60)
        assert len(world.store.deliveries.claim("acme", lease, 75, 60)) == 2
        world.store.leases.keep("acme", lease, -1)
    world.hand_over(event(dbid=3), event(dbid=4, **{"from": OTHER}))
    lease = world.store.leases.take("acme", 60)
    claimed = [
        [row.call_key for row in world.store.deliveries.claim("acme", lease, 75, 60)]
        for _ in range(2)
    ]
    assert claimed == [["3"], ["1"]]
