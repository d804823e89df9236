"""Every essential of the cabinet in a browser whose JavaScript is off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.models import CallState
from core.policy import Mode
from core.store import Store
from dev.judging import open_context
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.calls import hand_over, settle
from tests.portal.helpers.orgs import BOHDAN
from tests.portal.helpers.site import sign_in


@pytest.fixture
def plain(chromium: Browser, site: str) -> Iterator[Page]:
    """The owner before the settings page."""
    context = open_context(chromium, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "owner", PASSWORDS["owner"])
    yield page
    context.close()


def test_controls_are_saved_by_their_button(plain: Page, store: Store):
    plain.check("#mode-opportunities")
    plain.locator("form[action$='/set/mode'] button").click()
    expect(plain.locator("form[action$='/set/mode'] .saved")).to_be_visible()
    plain.check("#closed_opportunity-reopen")
    plain.locator("form[action$='/set/closed_opportunity'] button").click()
    plain.check("#create_on_outgoing")
    plain.locator("form[action$='/set/create_on_outgoing'] button").click()
    policy = store.policies.get("acme")
    assert (policy.mode, policy.closed_opportunity) == (Mode.OPPORTUNITIES, "reopen")
    assert policy.create_on_outgoing


def test_rows_are_added_changed_listed_and_removed(plain: Page, store: Store, tmp_path: Path):
    plain.fill("#new-line", "2009")
    plain.fill("#new-line-user", "Nobody")
    plain.locator("form.row-add[action$='/lines/add'] button").click()
    expect(plain.locator("#lines-add-error")).to_be_visible()
    expect(plain.locator("#new-line")).to_have_value("2009")
    plain.fill("#new-line-user", "bohdan@acme.example")
    plain.locator("form.row-add[action$='/lines/add'] button").click()
    expect(plain.locator("#user-of-2009")).to_have_count(1)
    plain.locator("form[action$='/lines/2001/remove'] button").click()
    plain.locator("#lines details.more summary").click()
    plain.fill("#lines-text", "2010; Анна Коваль")
    plain.locator("form[action$='/lines/import'] button").click()
    expect(plain.locator("#user-of-2010")).to_have_value("Анна Коваль")
    plain.fill("#missed-user", "Анна Коваль")
    plain.locator("form[action$='/missed_calls/add'] button").click()
    expect(plain.locator("#missed_calls .rows > li")).to_have_count(2)
    plain.select_option("#own-object", "Task")
    plain.locator("#own-object-form button").click()
    plain.fill("#own-field", "Description")
    plain.fill("#own-template", "{client_number}")
    plain.locator("form[action$='/own_fields/add'] > button").click()
    expect(plain.locator("#Task-Description-template")).to_have_value("{client_number}")
    policy = store.policies.get("acme")
    lines = {row.line: row.user_id for row in policy.lines}
    assert lines["2009"] == BOHDAN
    assert "2001" not in lines


def test_switch_history_journal_and_try_again(plain: Page, site: str, store: Store):
    plain.locator("#switch").click()
    expect(plain.locator("#switch")).to_have_attribute("aria-checked", "false")
    plain.locator(".page-links a[href$='/history']").click()
    plain.locator("#history form button").first.click()
    expect(plain.locator("#history .saved")).to_be_visible()
    assert store.policies.get("acme").enabled
    row = settle(store, hand_over(store), CallState.ATTENTION, "salesforce.refused")
    plain.goto(f"{site}/calls")
    plain.select_option("#state", "attention")
    plain.locator(".filter button").click()
    plain.locator("tbody a").click()
    plain.locator("form[action$='/again'] button").click()
    assert store.ledger.get("acme", row.public_id).state == CallState.WAITING
    plain.goto(f"{site}/preview")
    plain.fill("#number", "0505557182")  # an excluded one: Salesforce need not be asked
    plain.locator(".preview-form button").click()
    expect(plain.locator("#preview h2")).to_be_in_viewport()
