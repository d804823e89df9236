"""Who waits to be called back, as a person sees it: live, filtered, on a phone, without scripts."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Error, Page, Route, expect
from sqlalchemy import update

from core.languages import LANGUAGES
from core.loops import LoopState
from core.models import LoopRow
from core.store import Store
from core.store.database import utc_now
from dev.judging import open_context
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.loops import missed, opened
from tests.portal.helpers.orgs import BOHDAN
from tests.portal.helpers.site import accessible, fits, sign_in

HOUR = timedelta(hours=1)
FIRST, SECOND = "380505550001", "380505550002"


@pytest.fixture
def waiting(store: Store) -> Callable[[], None]:
    """Two clients wait, one of them too long; called, the first was called back."""
    first = missed(store, 1, **{"from": FIRST, "outerNumber": "site.ua"})
    opened(store, first, -HOUR, times=3)
    second = missed(store, 2, **{"from": SECOND, "outerNumber": "380443334455"})
    opened(store, second, HOUR, responsible=BOHDAN)

    def call_back() -> None:
        ended = {"state": LoopState.CALLED_BACK, "closed_at": utc_now()}
        with store.database.write() as session:
            session.execute(update(LoopRow).where(LoopRow.call_id == first.id).values(**ended))

    return call_back


def test_a_client_who_was_called_back_goes_and_the_count_with_it(
    settings: Page, site: str, waiting: Callable[[], None]
):
    settings.clock.install()
    settings.goto(f"{site}{ACME}/missed")
    rows = settings.locator("#missed tbody tr")
    expect(rows).to_have_count(2)
    expect(settings.locator("#missed-count.count-late")).to_contain_text("2")
    waiting()
    settings.clock.run_for(21_000)
    expect(rows).to_have_count(1)
    expect(settings.locator("#missed-count")).to_contain_text("1")
    expect(settings.locator("#missed-count.count-late")).to_have_count(0)
    settings.locator("#missed summary").press("Enter")
    expect(settings.locator(".ended li")).to_have_count(1)


def test_the_count_is_renewed_on_every_page(settings: Page, site: str, waiting: Callable[[], None]):
    settings.clock.install()
    settings.goto(f"{site}{ACME}/salesforce")
    count = settings.locator("#missed-count")
    expect(count).to_contain_text("2")
    waiting()
    settings.clock.run_for(61_000)
    expect(count).to_contain_text("1")
    expect(settings.locator("#missed-count.count-late")).to_have_count(0)


def test_filters_narrow_the_list_and_the_file(settings: Page, site: str, waiting: object):
    settings.goto(f"{site}{ACME}/missed")
    rows = settings.locator("#missed tbody tr")
    settings.locator("#user").select_option(BOHDAN)
    expect(rows).to_have_count(1)
    export = settings.locator("#missed a[href*='not-called-back.csv']")
    expect(export).to_have_attribute("href", f"{ACME}/missed/not-called-back.csv?user={BOHDAN}")
    settings.reload()
    expect(rows).to_have_count(1)
    settings.locator("#external_line").select_option("site.ua")
    expect(settings.locator("#missed .empty")).to_be_visible()
    accessible(settings)


def test_filters_come_and_change_with_the_clients(settings: Page, site: str, store: Store):
    settings.clock.install()
    settings.goto(f"{site}{ACME}/missed")
    expect(settings.locator("#missed .empty")).to_be_visible()
    opened(store, missed(store, 1, **{"from": FIRST}), HOUR)
    settings.clock.run_for(21_000)
    choices = settings.locator("#user option")
    expect(choices).to_have_count(2)
    settings.locator("#user").select_option(index=1)
    expect(settings.locator("#missed")).to_have_attribute("hx-get", re.compile("user="))
    settings.locator("#user").focus()
    opened(store, missed(store, 2, **{"from": SECOND}), HOUR, responsible=BOHDAN)
    settings.clock.run_for(21_000)
    expect(choices).to_have_count(3)
    expect(settings.locator("#missed tbody tr")).to_have_count(1)
    expect(settings.locator("#user")).to_be_focused()


def test_a_list_that_was_asked_for_before_the_filter_comes_no_more(
    settings: Page, site: str, store: Store
):
    opened(store, missed(store, 1, **{"from": FIRST}), HOUR)
    opened(store, missed(store, 2, **{"from": SECOND}), HOUR, responsible=BOHDAN)
    settings.clock.install()
    settings.goto(f"{site}{ACME}/missed")
    held: list[Route] = []
    settings.route(re.compile(r"/missed$"), lambda route: held.append(route))
    settings.clock.run_for(21_000)
    settings.locator("#user").select_option(index=1)
    rows = settings.locator("#missed tbody tr")
    expect(rows).to_have_count(1)
    with suppress(Error):  # the page asks for it no longer
        held[0].continue_()
    settings.wait_for_timeout(500)
    expect(rows).to_have_count(1)


def test_a_row_opens_the_call_which_tells_the_story(settings: Page, site: str, waiting: object):
    settings.goto(f"{site}{ACME}/missed")
    settings.locator("#missed tbody th a").first.press("Enter")
    expect(settings.locator("#loop")).to_be_visible()
    accessible(settings)
    fits(settings)


def test_it_fits_every_screen_in_every_language(
    settings: Page, site: str, store: Store, waiting: Callable[[], None]
):
    waiting()
    person = store.accounts.person_by_email("owner@acme.example")
    assert person
    for language in LANGUAGES:
        store.accounts.set_language(person.id, language)
        for width, scheme in ((1280, "light"), (700, "dark"), (390, "dark"), (320, "light")):
            settings.set_viewport_size({"width": width, "height": 800})
            settings.emulate_media(color_scheme=scheme)
            settings.goto(f"{site}{ACME}/missed")
            settings.locator("#missed summary").click()
            accessible(settings)
            fits(settings)


def test_without_scripts_the_filter_has_a_button(
    chromium: Browser, site: str, store: Store, waiting: object
):
    context = open_context(chromium, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "owner", PASSWORDS["owner"])
    page.goto(f"{site}{ACME}/missed")
    page.locator("#user").select_option(BOHDAN)
    page.locator(".filter button").click()
    expect(page.locator("#missed tbody tr")).to_have_count(1)
    context.close()
