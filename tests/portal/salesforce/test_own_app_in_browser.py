"""Connecting by an own app as a person does it: choosing the way, a mistake, the way in."""

from threading import Event

import pytest
from playwright.sync_api import Page, expect

from core.connection import ConnectionState
from core.store import Store
from portal.salesforce import own_app
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.org import ORIGIN, Salesforce
from tests.portal.helpers.site import accessible, fits, serve, sign_in


@pytest.fixture
def cabinet(page: Page, app, store: Store):
    with serve(app) as address:
        sign_in(page, address, "owner", PASSWORDS["owner"])
        yield page
        page.goto("about:blank")  # a page that looks by itself would miss the server


def test_from_the_choice_of_the_way_to_a_working_connection(
    cabinet: Page, salesforce: Salesforce, store: Store, complaints
):
    complaints.expect("422")
    own = {"client_id": "own", "client_secret": "own-secret", "scopes": ["api", "id"]}
    run_as = {"org": "Acme", "username": "anna@acme.example"}
    salesforce.control("POST", "/apps", **own, client_credentials_user=run_as)
    cabinet.locator("#connection details.fold summary").last.click()
    form = cabinet.locator("form.ways")
    production = form.locator("[value=production]")
    expect(production).to_be_visible()
    form.locator("[value=client_credentials]").focus()
    cabinet.keyboard.press("Space")
    expect(production).to_be_hidden()
    accessible(cabinet)
    form.locator("#my_domain").fill("login.salesforce.com")
    form.locator("#client_id").fill("own")
    cabinet.keyboard.press("Enter")
    expect(cabinet.locator("#my_domain-error")).to_be_visible()
    expect(cabinet.locator("#client_secret-error")).to_be_visible()
    expect(cabinet.locator("#client_id")).to_have_value("own")
    accessible(cabinet)
    fits(cabinet)
    cabinet.locator("#my_domain").fill(ORIGIN)
    cabinet.locator("#client_secret").fill("own-secret")
    cabinet.keyboard.press("Enter")
    expect(cabinet.locator("#connection .facts")).to_contain_text("anna@acme.example")
    accessible(cabinet)
    assert store.connections.get("acme").state is ConnectionState.ACTIVE


def test_a_card_that_was_told_to_wait_shows_by_itself_that_it_is_connected(
    cabinet: Page, salesforce: Salesforce, store: Store, monkeypatch
):
    own = {"client_id": "own", "client_secret": "own-secret", "scopes": ["api", "id"]}
    run_as = {"org": "Acme", "username": "anna@acme.example"}
    salesforce.control("POST", "/apps", **own, client_credentials_user=run_as)
    chosen = {"client_id": "own", "client_secret": "own-secret", "my_domain": ORIGIN}
    flow = {"flow": "client_credentials", "environment": "my_domain"}
    store.connections.choose("acme", **chosen, **flow)
    cabinet.reload()
    answers = Event()
    salesforce.http.event_hooks = {"request": [lambda _: answers.wait(60)]}
    monkeypatch.setattr(own_app, "PAGE_SECONDS", 0.5)
    press = cabinet.locator("form[action$='/connect'] button")
    press.click()
    expect(press.locator("+ .waits")).to_be_visible()
    expect(cabinet.locator("#connection [role=alert]")).to_be_visible()
    accessible(cabinet)
    answers.set()
    expect(cabinet.locator("#connection .facts")).to_be_visible(timeout=30_000)
