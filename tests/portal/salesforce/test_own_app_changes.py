"""An app of the customer's own that changes: its secret, its org, the way itself."""

import re

import pytest

from core.connection import ConnectionState, Flow
from core.reasons import stored
from tests.portal.helpers.connecting import connect as consent
from tests.portal.helpers.connecting import trouble
from tests.portal.helpers.own_app import choose, own, press, told

pytestmark = pytest.mark.usefixtures("in_english")


def test_a_secret_that_was_replaced_in_salesforce_is_replaced_here(
    owner, salesforce, store, by_app
):
    own(salesforce, client_secret="rotated")
    store.connections.died("acme", stored("connection.client_secret", {}))
    page = owner.get("/salesforce")
    assert trouble(page) == "connection.client_secret"
    assert '<details class="fold" open>' in page.text
    assert choose(owner, client_secret="").status_code == 303, "the one that is kept"
    assert trouble(press(owner)) == "connection.client_secret"
    choose(owner, client_secret="rotated")
    assert trouble(press(owner)) == ""
    assert store.connections.get("acme").state is ConnectionState.ACTIVE


def test_a_living_connection_takes_a_new_secret_once_it_works(owner, salesforce, store, by_app):
    own(salesforce, client_secret="rotated")
    assert 'id="client_secret"' in owner.get("/salesforce").text
    page = press(owner, client_secret="mistyped")
    assert trouble(page) == "connection.client_secret"
    assert "mistyped" not in page.text
    assert store.connections.client_secret("acme") == "own-secret"
    assert store.connections.get("acme").state is ConnectionState.ACTIVE
    page = press(owner, client_secret="rotated")
    assert trouble(page) == ""
    assert store.connections.client_secret("acme") == "rotated"


def test_after_disconnecting_the_key_is_filled_in_and_the_secret_asked_for(
    owner, salesforce, store, by_app
):
    page = owner.post("/salesforce/disconnect", htmx=True)
    assert "Salesforce has withdrawn our access" in page.text
    assert salesforce.line.asked[-1].path == "/services/oauth2/revoke"
    assert 'value="acme-own-app"' in page.text
    assert "kept; enter to replace" not in page.text
    assert told(choose(owner, client_secret=""), "client_secret")
    assert trouble(press(owner)) == "connection.client_secret"


def test_another_org_must_be_confirmed(owner, salesforce, store, by_app):
    salesforce.control("POST", "/orgs", name="Second")
    anna = salesforce.control("GET", "/orgs/Second/records/User")[0]["Username"]
    own(salesforce, client_credentials_user={"org": "Second", "username": anna})
    page = press(owner)
    assert trouble(page) == "connection.another_org"
    assert store.connections.get("acme").org_name == "Acme"
    confirmed = re.search(r'name="confirmed_org" value="(\w{18})"', page.text)[1]
    assert trouble(press(owner, confirmed_org=confirmed)) == ""
    assert store.connections.get("acme").org_name == "Second"


def test_an_app_that_led_into_another_org_meanwhile_is_confirmed_by_one_click(
    owner, salesforce, store, by_app
):
    salesforce.control("POST", "/orgs", name="Second")
    anna = salesforce.control("GET", "/orgs/Second/records/User")[0]["Username"]
    own(salesforce, client_credentials_user={"org": "Second", "username": anna})
    salesforce.control("POST", "/orgs/Acme/expire-sessions")
    owner.post("/salesforce/switch", enabled="1")
    owner.post("/salesforce/org")
    page = owner.get("/salesforce")
    assert trouble(page) == "connection.another_org"
    confirmed = re.search(r'name="confirmed_org" value="(\w{18})"', page.text)[1]
    assert trouble(press(owner, confirmed_org=confirmed)) == ""
    assert store.connections.get("acme").org_name == "Second"


def test_from_one_way_to_the_other_and_back(owner, salesforce, store, by_app):
    owner.post("/salesforce/disconnect")
    owner.post("/salesforce/environment", flow="consent", environment="production")
    consent(owner, salesforce)
    assert store.connections.get("acme").flow is Flow.CONSENT
    assert store.connections.tokens("acme").refresh_token
    owner.post("/salesforce/disconnect")
    choose(owner)
    press(owner)
    assert store.connections.get("acme").flow is Flow.CLIENT_CREDENTIALS
    assert store.connections.tokens("acme").refresh_token == ""
