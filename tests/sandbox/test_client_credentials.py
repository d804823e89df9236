"""The client credentials flow: what a key and a secret alone give, and how they are refused."""

import base64

import pytest

from tests.sandbox.conftest import SCOPES, Client

RUN_AS = {"org": "Acme", "username": "bohdan@acme.example"}
PATH = "/services/oauth2/token"


@pytest.fixture
def register(browser):
    def make(**changes):
        given = {"client_id": "own", "client_secret": "s3", "client_credentials_user": RUN_AS}
        answer = browser.post("/__control__/apps", json={**given, "scopes": SCOPES, **changes})
        assert answer.status_code == 201, answer.text

    make()
    return make


def ask(browser, host="localhost", headers=None, **changes):
    form = {"client_id": "own", "client_secret": "s3", **changes}
    form = {k: v for k, v in form.items() if v is not None}
    given = {"grant_type": "client_credentials", **form}
    return browser.post(PATH, data=given, base_url=f"http://{host}", headers=headers)


def refused(answer):
    assert answer.status_code == 400, answer.text
    return answer.json["error"], answer.json["error_description"]


def test_it_gives_an_access_token_of_the_run_as_user_and_no_refresh_token(app, browser, register):
    tokens = ask(browser).json
    assert "refresh_token" not in tokens
    assert tokens["scope"].split() == ["api", "id", "openid"], "the app's, but for refresh_token"
    client = Client(browser, tokens, app)
    lead = client.create("Lead", LastName="Poe", Company="Raven")
    assert client.read("Lead", lead)["OwnerId"] == client.user("bohdan@acme.example")
    assert tokens["id"].endswith(client.user("bohdan@acme.example"))


def test_key_and_secret_as_http_basic(browser, register):
    basic = "Basic " + base64.b64encode(b"own:s3").decode()
    answer = ask(browser, headers={"Authorization": basic}, client_id=None, client_secret=None)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("host", ["login.salesforce.test", "test.salesforce.test"])
def test_only_my_domain_serves_it(browser, register, host):
    expected = ("invalid_grant", "request not supported on this domain")
    assert refused(ask(browser, host=host)) == expected


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "other"}, ("invalid_client_id", "client identifier invalid")),
        ({"client_secret": "wrong"}, ("invalid_client", "invalid client credentials")),
        ({"client_secret": None}, ("invalid_client", "invalid client credentials")),
    ],
)
def test_a_wrong_key_or_secret(browser, register, changes, error):
    assert refused(ask(browser, **changes)) == error


def test_it_takes_no_scope(browser, register):
    expected = ("invalid_request", "scope parameter not supported")
    assert refused(ask(browser, scope="api")) == expected


@pytest.mark.parametrize("run_as", [None, {"org": "Acme", "username": "gone@acme.example"}])
def test_without_a_run_as_user_it_is_off(browser, register, run_as):
    register(client_credentials_user=run_as)
    assert refused(ask(browser)) == ("invalid_grant", "no client credentials user enabled")


def test_an_app_without_a_scope_for_it(browser, register):
    register(scopes=["web", "refresh_token"])
    assert refused(ask(browser)) == ("invalid_grant", "no valid scopes")


@pytest.mark.parametrize(
    ("policy", "error"),
    [
        ("not_installed", ("app_not_found", "External client app is not installed in this org")),
        ("uninstalled", ("invalid_client", "app must be installed into org")),
        ("blocked", ("OAUTH_APP_BLOCKED", "this app is blocked by admin")),
        (
            "not_approved",
            ("invalid_app_access", "user is not admin approved to access this app"),
        ),
    ],
)
def test_what_the_admin_does_not_let_in(client, browser, register, policy, error):
    client.switch(app_policy=policy)
    assert refused(ask(browser)) == error


def test_an_inactive_user_or_org(client, browser, register):
    user = f"/__control__/orgs/Acme/records/User/{client.user('bohdan@acme.example')}"
    browser.patch(user, json={"IsActive": False})
    assert refused(ask(browser)) == ("inactive_user", "user is inactive")
    browser.patch(user, json={"IsActive": True})
    client.switch(active=False)
    assert refused(ask(browser)) == ("inactive_org", "organization is inactive")


def test_its_tokens_end_like_others_and_are_got_again(app, browser, register):
    client = Client(browser, ask(browser).json, app)
    browser.post("/__control__/orgs/Acme/expire-sessions")
    assert client.get("/limits").status_code == 401
    client.tokens = ask(browser).json
    assert client.get("/limits").status_code == 200
    browser.post("/services/oauth2/revoke", data={"token": client.tokens["access_token"]})
    assert client.get("/limits").status_code == 401
    client.tokens = ask(browser).json
    browser.post("/__control__/orgs/Acme/revoke", json={"username": RUN_AS["username"]})
    assert client.get("/limits").status_code == 401
    assert ask(browser).status_code == 200, "there is no approval to take away"


def test_many_tokens_live_side_by_side_and_take_no_approval(app, browser, register, connect):
    clients = [Client(browser, ask(browser).json, app) for _ in range(7)]
    assert [c.get("/limits").status_code for c in clients] == [200] * 7
    assert not app.extensions["sandbox"].tokens.is_approved(
        "own", clients[0].org.id, clients[0].user("bohdan@acme.example")
    )


def test_a_reset_leaves_the_app_and_its_run_as_user(browser, register):
    browser.post("/__control__/reset")
    assert ask(browser).status_code == 200
