"""Where the keyboard stands after what it stood on is gone."""

from playwright.sync_api import Page, expect

from core.models import CallState
from core.store import Store
from dev.judging import await_rest
from tests.portal.helpers.calls import hand_over, seen_unmapped, settle


def test_removing_rows_goes_on_to_the_next_one(settings: Page):
    settings.locator("form[action$='/lines/2001/remove'] button").press("Enter")
    expect(settings.locator("form[action$='/lines/2002/remove'] button")).to_be_focused()
    settings.locator("form[action$='/lines/2003/remove'] button").press("Enter")
    expect(settings.locator("form[action$='/lines/2002/remove'] button")).to_be_focused()
    settings.keyboard.press("Enter")
    expect(settings.locator("#lines-title")).to_be_focused()


def test_a_line_that_was_added_makes_room_for_the_next(settings: Page):
    settings.fill("#new-line", "2030")
    settings.fill("#new-line-user", "Анна Коваль")
    settings.keyboard.press("Enter")
    expect(settings.locator("#user-of-2030")).to_be_attached()
    expect(settings.locator("#new-line")).to_be_focused()


def test_an_unmapped_line_that_got_its_employee_leads_to_the_next(settings: Page, store: Store):
    seen_unmapped(store, "101", "102")
    settings.reload()
    settings.fill("#unmapped-101", "Анна Коваль")
    settings.keyboard.press("Enter")
    expect(settings.locator("#user-of-101")).to_be_attached()
    expect(settings.locator("#unmapped-102")).to_be_focused()
    settings.keyboard.type("Анна Коваль")
    settings.keyboard.press("Enter")
    expect(settings.locator("#user-of-102")).to_be_attached()
    expect(settings.locator("#lines-title")).to_be_focused()


def test_trying_a_call_again_stays_on_the_call(settings: Page, site: str, store: Store):
    row = settle(store, hand_over(store), CallState.ATTENTION, "salesforce.refused")
    settings.goto(f"{site}/calls/{row.public_id}")
    settings.locator("form[action$='/again'] button").press("Enter")
    expect(settings.locator("#call .pill-wait").first).to_be_visible()
    expect(settings.locator("#call h1")).to_be_focused()


def test_a_call_on_its_way_keeps_open_what_was_opened(settings: Page, site: str, store: Store):
    row = hand_over(store)
    settings.goto(f"{site}/calls/{row.public_id}")
    settings.locator("#call summary").click()
    with settings.expect_response(lambda answer: answer.url.endswith(row.public_id)):
        pass
    await_rest(settings)
    expect(settings.locator("#call details")).to_have_attribute("open", "")
    settle(store, row, CallState.SKIPPED, "skip.off")
    expect(settings.locator("#call .pill-idle").first).to_be_visible()
    expect(settings.locator("#call details")).to_have_attribute("open", "")
