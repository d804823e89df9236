"""A connection by the customer's own app, without a person: renewed, refused, mended, ended."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.connecting import connect_without_person, disconnect
from core.connection import ConnectionState
from core.models import CallState, ConnectionRow
from core.salesforce.errors import ConnectionDead
from core.store import Store
from core.tokens import AccountTokens
from tests.helpers.events import event
from tests.scenarios.helpers.world import OWN_APP
from worker.housekeeping import keep_quiet_connections

RUN_AS = {"org": "Acme", "username": "anna@acme.example"}


def asked_for_tokens(world):
    """Addresses of token requests, as they are sent from now on."""
    asked = []

    def hook(request):
        if request.url.path.endswith("/oauth2/token"):
            asked.append(request.content.decode())

    world.http.event_hooks = {"request": [hook]}
    return asked


def expire(world):
    world.control("POST", "/orgs/Acme/expire-sessions")


def reconnect(world, **changed):
    return connect_without_person(
        "acme", world.store, world.config, world.http, world.runtime.waker, **changed
    )


def test_many_that_renew_at_once_ask_once(world):
    world.connect_alone()
    url, keys = world.config.database_url, world.config.token_keys
    stores = [Store(url, keys) for _ in range(4)]
    tokens = [AccountTokens("acme", store, world.config, world.http) for store in stores]
    asked = asked_for_tokens(world)
    expire(world)
    stale = tokens[0].current()
    with ThreadPoolExecutor(8) as pool:
        fresh = list(pool.map(AccountTokens.renew, tokens * 2, [stale] * 8))
    assert len({one.token for one in fresh}) == 1
    assert fresh[0].token != stale.token
    assert len(asked) == 1
    assert "grant_type=client_credentials" in asked[0]
    for store in stores:
        store.close()


def test_a_lost_token_request_is_asked_again(light_world):
    world = light_world.connect_alone().hand_over(event(dbid=1))
    expire(world)
    world.control("POST", "/faults", {"kind": "unavailable", "path": "oauth2/token"})
    assert world.deliver().call(1).state == CallState.DONE


REFUSALS = [
    ({"client_secret": "rotated"}, "connection.client_secret"),
    ({"client_credentials_user": None}, "app.no_user"),
    (
        {"client_credentials_user": {"org": "Acme", "username": "nobody@acme.example"}},
        "app.no_user",
    ),
]


@pytest.mark.parametrize(("changed", "cause"), REFUSALS)
def test_a_refused_app_kills_the_connection_and_is_mended(light_world, changed, cause):
    world = light_world.connect_alone().hand_over(event(dbid=1))
    world.own_app(**{"client_credentials_user": RUN_AS, **changed})
    assert world.deliver().call(1).state == CallState.DONE, "the session is good still"
    expire(world)
    world.hand_over(event(dbid=2)).deliver()
    connection = world.store.connections.get("acme")
    assert (connection.state, connection.reason_code) == (
        ConnectionState.DEAD,
        cause,
    )
    assert world.call(2).state == CallState.HELD
    assert world.store.notices.claim().reason_code == cause

    world.own_app(client_secret="rotated", client_credentials_user=RUN_AS)
    reconnect(world, client_secret="rotated")
    assert world.deliver().call(2).state == CallState.DONE
    assert world.store.connections.client_secret("acme") == "rotated", "for the next renewal"


def test_an_inactive_run_as_user_is_named(light_world):
    world = light_world.connect_alone().hand_over(event(dbid=1))
    anna = world.users()[0]
    world.control("PATCH", f"/orgs/Acme/records/User/{anna}", {"IsActive": False})
    expire(world)
    world.deliver()
    assert world.store.connections.get("acme").reason_code == "app.user_inactive"


def test_a_wrong_new_secret_leaves_the_living_connection_as_it_was(light_world):
    world = light_world.connect_alone().hand_over(event(dbid=1))
    with pytest.raises(ConnectionDead) as dead:
        reconnect(world, client_secret="mistyped")
    assert dead.value.reason.code == "connection.client_secret"
    assert world.store.connections.client_secret("acme") == "own-secret"
    expire(world)
    assert world.deliver().call(1).state == CallState.DONE


def test_a_quiet_connection_is_tried_once_a_week(light_world):
    world = light_world.connect_alone()
    asked = asked_for_tokens(world)
    for secret, kept in (("own-secret", 1), ("rotated", 0)):
        world.own_app(client_secret=secret, client_credentials_user=RUN_AS)
        with world.store.database.write() as session:
            session.connection().exec_driver_sql(
                "UPDATE connections SET refreshed_at = '2026-01-01 00:00:00'"
            )
        assert keep_quiet_connections(world.runtime) == kept
    assert len(asked) == 2
    assert world.store.connections.get("acme").reason_code == "connection.client_secret"


def test_disconnecting_revokes_the_token_and_forgets_the_secret(light_world):
    world = light_world.connect_alone()
    token = world.store.connections.tokens("acme").access_token
    assert disconnect("acme", world.store, world.http)
    query = {"token": token, "client_id": OWN_APP, "client_secret": "own-secret"}
    where = f"{world.config.salesforce_login_url}/services/oauth2/introspect"
    assert world.http.post(where, data=query).json() == {"active": False}
    with world.store.database.read() as session:
        row = session.get(ConnectionRow, "acme")
        assert (row.client_secret_sealed, row.access_token_sealed) == ("", "")
        assert row.client_id == OWN_APP, "to be filled in next time"


def test_who_disconnects_during_a_renewal_stays_disconnected(light_world):
    world = light_world.connect_alone().hand_over(event(dbid=1))
    expire(world)
    asked = []

    def hook(response):
        asked.append(response.request.url.path)
        if asked[-1].endswith("/oauth2/token"):
            world.store.connections.disconnected("acme")

    world.http.event_hooks = {"response": [hook]}
    world.deliver()
    assert world.store.connections.tokens("acme") is None
    assert asked[-1].endswith("/oauth2/revoke"), "the token nobody knows of is given back"
