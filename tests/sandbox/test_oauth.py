"""OAuth: what is answered, what is refused, and where a refusal is shown."""

import base64
import hashlib
import hmac
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.conftest import (
    APP,
    authorize_url,
    exchange,
    get_code,
    log_in,
    press,
    token_request,
)


def back(answer):
    assert answer.status_code == 302, answer.text
    assert answer.location.startswith(APP.callback_urls[0])
    return {k: v[0] for k, v in parse_qs(urlsplit(answer.location).query).items()}


def refused(answer):
    assert answer.status_code == 400, answer.text
    return answer.json["error"], answer.json["error_description"]


def test_the_whole_way_gives_tokens(app, browser):
    answer = log_in(browser, app)
    assert "UniTalk" in answer.text
    assert "Manage user data via APIs" in answer.text
    given = back(press(browser, answer, "/services/oauth2/consent", allow="1"))
    assert given["state"] == "st/1"
    tokens = exchange(browser, given["code"]).json
    assert set(tokens) == {
        "access_token", "refresh_token", "signature", "scope", "instance_url", "id",
        "token_type", "issued_at",
    }  # fmt: skip
    assert tokens["instance_url"] == "http://localhost"
    signed = hmac.new(b"secret-1", (tokens["id"] + tokens["issued_at"]).encode(), hashlib.sha256)
    assert base64.b64decode(tokens["signature"]) == signed.digest()
    assert abs(int(tokens["issued_at"]) / 1000 - time.time()) < 5


def test_deny_goes_back_as_access_denied(app, browser):
    answer = press(browser, log_in(browser, app), "/services/oauth2/consent", deny="1")
    assert back(answer)["error"] == "access_denied"
    assert back(answer)["state"] == "st/1"


@pytest.mark.parametrize(
    ("changes", "error", "description"),
    [
        ({"code_challenge": None}, "invalid_request", "missing required code challenge"),
        ({"code_challenge": "short"}, "invalid_request", "invalid code challenge"),
        ({"code_challenge_method": "plain"}, "invalid_request", None),
        ({"response_type": "token"}, "unsupported_response_type", None),
        ({"scope": "api everything"}, "invalid_scope", None),
        ({"scope": "api full"}, "invalid_scope", None),
        ({"immediate": "true"}, "immediate_unsuccessful", None),
    ],
)
def test_refusals_that_go_back(browser, changes, error, description):
    given = back(browser.get(authorize_url(**changes)))
    assert given["error"] == error
    assert given["state"] == "st/1"
    if description:
        assert given["error_description"] == description


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "other"}, "invalid_client_id"),
        ({"redirect_uri": "http://portal.test/callback/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": None}, "redirect_uri_mismatch"),
    ],
)
def test_refusals_shown_on_the_page_never_redirect(browser, changes, error):
    answer = browser.get(authorize_url(**changes))
    assert answer.status_code == 400
    assert error in answer.text
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("policy", "error"),
    [
        ("not_installed", "OAUTH_EC_APP_NOT_FOUND"),
        ("uninstalled", "OAUTH_APPROVAL_ERROR_GENERIC"),
        ("blocked", "OAUTH_APP_BLOCKED"),
        ("not_approved", "OAUTH_APP_ACCESS_DENIED"),
    ],
)
def test_what_the_admin_does_not_let_in_stays_on_the_page(app, browser, client, policy, error):
    client.switch(app_policy=policy)
    answer = log_in(app.test_client(), app)
    assert answer.status_code == 400
    assert error in answer.text


def test_method_may_be_left_out_and_a_known_app_is_not_asked_again(app, browser):
    first = get_code(browser, app, code_challenge_method=None)
    assert exchange(browser, first).status_code == 200
    assert "code" in back(browser.get(authorize_url()))
    assert "Allow" in browser.get(authorize_url(prompt="consent")).text
    assert "Choose who you are" in browser.get(authorize_url(prompt="login")).text


def test_an_inactive_user_cannot_log_in(app, browser, client):
    found = app.extensions["sandbox"]
    user = found.rows.get(client.org, client.user("clara@acme.example"))
    found.rows.replace(client.org.object("User"), {**user.data, "IsActive": False})
    assert "Your access is disabled" in log_in(browser, app, "clara@acme.example").text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code": "nonsense"}, ("invalid_grant", "invalid authorization code")),
        ({"code_verifier": "w" * 64}, ("invalid_grant", "invalid code verifier")),
        ({"code_verifier": "v" * 42}, ("invalid_grant", "invalid code verifier")),
        ({"code_verifier": None}, ("invalid_grant", "invalid code verifier")),
        ({"client_secret": "wrong"}, ("invalid_client", "invalid client credentials")),
        ({"client_secret": None}, ("invalid_client", "invalid client credentials")),
        ({"client_id": "other"}, ("invalid_client_id", "client identifier invalid")),
        (
            {"redirect_uri": "http://portal.test/x"},
            ("redirect_uri_mismatch", "redirect_uri must match configuration"),
        ),
        ({"grant_type": "password"}, ("unsupported_grant_type", "grant type not supported")),
    ],
)
def test_token_refusals(app, browser, changes, error):
    code = get_code(browser, app)
    assert refused(exchange(browser, code, **changes)) == error


def test_a_code_is_good_once_and_for_fifteen_minutes(app, browser):
    code = get_code(browser, app)
    assert exchange(browser, code).status_code == 200
    assert refused(exchange(browser, code)) == ("invalid_grant", "expired authorization code")
    old = get_code(browser, app, prompt="login")
    app.extensions["sandbox"].storage.run(
        "UPDATE codes SET created = created - 901 WHERE code = ?", (old,)
    )
    assert refused(exchange(browser, old)) == ("invalid_grant", "expired authorization code")


def test_a_wrong_verifier_spends_the_code(app, browser):
    code = get_code(browser, app)
    exchange(browser, code, code_verifier="w" * 64)
    assert refused(exchange(browser, code)) == ("invalid_grant", "expired authorization code")


def test_without_scopes_all_of_the_apps_are_given(app, browser):
    answer = exchange(browser, get_code(browser, app, scope=None))
    assert answer.json["scope"].split() == list(APP.scopes)


def test_a_refusal_of_the_token_endpoint_on_purpose(client, browser):
    words = {"code": "rate_limit_exceeded", "message": "login rate exceeded"}
    rule = {"kind": "refused", "path": "oauth2/token", **words}
    browser.post("/__control__/faults", json=rule)
    token = client.tokens["refresh_token"]
    assert refused(refresh(browser, token)) == tuple(words.values())
    assert refresh(browser, token).status_code == 200, "nothing was done to it"


def test_secret_as_http_basic(app, browser):
    code = get_code(browser, app)
    basic = base64.b64encode(b"key-1:secret-1").decode()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": APP.callback_urls[0],
        "code_verifier": "v" * 64,
    }
    answer = browser.post(
        "/services/oauth2/token", data=form, headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.status_code == 200, answer.text


def refresh(browser, token, **changes):
    return token_request(browser, grant_type="refresh_token", refresh_token=token, **changes)


def test_refresh_rotates_and_reuse_kills_the_current_tokens(client, browser):
    first = client.tokens["refresh_token"]
    second = refresh(browser, first).json
    assert second["refresh_token"] != first
    client.tokens = {**client.tokens, "access_token": second["access_token"]}
    assert client.get("/limits").status_code == 200
    expired = ("invalid_grant", "expired access/refresh token")
    assert refused(refresh(browser, first)) == expired
    assert refused(refresh(browser, second["refresh_token"])) == expired
    assert client.get("/limits").status_code == 401
    counters = browser.get("/__control__/orgs/Acme/counters").json
    assert (counters["refreshes"], counters["refresh_reuses"]) == (1, 1)


def test_without_rotation_the_refresh_token_stays(client, browser):
    client.switch(rotation=False)
    answer = refresh(browser, client.tokens["refresh_token"]).json
    assert "refresh_token" not in answer
    assert refresh(browser, client.tokens["refresh_token"]).status_code == 200


def test_refresh_refusals(client, browser, app):
    token = client.tokens["refresh_token"]
    assert refused(refresh(browser, token, client_secret="x"))[0] == "invalid_client"
    org = client.org
    user = client.user("anna@acme.example")
    browser.patch(f"/__control__/orgs/{org.id}/records/User/{user}", json={"IsActive": False})
    assert refused(refresh(browser, token)) == ("inactive_user", "user is inactive")
    assert client.get("/limits").status_code == 401
    browser.patch(f"/__control__/orgs/{org.id}/records/User/{user}", json={"IsActive": True})
    client.switch(active=False)
    assert refused(refresh(browser, token)) == ("inactive_org", "organization is inactive")
    client.switch(active=True)
    app.extensions["sandbox"].storage.run("UPDATE approvals SET last_used = last_used - 2592001")
    assert refused(refresh(browser, token))[0] == "invalid_grant"


def test_the_sixth_approval_revokes_the_oldest(connect, browser):
    clients = [connect(prompt="consent") for _ in range(6)]
    answers = [refresh(browser, c.tokens["refresh_token"]).status_code for c in clients]
    assert answers == [400, 200, 200, 200, 200, 200]


def test_no_refresh_token_without_its_scope(connect):
    assert "refresh_token" not in connect(scope="api id").tokens
    assert "id_token" in connect("bohdan@acme.example", scope="api openid").tokens


def test_revoking_a_refresh_token_takes_the_access_token_along(client, browser):
    answer = browser.post("/services/oauth2/revoke", data={"token": client.tokens["refresh_token"]})
    assert (answer.status_code, answer.data) == (200, b"")
    assert client.get("/limits").status_code == 401
    again = browser.post("/services/oauth2/revoke", data={"token": "nonsense"})
    assert again.status_code == 400
    assert parse_qs(again.text)["error"] == ["invalid_token"]


def test_revoking_an_access_token_leaves_the_refresh_token(client, browser):
    browser.post("/services/oauth2/revoke", data={"token": client.tokens["access_token"]})
    assert client.get("/limits").status_code == 401
    assert refresh(browser, client.tokens["refresh_token"]).status_code == 200


def test_introspect(client, browser):
    form = {"client_id": "key-1", "client_secret": "secret-1"}
    token = client.tokens["access_token"]
    answer = browser.post("/services/oauth2/introspect", data={**form, "token": token}).json
    assert answer["active"] is True
    assert answer["username"] == "anna@acme.example"
    gone = browser.post("/services/oauth2/introspect", data={**form, "token": "x"}).json
    assert gone == {"active": False}


def test_identity_and_userinfo(client, browser, connect):
    bearer = {"Authorization": f"Bearer {client.tokens['access_token']}"}
    path = urlsplit(client.tokens["id"]).path
    me = browser.get(path, headers=bearer).json
    assert me["organization_id"] == client.org.id
    assert me["user_type"] == "STANDARD"
    assert "{version}" in me["urls"]["rest"]
    assert "v68.0" in browser.get(path + "?version=latest", headers=bearer).json["urls"]["rest"]
    token = client.tokens["access_token"]
    assert browser.get(path + "?format=json&oauth_token=" + token).json == me
    info = browser.get("/services/oauth2/userinfo", headers=bearer).json
    assert info["sub"] == client.tokens["id"]
    assert browser.get(path).text == "Missing_OAuth_Token"
    wrong = browser.get("/services/oauth2/userinfo", headers={"Authorization": "Bearer x"})
    assert (wrong.status_code, wrong.text) == (403, "Bad_OAuth_Token")
    other = connect("greta@globex.example")
    elsewhere = urlsplit(other.tokens["id"]).path
    assert browser.get(elsewhere, headers=bearer).text == "Wrong_Org"


def test_discovery(browser):
    found = browser.get("/.well-known/openid-configuration").json
    assert found["token_endpoint"] == "http://localhost/services/oauth2/token"


def test_access_token_ends(client, browser):
    browser.post("/__control__/orgs/Acme/expire-sessions")
    answer = client.get("/limits")
    assert answer.status_code == 401
    assert answer.json == [
        {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    ]
