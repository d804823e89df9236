"""What a person sees when a change or a look does not come through: the truth, and nothing lost."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from core.models import CallState
from core.policy import Mode
from core.store import Store
from dev.judging import await_rest
from portal.web.flask_settings import LARGEST_REQUEST
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.calls import hand_over, settle
from tests.portal.helpers.site import accessible, sign_in


def test_without_a_connection_nothing_looks_saved(settings: Page, store: Store, complaints):
    complaints.expect("Failed to fetch")
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    await_rest(settings)
    settings.context.set_offline(True)
    settings.locator("#mode-contacts").click()
    expect(settings.locator("#notices")).to_contain_text("Not saved: no connection. Try again.")
    expect(settings.locator("#notices")).to_be_in_viewport()
    expect(settings.locator("#mode-leads")).to_be_checked()
    accessible(settings)
    settings.locator("#new-line").fill("2009")  # what waits for its button is not taken away
    settings.locator("#new-line-user").fill("Анна Коваль")
    settings.keyboard.press("Enter")
    expect(settings.locator("#new-line")).to_have_value("2009")
    settings.locator("#notices button").click()
    expect(settings.locator("#notices")).to_be_empty()
    settings.locator("#create_on_outgoing").click()
    expect(settings.locator("#notices")).not_to_be_empty()
    settings.context.set_offline(False)
    settings.locator("#mode-contacts").click()
    expect(settings.locator("#converted_lead-create")).to_have_count(0)
    expect(settings.locator("#notices")).to_be_empty()
    policy = store.policies.get("acme")
    assert (policy.mode, policy.create_on_outgoing) == (Mode.CONTACTS, False)


def test_a_page_of_an_older_session_says_so_and_stays(settings: Page, site, store, complaints):
    complaints.expect("400")
    other = settings.context.new_page()
    other.goto(f"{site}/salesforce")
    other.locator(".avatar").click()
    other.locator("form[action$='/sign-out'] button").click()
    sign_in(other, site, "owner", PASSWORDS["owner"])
    settings.locator("#mode-contacts").click()
    expect(settings.locator("#notices")).to_contain_text("Load the page again")
    expect(settings.locator("#mode-leads")).to_be_checked()
    assert store.policies.get("acme").mode == Mode.LEADS


def test_a_file_that_is_too_large_is_named(settings: Page, tmp_path: Path, complaints):
    complaints.expect("413")
    file = tmp_path / "lines.csv"
    file.write_text("2012;layla@acme.example\n" * (LARGEST_REQUEST // 20))
    settings.locator("#lines details.more summary").click()
    settings.locator("#lines-file").set_input_files(file)
    settings.locator("form[action$='/lines/import'] button").click()
    expect(settings.locator("#notices")).to_contain_text("1024 KB")
    expect(settings.locator("#lines-file")).to_be_visible()


@pytest.mark.parametrize("body", ["", "<h1>502</h1>"])
def test_an_answer_of_a_server_on_the_way_is_no_part_of_the_page(settings: Page, complaints, body):
    complaints.expect("502")
    settings.route("**/set/mode", lambda route: route.fulfill(status=502, body=body))
    settings.locator("#mode-contacts").click()
    expect(settings.locator("#notices")).to_contain_text("Not saved")
    expect(settings.locator("#mode-leads")).to_be_checked()


def test_the_journal_goes_on_after_a_failed_look(settings: Page, site, store, complaints):
    complaints.expect("502")
    row = hand_over(store, dbid=1)
    settings.goto(f"{site}/calls")
    failed: list[Route] = []

    def fail(route: Route) -> None:
        failed.append(route)
        route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")

    settings.route("**/calls*", fail)
    with settings.expect_response(lambda answer: answer.status == 502):
        pass
    expect(settings.locator("tbody .pill-wait")).to_have_count(1)
    expect(settings.locator("#notices")).to_be_empty()  # nobody asked for it
    settings.unroute("**/calls*")
    settle(store, row, CallState.SKIPPED, "skip.off")
    expect(settings.locator("tbody .pill-idle")).to_have_count(1)
    assert failed


def test_changes_that_wait_on_a_slow_line_are_all_saved_and_no_news(settings: Page, store: Store):
    await_rest(settings)
    session = settings.context.new_cdp_session(settings)
    session.send("Network.enable")
    slow = {"latency": 900, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", {"offline": False, **slow})
    settings.locator("#mode-contacts").check()  # takes the next control off the page
    settings.locator("#known_contact_first").check()
    settings.locator("#create_on_outgoing").check()
    expect(settings.locator("form[action$='/set/create_on_outgoing'] .saved")).to_be_visible()
    expect(settings.locator("#create_on_outgoing")).to_be_checked()
    expect(settings.locator(".note-news")).to_have_count(0)
    policy = store.policies.get("acme")
    assert (policy.mode, policy.known_contact_first) == (Mode.CONTACTS, True)
    assert policy.create_on_outgoing


def test_enter_in_a_changed_field_is_one_request(settings: Page, store: Store):
    asked: list[str] = []
    settings.on("request", lambda one: one.method == "POST" and asked.append(one.url))
    settings.locator("#user-of-2003").fill("layla@acme.example")
    settings.keyboard.press("Enter")
    expect(settings.locator("#user-of-2003")).to_have_value("ليلى حداد")
    await_rest(settings)
    assert [one.rpartition("/lines/")[2] for one in asked] == ["2003/user"]


def test_a_draft_outlives_what_is_saved_beside_it(settings: Page, complaints):
    complaints.expect("422")
    settings.locator("#new-line").fill("2009")
    settings.locator("#new-line-user").fill("Nobody")
    settings.keyboard.press("Enter")
    expect(settings.locator("#lines-add-error")).to_be_visible()
    settings.locator("#new-line-user").fill("Анна Коваль")
    settings.locator("#default_responsible").fill("Анна Коваль")
    settings.keyboard.press("Tab")
    expect(settings.locator("form[action$='/set/default_responsible'] .saved")).to_be_visible()
    expect(settings.locator("#new-line")).to_have_value("2009")
    expect(settings.locator("#new-line-user")).to_have_value("Анна Коваль")
