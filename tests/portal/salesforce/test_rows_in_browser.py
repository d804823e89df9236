"""Rows of the settings page as a person handles them: turns, lists, own fields, taking back."""

from pathlib import Path

from playwright.sync_api import Page, expect

from core.policy import LineRow
from core.store import Store
from core.store.results import Spent
from dev.judging import await_rest
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.orgs import ANNA, LAYLA, edit
from tests.portal.helpers.site import accessible


def test_employees_take_turns_on_a_missed_line(settings: Page, store: Store):
    settings.fill("#missed-line", "380444900123")
    settings.fill("#missed-user", "Анна Коваль")
    settings.locator("form[action$='/missed_calls/add'] button").click()
    row = settings.locator("[id^=missed-]", has=settings.get_by_text("+380 44 490 0123")).last
    expect(row.locator(".chip")).to_have_count(1)
    row.locator("input[name=user]").fill("layla@acme.example")
    row.locator("input[name=user]").press("Enter")
    expect(row.locator(".chip")).to_have_count(2)
    expect(row.locator(".chip small")).to_have_count(1)  # whose turn is next
    settings.fill("#missed_task_due_minutes", "90")
    settings.keyboard.press("Tab")
    expect(settings.locator("form[action$='missed_task_due_minutes'] .saved")).to_be_visible()
    row.locator(".chip .chip-remove").first.click()
    expect(row.locator(".chip")).to_have_count(1)
    policy = store.policies.get("acme")
    assert policy.missed_calls[-1].user_ids == (LAYLA,)
    assert policy.missed_task_due_minutes == 90
    row.locator(".row-title button").click()
    expect(settings.get_by_text("+380 44 490 0123")).to_have_count(0)


def test_a_list_of_lines_is_pasted_imported_and_exported(settings: Page, tmp_path: Path, store):
    settings.locator("#lines details.more summary").click()
    settings.fill("#lines-text", "2010; Анна Коваль\n2011; Nobody Knows")
    importing = settings.locator("form[action$='/lines/import']")
    importing.locator("button").click()
    expect(settings.locator("#user-of-2010")).to_have_value("Анна Коваль")
    expect(settings.locator("#lines .block-says .note-wait")).to_contain_text("Nobody Knows")
    expect(settings.locator("#lines-text")).to_have_value("2011;Nobody Knows\n")
    file = tmp_path / "lines.csv"
    file.write_text("line;name\n2012;layla@acme.example\n", encoding="utf-16")
    settings.locator("#lines-file").set_input_files(file)
    importing.locator("button").click()
    expect(settings.locator("#user-of-2012")).to_have_value("ليلى حداد")
    accessible(settings)
    with settings.expect_download() as coming:
        importing.locator("a[download]").click()
    exported = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    for line in ("2001", "2010", "2012"):
        assert line in exported
    assert len(store.policies.get("acme").lines) == 5


def test_a_value_that_cannot_fit_is_refused_and_its_words_stay(settings: Page, store, complaints):
    complaints.expect("422")
    settings.locator("#own-object").select_option("Task")
    settings.fill("#own-field", "Секунды разговора (Talk__c)")
    settings.fill("#own-template", "{no_such_thing}")
    settings.locator("form[action$='/own_fields/add'] > button").click()
    expect(settings.locator("#own_fields-add-error")).to_contain_text("no_such_thing")
    expect(settings.locator("#own-template")).to_have_value("{no_such_thing}")
    accessible(settings)
    settings.fill("#own-template", "about {duration} s")
    settings.locator("form[action$='/own_fields/add'] > button").click()
    error = settings.locator("#own_fields-add-error")  # text does not fit into a number
    expect(error).not_to_contain_text("no_such_thing")
    settings.fill("#own-template", "{duration}")
    settings.locator("form[action$='/own_fields/add'] > button").click()
    expect(settings.locator("#Task-Talk__c-template")).to_have_value("{duration}")
    names = [one.name for one in store.policies.get("acme").own_fields]
    assert names == ["Lead.Source__c", "Task.Talk__c"]


def test_a_double_click_adds_one_row(settings: Page, store: Store):
    settings.fill("#new-line", "2020")
    settings.fill("#new-line-user", "anna@acme.example")
    settings.locator("form.row-add[action$='/lines/add'] button").dblclick()
    expect(settings.locator("#user-of-2020")).to_have_count(1)
    await_rest(settings)
    assert [row.line for row in store.policies.get("acme").lines].count("2020") == 1
    assert len([one for one in store.policies.history("acme") if one.person_id]) == 1


def test_a_removed_row_is_taken_back_from_the_history(settings: Page, store: Store):
    settings.locator("form[action$='/lines/2001/remove'] button").click()
    expect(settings.locator("#user-of-2001")).to_have_count(0)
    settings.locator(".page-links a[href$='/history']").click()
    settings.locator("#history form button").first.click()
    expect(settings.locator("#history .saved")).to_be_visible()
    accessible(settings)
    rows = {row.line: row.user_id for row in store.policies.get("acme").lines}
    assert rows["2001"] == ANNA


def test_a_session_that_ends_mid_click_leads_back_to_where_it_was(settings: Page, site, store):
    await_rest(settings)
    settings.context.clear_cookies()
    settings.locator("#mode-contacts").click()
    settings.wait_for_url(lambda address: "/sign-in?next=" in address)
    expect(settings.locator(".note-bad")).to_contain_text("not saved")
    settings.fill("#email", "owner@acme.example")
    settings.fill("#password", "owner-secret")
    settings.locator("main form button[type=submit]").click()
    settings.wait_for_url(f"{site}{ACME}/salesforce*")
    expect(settings.locator("#mode-leads")).to_be_checked()  # what is shown is what is kept
    assert store.policies.get("acme").mode == "leads"


def test_the_ceiling_is_saved_where_it_is_typed(settings: Page, store: Store):
    store.deliveries.note_spent("acme", Spent(api_used=100, api_allowed=15_000))
    settings.reload()
    settings.fill("#api_ceiling", "9000")
    settings.keyboard.press("Tab")
    expect(settings.locator("form[action$='/general/ceiling'] .saved")).to_be_visible()
    expect(settings.locator("#ceiling-said")).to_contain_text("000")
    assert store.connections.get("acme").api_ceiling == 9000


def test_a_long_table_of_lines_is_searched_in_place(settings: Page, store: Store):
    rows = tuple(
        LineRow(line=str(n), user_id=LAYLA if n == 2007 else ANNA) for n in range(2000, 2030)
    )
    edit(store, lines=rows)
    settings.reload()
    shown = settings.locator("#line-rows > li:visible")
    expect(shown).to_have_count(30)
    settings.fill("#find-line", "ليلى")
    expect(shown).to_have_count(1)
    settings.locator("#user-of-2007").fill("Анна Коваль")
    settings.keyboard.press("Enter")
    expect(shown).to_have_count(0)  # the search goes on over what is there now
    settings.fill("#find-line", "анна\u00a0\u200bковаль")
    expect(shown).to_have_count(30)
    settings.fill("#find-line", "2019")
    expect(shown).to_have_count(1)
    accessible(settings)
