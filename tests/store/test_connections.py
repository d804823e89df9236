"""Connections: sealed tokens, one refresher, states that only move the way they may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.connection import ConnectionState
from core.models import ConnectionRow
from core.reasons import stored
from core.store import Store
from core.store.counters import FAILED_REFRESHES
from core.store.policies import Actor
from core.store.results import Spent
from tests.store.conftest import TOKEN_KEY


def connect(store):
    store.connections.connected(
        "acme", "access-1", "refresh-1", org_id="00D1", user_id="0051", instance_url="https://x"
    )


def test_tokens_are_not_readable_in_the_database(store):
    connect(store)
    with store.database.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM connections")).one()
    assert "access-1" not in str(row)
    assert "refresh-1" not in str(row)
    assert store.connections.tokens("acme").refresh_token == "refresh-1"
    assert "refresh-1" not in repr(store.connections.tokens("acme"))


def test_one_of_many_becomes_the_refresher(store):
    connect(store)
    version = store.connections.tokens("acme").version
    with ThreadPoolExecutor(8) as pool:
        leases = list(pool.map(lambda _: store.refreshes.take_lease("acme", version), range(8)))
    winners = [lease for lease in leases if lease]
    assert len(winners) == 1
    assert not winners[0].taken_over
    assert store.refreshes.renewed("acme", version, "access-2", "refresh-2", "https://x")
    assert store.refreshes.take_lease("acme", version) is None, "that version is old"
    assert store.connections.tokens("acme").version == version + 1


def run_out(store):
    """As if the refresher had been silent for longer than its lease."""
    with store.database.write() as session:
        session.get(ConnectionRow, "acme").refresh_lease_until = datetime(2026, 1, 1, tzinfo=UTC)


def test_who_waited_too_long_for_the_database_still_keeps_the_only_tokens_left(store):
    connect(store)
    version = store.connections.tokens("acme").version
    store.refreshes.take_lease("acme", version)
    run_out(store)
    assert store.refreshes.take_lease("acme", version).taken_over
    assert store.refreshes.renewed("acme", version, "access-2", "refresh-2", "https://x")
    assert not store.refreshes.renewed("acme", version, "access-3", "refresh-3", "https://x")
    assert store.connections.tokens("acme").refresh_token == "refresh-2"


@pytest.mark.parametrize("meanwhile", ["disconnected", "connected"])
def test_a_renewal_does_not_outlive_the_consent_it_renews(store, meanwhile):
    connect(store)
    version = store.connections.tokens("acme").version
    if meanwhile == "disconnected":
        store.connections.disconnected("acme")
    else:
        connect(store)
    assert not store.refreshes.renewed("acme", version, "access-9", "refresh-9", "https://x")
    tokens = store.connections.tokens("acme")
    assert tokens is None or tokens.refresh_token == "refresh-1"


def test_failed_renewals_are_counted_and_let_another_try(store):
    connect(store)
    version = store.connections.tokens("acme").version
    store.refreshes.failed("acme", store.refreshes.take_lease("acme", version).token)
    assert not store.refreshes.take_lease("acme", version).taken_over
    assert store.counters.all()[FAILED_REFRESHES] == {"": 1}


def test_disconnecting_wipes_the_tokens_and_remembers_the_org(store):
    connect(store)
    store.connections.disconnected("acme")
    assert store.connections.tokens("acme") is None
    assert store.connections.get("acme").org_id == "00D1"
    assert not store.connections.get("acme").usable


def test_death_is_noticed_once(store):
    connect(store)
    assert store.connections.died("acme", stored("connection.refresh_refused", {}))
    assert not store.connections.died("acme", stored("connection.refresh_refused", {}))
    store.connections.paused("acme", datetime.now(UTC), stored("connection.limit", {}))
    assert store.connections.get("acme").state is ConnectionState.DEAD


def test_a_paused_account_is_not_due(store):
    connect(store)
    store.connections.paused(
        "acme", datetime.now(UTC) + timedelta(minutes=1), stored("connection.limit", {})
    )
    assert store.connections.get("acme").state is ConnectionState.PAUSED
    store.connections.resumed("acme")
    assert store.connections.get("acme").state is ConnectionState.ACTIVE


def test_the_ceiling_is_eighty_percent_unless_chosen(store):
    connect(store)
    store.deliveries.note_spent("acme", Spent(api_used=100, api_allowed=1000))
    assert store.connections.get("acme").ceiling == 800
    store.ceilings.set("acme", Actor(), 50)
    assert store.connections.get("acme").ceiling == 50


def test_keys_rotate(store, database_url):
    connect(store)
    newer = Store(database_url, f"V0t6UCDsTVyb5RIYMmoAsPtBXq1RdcDqf2Mh6ThyTuk=,{TOKEN_KEY}")
    assert newer.connections.tokens("acme").access_token == "access-1"
    newer.close()


def test_intake_keys_are_hashed_and_overlap(store):
    first = store.accounts.issue_key("acme")
    second = store.accounts.issue_key("acme")
    assert store.accounts.account_of_key(first) == "acme"
    assert store.accounts.account_of_key(second) == "acme"
    assert store.accounts.account_of_key(second + "x") is None
    old = store.accounts.keys("acme")[-1]
    store.accounts.end_key("acme", old.name)
    assert store.accounts.account_of_key(first) is None
    with store.database.engine.connect() as connection:
        assert second not in str(connection.execute(text("SELECT * FROM intake_keys")).all())
