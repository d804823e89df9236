"""Connecting to the stand-in org, written by others from Salesforce's documentation."""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

from core.salesforce.errors import ConnectionDead, SalesforceError, Transient
from core.salesforce.identity import identity
from core.salesforce.oauth import OAuthApp, authorize_url, exchange, refresh, revoke
from core.salesforce.probe import read_api_probe
from tests.core.salesforce.helpers.stand_in import APP, CALLBACK, ORIGIN, StandIn

VERIFIER = "v" * 64


def press(org: StandIn, page: httpx.Response, fields: dict[str, str]) -> httpx.Response:
    """Send the form of a page, as a browser would."""
    form = re.search(r'<form[^>]*action="([^"]+)"', page.text)
    assert form, page.text
    carried = dict(re.findall(r'name="(carry)" value="([^"]+)"', page.text))
    return org.http.post(urljoin(str(page.url), form[1]), data=carried | fields)


def code_of(org: StandIn) -> dict[str, list[str]]:
    """Log in and consent; what came back to the callback."""
    page = org.http.get(authorize_url(APP, "state-1", VERIFIER))
    mine = {"org": org.connection["org_id"], "user": org.connection["user_id"]}
    page = press(org, page, mine)
    if page.status_code == 200:
        page = press(org, page, {"allow": "1"})
    assert page.status_code == 302, page.text
    assert page.headers["Location"].startswith(CALLBACK)
    return parse_qs(urlsplit(page.headers["Location"]).query)


def test_the_whole_way_in(org: StandIn) -> None:
    answer = code_of(org)
    assert answer["state"] == ["state-1"]
    tokens = exchange(APP, answer["code"][0], VERIFIER, org.http)
    assert tokens.refresh_token
    assert tokens.instance_url == ORIGIN
    who = identity(tokens, org.http)
    assert (who.org_id, who.user_id) == (org.connection["org_id"], org.connection["user_id"])
    assert who.username == "anna@acme.example"
    assert read_api_probe(org.client) == "Acme"


@pytest.mark.parametrize(
    ("app", "verifier", "cause"),
    [
        (APP, "w" * 64, "code_verifier"),
        (OAuthApp("key-1", "wrong", ORIGIN, CALLBACK), VERIFIER, "client_secret"),
        (OAuthApp("nobody", "secret-1", ORIGIN, CALLBACK), VERIFIER, "client_id"),
    ],
)
def test_exchanges_that_fail(org: StandIn, app: OAuthApp, verifier: str, cause: str) -> None:
    code = code_of(org)["code"][0]
    with pytest.raises(ConnectionDead) as dead:
        exchange(app, code, verifier, org.http)
    assert dead.value.reason.code == f"connection.{cause}"


def test_a_code_works_once(org: StandIn) -> None:
    code = code_of(org)["code"][0]
    exchange(APP, code, VERIFIER, org.http)
    with pytest.raises(ConnectionDead) as dead:
        exchange(APP, code, VERIFIER, org.http)
    assert dead.value.reason.code == "connection.code_expired"


def test_a_refresh_rotates_and_an_old_token_ends_it_all(org: StandIn) -> None:
    first = org.connection["refresh_token"]
    second = refresh(APP, first, org.http)
    assert second.refresh_token not in (None, first)
    with pytest.raises(ConnectionDead) as dead:
        refresh(APP, first, org.http)
    assert dead.value.reason.code == "connection.refresh_refused"
    with pytest.raises(ConnectionDead):
        refresh(APP, second.refresh_token, org.http)


def test_a_refresh_without_rotation_keeps_the_token(org: StandIn) -> None:
    org.switch(rotation=False)
    first = org.connection["refresh_token"]
    assert refresh(APP, first, org.http).refresh_token is None
    assert refresh(APP, first, org.http).access_token


def test_a_revoked_token_is_dead_and_may_be_revoked_again(org: StandIn) -> None:
    token = org.connection["refresh_token"]
    revoke(ORIGIN, token, org.http)
    revoke(ORIGIN, token, org.http)
    with pytest.raises(ConnectionDead):
        refresh(APP, token, org.http)


@pytest.mark.parametrize(
    ("change", "cause"),
    [({"active": False}, "inactive_org"), ({"api_enabled": False}, "")],
)
def test_an_org_that_closed(org: StandIn, change: dict[str, bool], cause: str) -> None:
    org.switch(**change)
    if cause:
        with pytest.raises(ConnectionDead) as dead:
            refresh(APP, org.connection["refresh_token"], org.http)
        assert dead.value.reason.code == f"connection.{cause}"
    with pytest.raises(ConnectionDead) as dead:
        read_api_probe(org.client)
    assert dead.value.reason.code == f"connection.{cause or 'api_disabled'}"


def test_an_inactive_user(org: StandIn) -> None:
    path = f"/orgs/Acme/records/User/{org.connection['user_id']}"
    org.control("PATCH", path, {"IsActive": False})
    with pytest.raises(ConnectionDead) as dead:
        refresh(APP, org.connection["refresh_token"], org.http)
    assert dead.value.reason.code == "connection.inactive_user"


def test_an_expired_session_is_renewed_and_revocation_is_noticed(org: StandIn) -> None:
    org.control("POST", "/orgs/Acme/expire-sessions")
    assert read_api_probe(org.client) == "Acme"
    assert org.tokens.access.version == 2
    org.control("POST", "/orgs/Acme/revoke")
    with pytest.raises(ConnectionDead) as dead:
        read_api_probe(org.client)
    assert dead.value.reason.code == "connection.refresh_refused"


@pytest.mark.parametrize("kind", ["unavailable", "empty", "cut", "server_error", "lost_reply"])
def test_bad_weather_is_transient(org: StandIn, kind: str) -> None:
    org.fault(kind)
    with pytest.raises(Transient):
        read_api_probe(org.client)
    assert read_api_probe(org.client) == "Acme"


def test_the_daily_limit(org: StandIn) -> None:
    read_api_probe(org.client)
    used = org.client.limit.used
    read_api_probe(org.client)
    assert org.client.limit.used == used + 1
    org.switch(api_limit=used)
    with pytest.raises(SalesforceError) as paused:
        read_api_probe(org.client)
    assert paused.value.reason.code == "connection.limit"
