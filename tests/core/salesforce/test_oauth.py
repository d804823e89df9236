"""The web server flow with PKCE, refresh tokens that rotate, and an app alone."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from core.salesforce.errors import ConnectionDead, Paused, Transient
from core.salesforce.oauth import (
    OAuthApp,
    Tokens,
    authorize_url,
    client_credentials,
    exchange,
    new_verifier,
    refresh,
    revoke,
)
from tests.core.salesforce.helpers.scripted import Salesforce

APP = OAuthApp("key", "secret", "https://login.salesforce.com", "https://portal.example/callback")
IDENTITY = "https://login.salesforce.com/id/00Dxx0000001gPLEAY/005xx000001SwiUAAS"
ISSUED = "1278448384422"


def token_body(secret: str = "secret", **changed: object) -> dict:
    digest = hmac.new(secret.encode(), (IDENTITY + ISSUED).encode(), hashlib.sha256).digest()
    return {
        "access_token": "00D!access",
        "refresh_token": "5Aep-first",
        "signature": base64.b64encode(digest).decode(),
        "scope": "api id refresh_token",
        "instance_url": "https://acme.my.salesforce.com",
        "id": IDENTITY,
        "token_type": "Bearer",
        "issued_at": ISSUED,
        **changed,
    }


def answering(body: object, status: int = 200) -> Salesforce:
    return Salesforce(httpx.Response(status, json=body))


def test_the_address_to_consent_at() -> None:
    url = urlsplit(authorize_url(APP, "state-1", "v" * 43))
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{APP.login_url}/services/oauth2/authorize"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).rstrip(b"=").decode()
    assert parse_qs(url.query) == {
        "response_type": ["code"],
        "client_id": ["key"],
        "redirect_uri": ["https://portal.example/callback"],
        "scope": ["api refresh_token id"],
        "state": ["state-1"],
        "code_challenge": [challenge],
        "code_challenge_method": ["S256"],
    }


def test_verifiers_are_long_and_differ() -> None:
    one, other = new_verifier(), new_verifier()
    assert one != other
    assert 43 <= len(one) <= 128
    assert one.isalnum()


def test_exchange() -> None:
    salesforce = answering(token_body())
    tokens = exchange(APP, "code-1", "verifier-1", salesforce.http)
    assert str(salesforce.requests[0].url) == "https://login.salesforce.com/services/oauth2/token"
    assert salesforce.form() == {
        "grant_type": "authorization_code",
        "code": "code-1",
        "redirect_uri": "https://portal.example/callback",
        "code_verifier": "verifier-1",
        "client_id": "key",
        "client_secret": "secret",
    }
    assert tokens.access_token == "00D!access"
    assert tokens.refresh_token == "5Aep-first"
    assert tokens.instance_url == "https://acme.my.salesforce.com"
    assert tokens.identity_url == IDENTITY


@pytest.mark.parametrize("body", [token_body("another secret"), token_body(signature=None)])
def test_an_answer_signed_by_nobody_we_know(body: dict) -> None:
    with pytest.raises(ConnectionDead) as dead:
        exchange(APP, "code", "verifier", answering(body).http)
    assert dead.value.reason.code == "connection.signature"


def test_a_public_client_has_no_secret_to_send_or_check() -> None:
    salesforce = answering(token_body(signature=None))
    exchange(OAuthApp("key", "", APP.login_url, APP.redirect_uri), "code", "v", salesforce.http)
    assert "client_secret" not in salesforce.form()


def test_refresh_with_rotation_and_without() -> None:
    rotated = refresh(APP, "old", answering(token_body(refresh_token="new")).http)
    assert rotated.refresh_token == "new"
    body = token_body()
    del body["refresh_token"]
    salesforce = answering(body)
    kept = refresh(APP, "old", salesforce.http)
    assert kept.refresh_token is None
    assert salesforce.form() == {
        "grant_type": "refresh_token",
        "refresh_token": "old",
        "client_id": "key",
        "client_secret": "secret",
    }


def alone_body(**changed: object) -> dict:
    body = token_body(scope="api id", **changed)
    del body["refresh_token"]
    return body


def test_an_app_alone_sends_its_key_and_secret_and_asks_for_no_scope() -> None:
    salesforce = answering(alone_body())
    mine = OAuthApp("key", "secret", "https://acme.my.salesforce.com", APP.redirect_uri)
    tokens = client_credentials(mine, salesforce.http)
    assert str(salesforce.requests[0].url) == "https://acme.my.salesforce.com/services/oauth2/token"
    assert salesforce.form() == {
        "grant_type": "client_credentials",
        "client_id": "key",
        "client_secret": "secret",
    }
    assert (tokens.access_token, tokens.refresh_token) == ("00D!access", None)
    assert tokens.identity_url == IDENTITY


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("00Dxx0000001gPLEAY/005xx000001SwiUAAS", ("00Dxx0000001gPLEAY", "005xx000001SwiUAAS")),
        ("00Dxx0000001gPL/005xx000001SwiU", ("00Dxx0000001gPLEAY", "005xx000001SwiUAAS")),
        ("005xx000001SwiU", ("", "")),
        ("00Dxx0000001gPL/005xx000001SwiU/more", ("", "")),
        ("", ("", "")),
    ],
)
def test_tokens_say_whose_they_are(where: str, ids: tuple[str, str]) -> None:
    url = f"https://login.salesforce.com/id/{where}"
    assert Tokens("access", None, "https://acme.my.salesforce.com", url).whose == ids


def test_an_app_alone_checks_the_signature_and_where_the_answer_leads() -> None:
    for body, cause in (
        (alone_body(signature="forged"), "signature"),
        (alone_body(instance_url="https://evil.example"), "wrong_host"),
    ):
        with pytest.raises(ConnectionDead) as dead:
            client_credentials(APP, answering(body).http)
        assert dead.value.reason.code == f"connection.{cause}"


@pytest.mark.parametrize(
    ("error", "description", "cause"),
    [
        ("invalid_grant", "no client credentials user enabled", "app.no_user"),
        ("invalid_grant", "client credentials flow not enabled", "app.flow_off"),
        ("invalid_grant", "request not supported on this domain", "app.my_domain"),
        ("invalid_grant", "no valid scopes defined", "app.scopes"),
        ("invalid_scope", "", "app.scopes"),
        ("invalid_grant", "something new", "app.refused"),
        ("invalid_grant", "ip restricted", "connection.ip_restricted"),
        ("inactive_user", "user is inactive", "app.user_inactive"),
        ("inactive_org", "organization is inactive", "connection.inactive_org"),
        ("invalid_client", "invalid client credentials", "connection.client_secret"),
        ("invalid_client_id", "client identifier invalid", "connection.client_id"),
        ("invalid_app_access", "user is not admin approved to access", "app.user_not_approved"),
        ("app_not_found", "External client app is not installed", "app.not_found"),
        ("OAUTH_APP_BLOCKED", "this app is blocked by admin", "connection.app_blocked"),
        ("unsupported_grant_type", "grant type not supported", "connection.misconfigured"),
    ],
)
def test_what_is_said_where_no_person_connects(error: str, description: str, cause: str) -> None:
    body = {"error": error, "error_description": description}
    with pytest.raises(ConnectionDead) as dead:
        client_credentials(APP, answering(body, 400).http)
    assert dead.value.reason.code == cause
    assert (dead.value.code, dead.value.message) == (error, description)


def test_a_refused_refresh() -> None:
    body = {"error": "invalid_grant", "error_description": "expired access/refresh token"}
    with pytest.raises(ConnectionDead) as dead:
        refresh(APP, "old", answering(body, 400).http)
    assert dead.value.reason.code == "connection.refresh_refused"


def test_too_many_logins() -> None:
    with pytest.raises(Paused):
        refresh(APP, "old", answering({"error": "rate_limit_exceeded"}, 400).http)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, html="<html>Down for maintenance</html>"),
        httpx.Response(200, html="<html>Proxy</html>"),
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b'{"access_token": "00D'),
        httpx.Response(200, json={}),
        httpx.Response(200, json=[]),
        httpx.Response(302, headers={"Location": "https://evil.example/"}),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("refused"),
        httpx.RemoteProtocolError("cut"),
    ],
)
def test_no_whole_answer_is_transient(answer: httpx.Response | Exception) -> None:
    salesforce = Salesforce(answer)
    with pytest.raises(Transient):
        refresh(APP, "old", salesforce.http)
    assert len(salesforce.requests) == 1


@pytest.mark.parametrize("name", ["instance_url", "id"])
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example",
        "http://acme.my.salesforce.com",
        "https://acme.my.salesforce.com@evil.example",
        "http://127.0.0.1:5003",
        None,
    ],
)
def test_tokens_that_lead_elsewhere_are_refused(name: str, url: str | None) -> None:
    with pytest.raises(ConnectionDead) as dead:
        refresh(APP, "old", answering(token_body(**{name: url})).http)
    assert dead.value.reason.code == "connection.wrong_host"


def test_the_stand_ins_tokens_lead_to_the_stand_in() -> None:
    origin = "http://127.0.0.1:5003"
    app = OAuthApp("key", "secret", origin, APP.redirect_uri)
    body = token_body(instance_url=origin, id=f"{origin}/id/00D/005")
    assert refresh(app, "old", answering(body).http).instance_url == origin
    with pytest.raises(ConnectionDead):
        refresh(app, "old", answering({**body, "instance_url": "http://127.0.0.1:80"}).http)


def test_nothing_shows_a_secret() -> None:
    tokens = exchange(APP, "code", "verifier", answering(token_body()).http)
    shown = f"{tokens!r} {APP!r}"
    for secret in ("00D!access", "5Aep-first", "secret='"):
        assert secret not in shown


def test_revoke() -> None:
    salesforce = Salesforce(httpx.Response(200))
    revoke(APP.login_url, "5Aep-first", salesforce.http)
    assert str(salesforce.requests[0].url) == f"{APP.login_url}/services/oauth2/revoke"
    assert salesforce.form() == {"token": "5Aep-first"}


def test_a_dead_token_is_revoked_already() -> None:
    revoke(APP.login_url, "dead", Salesforce(httpx.Response(400, text="error=invalid_token")).http)


def test_an_outage_is_not_a_revocation() -> None:
    with pytest.raises(Transient):
        revoke(APP.login_url, "token", Salesforce(httpx.Response(503)).http)
