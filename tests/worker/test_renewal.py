"""Renewing a connection's tokens while things go wrong: each refresh token is presented once."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet

from core.connection import ConnectionState
from core.models import CallState, ConnectionRow
from core.salesforce.oauth import refresh
from core.store import Store
from core.tokens import AccountTokens, app_of
from tests.helpers.events import event
from worker.deliver import deliver


def lease_of(world):
    with world.store.database.read() as session:
        return session.get(ConnectionRow, "acme").refresh_lease


@pytest.fixture
def silent(world):
    """A world whose refresher took the lease and was not heard of for longer than it lasts."""
    world.connect().control("POST", "/orgs/Acme/expire-sessions")
    tokens = world.store.connections.tokens("acme")
    world.store.refreshes.take_lease("acme", tokens.version)
    with world.store.database.write() as session:
        session.get(ConnectionRow, "acme").refresh_lease_until = datetime(2026, 1, 1, tzinfo=UTC)
    return world


def used(world):
    counters = world.control("GET", "/orgs/Acme/counters")
    return counters["refreshes"], counters["refresh_reuses"]


def test_a_refresher_killed_before_it_asked_is_followed_by_another(silent):
    silent.hand_over(event(dbid=1)).deliver()
    assert silent.call(1).state == CallState.DONE
    assert used(silent) == (1, 0)


def test_who_takes_over_finds_the_tokens_of_one_that_was_only_late(silent, monkeypatch):
    """The database was away for longer than the lease: both see it come back. However slow this
    machine is, the late one comes in time."""
    monkeypatch.setattr("core.tokens.SECONDS_FOR_THE_LATE", 300)
    store, before = silent.store, lease_of(silent)
    tokens = AccountTokens("acme", store, silent.config, silent.http)
    stale, presented = tokens.current(), store.connections.tokens("acme")
    app = app_of(store.connections.get("acme"), store, silent.config)
    late = refresh(app, presented.refresh_token, silent.http)
    with ThreadPoolExecutor(1) as pool:
        taking_over = pool.submit(tokens.renew, stale)
        while lease_of(silent) == before:
            time.sleep(0.01)
        assert store.refreshes.renewed(
            "acme", presented.version, late.access_token, late.refresh_token, late.instance_url
        )
        assert taking_over.result().token == late.access_token
    assert used(silent) == (1, 0)


def test_a_refused_token_is_presented_once_however_many_wait(world):
    world.connect().control("POST", "/orgs/Acme/revoke")
    tokens = AccountTokens("acme", world.store, world.config, world.http)
    stale, asked = tokens.current(), []

    def hook(response):
        asked.append(response.request.url.path)
        time.sleep(0.3)  # so that the others are waiting by then

    world.http.event_hooks = {"response": [hook]}
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(tokens.renew, stale) for _ in range(3)]
        refusals = [one.exception() for one in waiting]
    assert {one.reason.code for one in refusals} == {"connection.refresh_refused"}
    assert {one.code for one in refusals} == {"invalid_grant"}
    assert len(asked) == 1
    assert world.store.connections.get("acme").state is ConnectionState.DEAD


def test_who_disconnects_during_a_renewal_stays_disconnected(light_world):
    world = light_world.connect().hand_over(event(dbid=1))
    world.control("POST", "/orgs/Acme/expire-sessions")
    asked = []

    def hook(response):
        asked.append(response.request.url.path)
        if asked[-1].endswith("/oauth2/token"):
            world.store.connections.disconnected("acme")

    world.http.event_hooks = {"response": [hook]}
    world.deliver()
    assert world.store.connections.tokens("acme") is None
    assert world.store.connections.get("acme").state is ConnectionState.NONE
    assert asked[-1].endswith("/oauth2/revoke"), "the tokens nobody knows of are given back"
    row = world.call(1)
    assert (row.state, row.reason_code) == (CallState.HELD, "hold.disconnected")


def test_lost_keys_are_mended_by_connecting_again(light_world):
    world = light_world.connect().hand_over(event(dbid=1))
    store = Store(world.config.database_url, Fernet.generate_key().decode())
    deliver("acme", replace(world.runtime, store=store))
    connection = store.connections.get("acme")
    assert (connection.state, connection.reason_code) == (
        ConnectionState.DEAD,
        "connection.keys_lost",
    )
    assert store.notices.claim().reason_code == "connection.keys_lost"
    store.close()
    assert world.call(1).state == CallState.HELD
    world.connect()
    world.store.releases.unhold("acme")
    assert world.deliver().call(1).state == CallState.DONE
