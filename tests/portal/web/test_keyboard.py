"""Without a mouse: every step of the settings is reached by Tab and done by Enter and Space."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.connection import ConnectionState
from core.policy import Mode
from core.store import Store
from tests.portal.helpers.orgs import ANNA, connect, see
from tests.portal.helpers.site import serve

FOCUSED = "selector => document.activeElement.matches(selector)"


def tab_to(page: Page, selector: str, most: int = 160) -> None:
    """Press Tab until it is focused, and see that the eye can find it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED, selector):
            expect(page.locator(":focus")).to_be_in_viewport()
            return
    raise AssertionError(f"{selector} is not reached by Tab")


@pytest.fixture
def portal(app: Flask):
    with serve(app) as address:
        yield address


def test_from_sign_in_to_a_line_by_keyboard_alone(portal: str, page: Page, store: Store):
    page.goto(f"{portal}/sign-in")
    tab_to(page, "#email")
    page.keyboard.type("owner@acme.example")
    page.keyboard.press("Tab")
    page.keyboard.type("owner-secret")
    page.keyboard.press("Enter")
    expect(page.locator("#connection")).to_be_visible()

    page.route("http://127.0.0.1:9/**", lambda route: route.fulfill(body="Salesforce"))
    tab_to(page, "form[action$='/salesforce/connect'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("http://127.0.0.1:9/services/oauth2/authorize?*")
    connect(store)  # consent is Salesforce's own page
    see(store)

    page.goto(f"{portal}/salesforce")
    tab_to(page, "#switch")
    page.keyboard.press("Space")
    expect(page.locator("#switch")).to_have_attribute("aria-checked", "true")
    expect(page.locator("#switch")).to_be_focused()

    tab_to(page, "#mode-leads")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#mode-contacts")).to_be_checked()
    expect(page.locator("#mode-contacts")).to_be_focused()

    tab_to(page, "#new-line")
    page.keyboard.type("2001")
    page.keyboard.press("Tab")
    page.keyboard.type("anna@acme.example")
    page.keyboard.press("Enter")
    expect(page.locator("#user-of-2001")).to_have_value("Анна Коваль")

    policy = store.policies.get("acme")
    assert store.connections.get("acme").state is ConnectionState.ACTIVE
    assert (policy.enabled, policy.mode) == (True, Mode.CONTACTS)
    assert [(row.line, row.user_id) for row in policy.lines] == [("2001", ANNA)]


def test_everything_that_can_be_clicked_can_be_focused(settings: Page):
    for summary in settings.locator("main summary").all():
        summary.click()
    things = "main :is(a[href], button, input:not([type=hidden]), select, textarea, summary)"
    unreachable = settings.eval_on_selector_all(
        things,
        "all => all.filter(one => one.checkVisibility() && (one.tabIndex < 0 || one.disabled))"
        ".map(one => one.outerHTML)",
    )
    assert unreachable == []
    assert settings.locator(things).count() > 50
