"""Connecting by an app of the customer's own, without a person: the form, the card, all ends."""

import html
import re
import time
from threading import Event

import pytest

from core.connection import ConnectionState, Flow
from portal.salesforce import own_app
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.connecting import connect as consent
from tests.portal.helpers.connecting import trouble
from tests.portal.helpers.org import ORIGIN
from tests.portal.helpers.own_app import FORM, RUN_AS, choose, own, press, told

pytestmark = pytest.mark.usefixtures("in_english")


def happened(store):
    return [one.action for one in store.audit.events("acme", 10)]


def wait_for(told):
    """Whether it came true within a minute."""
    give_up = time.monotonic() + 60
    while not told() and time.monotonic() < give_up:
        time.sleep(0.02)
    return told()


def test_key_and_secret_are_enough(owner, salesforce, store):
    own(salesforce)
    assert choose(owner).status_code == 303
    assert "nobody has to log in" in owner.get("/salesforce").text
    page = press(owner)
    connection = store.connections.get("acme")
    assert (connection.state, connection.flow) == (ConnectionState.ACTIVE, Flow.CLIENT_CREDENTIALS)
    assert (connection.org_name, connection.username) == ("Acme", RUN_AS["username"])
    assert "Connected to Acme." in page.text
    assert "by an app of your own, without a person" in page.text
    assert html.escape(connection.user_name) in page.text
    assert "own-secret" not in page.text
    assert wait_for(lambda: store.shapes.get("acme")), "the lists of the page are read"


@pytest.mark.parametrize("htmx", [True, False])
def test_one_button_saves_and_connects(owner, salesforce, store, htmx):
    own(salesforce)
    assert "Save and connect" in owner.get("/salesforce").text
    owner.post("/salesforce/environment", htmx=htmx, **FORM, then="connect")
    connection = store.connections.get("acme")
    assert (connection.state, connection.flow) == (ConnectionState.ACTIVE, Flow.CLIENT_CREDENTIALS)


def test_with_htmx_the_card_comes_at_once(owner, salesforce, store):
    own(salesforce)
    choose(owner)
    answer = owner.post("/salesforce/connect", htmx=True)
    assert "pill-idle" in answer.text
    assert "Connected to Acme." in answer.text


def test_a_person_is_asked_as_before(owner, salesforce):
    assert "by a person's consent" in html.unescape(consent(owner, salesforce).text)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"flow": "password"}, "flow", "Choose one of these."),
        ({"my_domain": ""}, "my_domain", "not an address"),
        ({"my_domain": "login.salesforce.com"}, "my_domain", "that of all organisations"),
        ({"my_domain": "https://test.salesforce.com/x"}, "my_domain", "that of all organisations"),
        ({"my_domain": "acme.lightning.force.com"}, "my_domain", "not the My Domain"),
        ({"my_domain": "evil.example"}, "my_domain", "does not belong to Salesforce"),
        ({"client_id": " "}, "client_id", "Enter the consumer key"),
        ({"client_secret": ""}, "client_secret", "Enter the consumer secret"),
        ({"client_id": "k" * 513}, "client_id", "too long"),
    ],
)
def test_errors_stand_beside_fields_and_keep_what_was_typed(owner, store, changed, field, words):
    answer = choose(owner, **changed)
    assert answer.status_code == 422
    assert words in told(answer, field)
    assert "own-secret" not in answer.text
    if "client_id" not in changed:
        assert 'value="acme-own-app"' in answer.text
    assert store.connections.get("acme").client_id == ""


def test_where_to_log_in_is_not_asked_of_an_app(owner, store):
    assert choose(owner, environment="sandbox").status_code == 303
    assert store.connections.get("acme").my_domain == ORIGIN


@pytest.mark.parametrize(
    ("registered", "cause"),
    [
        ({"client_secret": "another"}, "connection.client_secret"),
        ({"client_id": "another"}, "connection.client_id"),
        ({"client_credentials_user": None}, "app.no_user"),
        ({"scopes": ["api"]}, "connection.identity"),
    ],
)
def test_an_app_that_salesforce_refuses(owner, salesforce, store, registered, cause):
    own(salesforce, **registered)
    choose(owner)
    assert trouble(press(owner)) == cause
    assert store.connections.get("acme").state is ConnectionState.NONE
    assert trouble(owner.get("/salesforce")) == "", "said once"


@pytest.mark.parametrize(
    ("settings", "cause"),
    [
        ({"app_policy": "blocked"}, "connection.app_blocked"),
        ({"app_policy": "not_approved"}, "app.user_not_approved"),
        ({"app_policy": "not_installed"}, "app.not_found"),
        ({"active": False}, "connection.inactive_org"),
        ({"api_enabled": False}, "connection.api_disabled"),
    ],
)
def test_an_org_that_does_not_let_the_app_in(owner, salesforce, store, settings, cause):
    own(salesforce)
    salesforce.control("PATCH", "/orgs/Acme/settings", **settings)
    choose(owner)
    assert trouble(press(owner)) == cause
    assert store.connections.get("acme").state is ConnectionState.NONE


def test_salesforce_out_of_reach(owner, salesforce):
    own(salesforce)
    choose(owner)
    salesforce.line.cut = True
    assert trouble(press(owner)) == "connection.unreachable"


def test_who_waits_too_long_is_told_so_and_connected_all_the_same(
    owner, salesforce, store, monkeypatch
):
    own(salesforce)
    choose(owner)
    asked, answers = Event(), Event()
    salesforce.http.event_hooks = {"request": [lambda _: asked.set() or answers.wait(60)]}
    monkeypatch.setattr(own_app, "PAGE_SECONDS", 0.05)
    owner.post("/salesforce/connect")
    assert asked.wait(60)
    page = owner.get("/salesforce")
    assert trouble(page) == "connection.slow"
    assert "load delay" in page.text, "the card looks again by itself"
    look = html.unescape(re.search(r'hx-get="([^"]*/connection[^"]*)"', page.text)[1])
    assert owner.get(look.removeprefix(ACME), htmx=True).status_code == 204
    answers.set()
    assert wait_for(lambda: "salesforce.connected" in happened(store))
    looked = lambda: store.checks.newest("acme", "preflight")  # noqa: E731
    assert wait_for(lambda: looked() and looked().ended_at), "and the org is looked at"
    log = html.unescape(owner.get("/access").text)
    assert "by an app of your own: Acme" in log, "written down, though nobody waited any more"
    assert "pill-idle" in owner.get(look.removeprefix(ACME), htmx=True).text


@pytest.mark.parametrize("later", [{"flow": "consent"}, {"client_id": "another-app"}])
def test_what_was_chosen_meanwhile_is_not_undone(owner, salesforce, store, monkeypatch, later):
    own(salesforce)
    choose(owner)
    asked, answers = Event(), Event()
    salesforce.http.event_hooks = {"request": [lambda _: asked.set() or answers.wait(60)]}
    monkeypatch.setattr(own_app, "PAGE_SECONDS", 0.05)
    owner.post("/salesforce/connect")
    assert asked.wait(60)
    assert choose(owner, **{"environment": "production", **later}).status_code == 303
    chosen = store.connections.get("acme")
    answers.set()
    revoked = "/services/oauth2/revoke"
    assert wait_for(lambda: revoked in [one.path for one in salesforce.line.asked])
    assert store.connections.get("acme") == chosen


def test_who_corrects_the_secret_is_not_answered_by_the_try_before(
    owner, salesforce, store, monkeypatch
):
    own(salesforce)
    choose(owner, client_secret="mistyped")
    asked, answers = Event(), Event()
    salesforce.http.event_hooks = {"request": [lambda _: asked.set() or answers.wait(60)]}
    with monkeypatch.context() as patched:
        patched.setattr(own_app, "PAGE_SECONDS", 0.05)
        owner.post("/salesforce/connect")
        assert asked.wait(60)
    salesforce.http.event_hooks = {}
    assert trouble(press(owner, client_secret="own-secret")) == ""
    assert store.connections.get("acme").state is ConnectionState.ACTIVE
    answers.set()


def test_connect_is_pressed_six_times_a_minute_at_most(owner, salesforce, store):
    choose(owner)
    causes = [trouble(press(owner)) for _ in range(7)]
    assert (causes[5], causes[6]) == ("connection.client_id", "connection.pressed_often")
    assert trouble(owner.get("/salesforce")) == "", "said once"


def test_the_access_log_names_the_way(owner, salesforce, by_app):
    log = html.unescape(owner.get("/access").text)
    assert "Salesforce was connected by an app of your own: Acme" in log
    assert "by an app of your own, without a person" in log
    assert "own-secret" not in log


def test_the_other_ways_card_looks_at_salesforce_only_when_asked(owner, salesforce, store):
    """A try by consent that was given up for an app waits for nobody."""
    owner.get("/salesforce")
    owner.post("/salesforce/connect")
    assert "Waiting for your consent" in owner.get("/salesforce").text
    choose(owner)
    assert "Waiting for your consent" not in owner.get("/salesforce").text


def test_members_and_support_see_the_way_and_no_form(member, support, store, by_app):
    entered = {"person": "owner@acme.example", "reason": "They asked why"}
    support.post("/support/acme/visit", **entered)
    for who in (member, support):
        page = html.unescape(who.get("/salesforce").text)
        assert 'id="client_secret"' not in page
        assert "acme-own-app" not in page
        for path in ("environment", "connect"):
            assert who.post(f"/salesforce/{path}", **FORM).status_code == 403
    store.accounts.set_language(store.accounts.person_by_email("member@acme.example").id, "en")
    assert "by an app of your own, without a person" in member.get("/salesforce").text
