"""Looks by night: whose org is looked at, when, and how often."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from core.checking import KIND
from core.connection import ConnectionState
from core.models import CheckRow, ConnectionRow, PolicyRow
from core.salesforce.preflight import REQUESTS
from core.store.database import utc_now
from core.store.policies import Actor
from core.test_call import TEST_CALL, Left, Report
from worker.nights import NEW, REST, is_its_minute, look_at_those_due

LATE = datetime(2026, 11, 29, 2, 59, tzinfo=UTC)
"""One minute to five in Kyiv."""
EVENING = LATE.replace(hour=17)


def put(world, row=ConnectionRow, **values):
    with world.store.database.write() as session:
        session.execute(update(row).values(**values))


def test_once_a_night(light_world):
    world = light_world.connect()
    assert look_at_those_due(world.runtime, EVENING) == []
    assert look_at_those_due(world.runtime, LATE) == ["acme"]
    look = world.store.checks.newest("acme", KIND)
    assert (look.api_calls, look.is_running) == (REQUESTS, False)
    assert look.result["findings"]
    assert look_at_those_due(world.runtime, LATE) == []
    put(world, CheckRow, began_at=utc_now() - timedelta(seconds=REST + 60))
    assert look_at_those_due(world.runtime, LATE) == ["acme"]


def test_two_machines_look_once(light_world):
    world = light_world.connect()
    assert world.store.checks.begin("acme", KIND, REST)
    assert world.store.checks.begin("acme", KIND, REST) is None
    put(world, CheckRow, ended_at=utc_now())
    assert world.store.checks.begin("acme", KIND, REST) is None
    assert world.store.checks.begin("acme", KIND)


def test_by_the_accounts_own_clock(light_world):
    world = light_world.connect(time_zone="America/New_York")
    assert look_at_those_due(world.runtime, LATE) == []
    assert look_at_those_due(world.runtime, LATE + timedelta(hours=7)) == ["acme"]


@pytest.mark.parametrize(
    ("connection", "enabled", "looks"),
    [
        ({}, False, True),
        ({"connected_at": utc_now() - timedelta(seconds=NEW + 60)}, False, False),
        ({"connected_at": utc_now() - timedelta(seconds=NEW + 60)}, True, True),
        ({"state": ConnectionState.PAUSED}, True, False),
        ({"state": ConnectionState.DEAD}, True, False),
        ({"api_used": 499, "api_allowed": 1000}, True, True),
        ({"api_used": 500, "api_allowed": 1000}, True, False),
        ({"api_used": 60, "api_allowed": 1000, "api_ceiling": 100}, True, False),
    ],
)
def test_whose_org_is_looked_at(light_world, connection, enabled, looks):
    world = light_world.connect().choose(enabled=enabled)
    put(world, **(connection or {"state": ConnectionState.ACTIVE}))
    assert look_at_those_due(world.runtime, LATE) == (["acme"] if looks else [])


def test_orgs_are_spread_over_the_night():
    midnight = datetime(2026, 11, 29, tzinfo=UTC)
    minutes = [midnight + timedelta(minutes=n) for n in range(24 * 60)]
    begins = {next(at for at in minutes if is_its_minute(f"account-{n}", at)) for n in range(200)}
    assert len(begins) > 100
    assert min(begins) >= midnight + timedelta(hours=1)
    assert max(begins) < midnight + timedelta(hours=5)
    assert not any(is_its_minute("account-1", at) for at in minutes[5 * 60 :])


def test_a_connection_that_died_is_noticed(light_world):
    world = light_world.connect()
    world.control("POST", "/orgs/Acme/revoke")
    assert look_at_those_due(world.runtime, LATE) == ["acme"]
    assert world.store.connections.get("acme").state is ConnectionState.DEAD
    assert (
        world.store.checks.newest("acme", KIND).result["trouble"]["code"].startswith("connection.")
    )


def test_what_a_test_call_left_is_removed_whatever_pre_flights_there_were(light_world):
    world = light_world.connect().choose(enabled=False)
    put(world, connected_at=utc_now() - timedelta(seconds=NEW + 60))
    lead = world.plant("Lead", LastName="UniTalk test", Company="x")
    left_over(world, Left(object="Lead", id=lead))
    assert look_at_those_due(world.runtime, EVENING) == look_at_those_due(world.runtime, LATE) == []
    assert world.records("Lead") == []


def left_over(world, *records):
    """As if a test call had been broken off before it removed these."""
    left = Report(org_id=world.store.connections.get("acme").org_id, left=records)
    began = world.store.checks.begin("acme", TEST_CALL)
    world.store.checks.end("acme", TEST_CALL, began, left.model_dump(mode="json"), 1)
    put(world, CheckRow, ended_at=utc_now() - timedelta(minutes=10))


def test_one_bad_account_starves_no_other(light_world):
    world = light_world.connect()

    def enabled(policy):
        return policy.model_copy(update={"enabled": True})

    for account in ("aaa", "zzz"):
        world.store.accounts.create(account, account)
        world.connect(account).store.policies.edit(account, Actor(), enabled)
    bad = update(PolicyRow.__table__).where(PolicyRow.__table__.c.account_id == "aaa")
    with world.store.database.write() as session:
        session.execute(bad.values(time_zone="Nowhere/Land"))
    assert sorted(look_at_those_due(world.runtime, LATE)) == ["acme", "zzz"]
