"""A visit of support in a real browser, from the search to the exit; then the customer reads it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from dev.judging import open_context
from portal.signin import totp
from portal.signin.demo_factor import STAFF_SECRET
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.site import accessible, fits, serve

REASON = "The customer called: leads are missing"


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    with serve(app) as address:
        yield address


def sign_in(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/sign-in")
    page.fill("#email", f"{name}@acme.example")
    page.fill("#password", PASSWORDS[name])
    page.locator("main form button[type=submit]").click()


def test_a_visit_from_search_to_exit(site: str, page: Page, chromium: Browser):
    sign_in(page, site, "support")
    accessible(page)
    page.fill("#code", totp.code_now(STAFF_SECRET))
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(f"{site}/support")
    accessible(page)
    page.locator("#q").press_sequentially("member@acme")
    expect(page.locator("#found li")).to_have_count(1)
    page.locator("#found a").click()
    accessible(page)
    page.fill("#reason", REASON)
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(f"{site}{ACME}/salesforce")
    banner = page.locator(".visit-banner")
    expect(banner).to_contain_text("Acme")
    expect(banner).to_be_in_viewport()
    accessible(page)
    page.goto(f"{site}/access")
    expect(banner).to_be_in_viewport()
    banner.locator("button").click()
    expect(page).to_have_url(f"{site}/support")
    expect(banner).to_have_count(0)
    read_as_customer(chromium, site)


def read_as_customer(chromium: Browser, site: str) -> None:
    context = open_context(chromium)
    page = context.new_page()
    sign_in(page, site, "owner")
    page.goto(f"{site}/access")
    visit = page.locator(".visit")
    expect(visit).to_have_count(1)
    for words in ("Sam of Support", "Owner", REASON):
        expect(visit).to_contain_text(words)
    visit.locator("a").click()
    expect(page.locator(".log li")).to_have_count(2)
    accessible(page)
    context.close()


@pytest.mark.parametrize("path", ["/people", "/keys", "/access", "/me", "/me/second-factor"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_people_are_accessible_and_fit(
    page: Page, site: str, path: str, width: int, scheme: str
):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    sign_in(page, site, "owner")
    expect(page).to_have_url(f"{site}{ACME}/salesforce")
    page.goto(f"{site}{path}")
    accessible(page)
    fits(page)


@pytest.mark.parametrize("path", ["/sign-in", "/forgotten"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_way_in_is_accessible_and_fits(
    page: Page, site: str, path: str, width: int, scheme: str
):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}{path}")
    accessible(page)
    fits(page)
