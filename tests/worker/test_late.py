"""Looking again for late matches on both databases: each call goes back once, whoever dies."""

from datetime import timedelta

from sqlalchemy import update

from core import reasons
from core.models import DeliveryLease
from core.reasons import Words
from core.store.database import utc_now
from tests.helpers.events import CLIENT
from tests.scenarios.test_found_later import an_hour_passes, api_calls, just_now, looked_for
from worker.late import look_for_late


def one_found(world):
    world.connect().hand_over(just_now(dbid=1)).deliver()
    world.plant("Lead", LastName="Saved", Company="C", Phone=CLIENT)
    an_hour_passes(world)
    return world


def test_it_goes_back_into_the_queue_and_is_written(world):
    one_found(world)
    assert look_for_late(world.runtime) == ["acme"]
    assert world.call(1).state == "waiting"
    assert world.call(1).reason_code == "delivery.client_found"
    world.deliver()
    assert world.call(1).reason_code == "write.found_later"
    assert world.one("Task")["Id"] == world.call(1).written["task"]


def test_two_that_found_it_put_it_back_once(world):
    one_found(world)
    call_id = world.call(1).id
    assert [world.store.late.found("acme", [call_id]) for _ in range(2)] == [1, 0]
    world.deliver()
    assert look_for_late(world.runtime) == []
    assert world.one("Task")["Id"] == world.call(1).written["task"]


def test_another_account_cannot_put_it_back(world):
    one_found(world)
    world.store.accounts.create("other", "Other")
    assert world.store.late.found("other", [world.call(1).id]) == 0
    assert len(looked_for(world)) == 1


def test_while_somebody_delivers_it_waits(world):
    one_found(world)
    lease = world.store.leases.take("acme", 60)
    assert look_for_late(world.runtime) == []
    assert world.call(1).state == "skipped"
    world.store.leases.drop("acme", lease)
    assert look_for_late(world.runtime) == ["acme"]


def test_who_died_on_the_way_has_changed_nothing(world):
    """Killed with the lease in hand: once it has run out another looks, in the same hour."""
    one_found(world)
    assert world.store.leases.take("acme", 60)
    with world.store.database.write() as session:
        session.execute(update(DeliveryLease).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert look_for_late(world.runtime) == ["acme"]
    world.deliver()
    assert world.call(1).state == "done"


def test_a_dead_connection_is_not_asked(world):
    one_found(world)
    dead = reasons.connection.refresh_refused(Words())
    world.store.connections.died("acme", dead)
    before = api_calls(world)
    assert look_for_late(world.runtime) == []
    assert api_calls(world) == before
    assert len(looked_for(world)) == 1
