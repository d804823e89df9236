"""Connections: sealed tokens, one refresher, states that only move the way they may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from core.connection import ConnectionState
from core.store import Store
from core.store.policies import Actor
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
        leases = list(
            pool.map(lambda _: store.connections.take_refresh_lease("acme", version), range(8))
        )
    winners = [lease for lease in leases if lease]
    assert len(winners) == 1
    assert store.connections.refreshed("acme", winners[0], "access-2", "refresh-2", "https://x")
    assert store.connections.take_refresh_lease("acme", version) is None, "that version is old"
    assert store.connections.tokens("acme").version == version + 1


def test_a_lost_refresh_lease_writes_nothing(store):
    connect(store)
    assert not store.connections.refreshed("acme", "not-mine", "a", "r", "https://x")
    assert store.connections.tokens("acme").access_token == "access-1"


def test_disconnecting_wipes_the_tokens_and_remembers_the_org(store):
    connect(store)
    store.connections.disconnected("acme")
    assert store.connections.tokens("acme") is None
    assert store.connections.get("acme").org_id == "00D1"
    assert not store.connections.get("acme").usable


def test_death_is_noticed_once(store):
    connect(store)
    assert store.connections.died("acme", "connection.refresh_refused", {})
    assert not store.connections.died("acme", "connection.refresh_refused", {})
    store.connections.paused("acme", datetime.now(UTC), "connection.limit", {})
    assert store.connections.get("acme").state is ConnectionState.DEAD


def test_a_paused_account_is_not_due(store):
    connect(store)
    store.connections.paused(
        "acme", datetime.now(UTC) + timedelta(minutes=1), "connection.limit", {}
    )
    assert store.connections.get("acme").state is ConnectionState.PAUSED
    store.connections.resumed("acme")
    assert store.connections.get("acme").state is ConnectionState.ACTIVE


def test_the_ceiling_is_eighty_percent_unless_chosen(store):
    connect(store)
    store.connections.note_usage("acme", 100, 1000)
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
    store.accounts.end_key("acme", old.id)
    assert store.accounts.account_of_key(first) is None
    with store.database.engine.connect() as connection:
        assert second not in str(connection.execute(text("SELECT * FROM intake_keys")).all())
