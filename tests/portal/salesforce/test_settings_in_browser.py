"""The settings in a real browser: saved when used, two tabs, refusals, chips; by axe, in size."""

import pytest
from playwright.sync_api import Page, expect

from core.org import Org
from core.policy import Mode
from core.store import Store
from dev.judging import await_rest
from tests.portal.helpers.orgs import USERS, edit, see, shape
from tests.portal.helpers.site import accessible, fits, offered


def test_a_control_is_saved_and_the_keyboard_stays_where_it_was(settings: Page, store: Store):
    settings.focus("#mode-leads")
    settings.keyboard.press("ArrowRight")
    settings.keyboard.press("ArrowRight")
    expect(settings.locator("#closed_opportunity-reopen")).to_be_visible()
    expect(settings.locator("#mode-opportunities")).to_be_focused()
    settings.locator("#close_in_days").fill("7")
    settings.keyboard.press("Tab")
    expect(settings.locator("form[action$='/set/close_in_days'] .saved")).to_be_visible()
    expect(settings.locator(".note-news")).to_have_count(0)
    policy = store.policies.get("acme")
    assert (policy.mode, policy.close_in_days) == (Mode.OPPORTUNITIES, 7)


def test_quick_clicks_are_no_news_to_the_one_who_clicks(settings: Page, store: Store):
    settings.locator("#mode-contacts").check()
    settings.locator("#create_on_outgoing").dblclick()
    settings.locator("#create_on_outgoing").click()
    expect(settings.locator("#create_on_outgoing")).to_be_checked()
    await_rest(settings)
    expect(settings.locator(".note-news")).to_have_count(0)
    policy = store.policies.get("acme")
    assert (policy.mode, policy.create_on_outgoing) == (Mode.CONTACTS, True)


def test_two_tabs_hear_of_each_other(settings: Page, site: str, store: Store):
    other = settings.context.new_page()
    other.goto(f"{site}/salesforce")
    settings.locator("#mode-contacts").check()
    expect(settings.locator("#entities .saved")).to_be_visible()
    other.locator("#known_contact_first").check()
    expect(other.locator("#entities .note-news")).to_contain_text("Owner")
    expect(other.locator("#mode-contacts")).to_be_checked()
    policy = store.policies.get("acme")
    assert (policy.mode, policy.known_contact_first) == (Mode.CONTACTS, True)
    settings.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(settings.locator("#entities .note-news")).to_be_visible()


def test_a_refusal_stands_at_its_field(settings: Page, store: Store, complaints):
    complaints.expect("422")
    settings.locator("#new-line").fill("2009")
    settings.locator("#new-line-user").fill("Nobody")
    settings.keyboard.press("Enter")
    expect(settings.locator("#lines-add-error")).to_be_visible()
    expect(settings.locator("#new-line")).to_have_value("2009")
    accessible(settings)
    settings.locator("#new-line-user").fill("Анна Коваль")
    settings.keyboard.press("Enter")
    expect(settings.locator("#user-of-2009")).to_have_value("Анна Коваль")
    expect(settings.locator("#new-line")).to_have_value("")


def test_rows_are_given_and_removed_in_place(settings: Page, store: Store):
    settings.locator("#user-of-2003").fill("layla@acme.example")
    settings.keyboard.press("Enter")
    expect(settings.locator("#user-of-2003")).to_have_value("ليلى حداد")
    settings.locator("form[action$='/lines/2001/remove'] button").click()
    expect(settings.locator("#user-of-2001")).to_have_count(0)
    assert [row.line for row in store.policies.get("acme").lines] == ["2002", "2003"]


def test_a_variable_is_put_in_and_its_result_shown(settings: Page, store: Store):
    settings.locator("#own-object").select_option("Task")
    settings.locator("#own-field").fill("Description")
    settings.locator("form[action$='/own_fields/add'] summary").click()
    settings.locator("form[action$='/own_fields/add'] [data-insert='{client_number}']").click()
    expect(settings.locator("#own-example")).to_have_text("+380505557182")
    settings.locator("form[action$='/own_fields/add'] > button").click()
    expect(settings.locator("#Task-Description-template")).to_have_value("{client_number}")
    assert store.policies.get("acme").own_fields[-1].name == "Task.Description"


def test_users_read_again_are_offered_at_once(settings: Page, store: Store, monkeypatch):
    fewer = shape(users={one.id: one for one in USERS[:2]})
    monkeypatch.setattr(Org, "shape", lambda *_: see(store, fewer))
    expect(offered(settings, "#new-line-user")).to_have_count(4)
    settings.locator("#org button").click()
    expect(settings.locator("#org-users option")).to_have_count(0)
    expect(offered(settings, "#new-line-user")).to_have_count(2)
    expect(settings.locator("#lines .warn")).to_have_count(2)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (1280, "dark")])
@pytest.mark.parametrize("mode", list(Mode))
def test_every_state_is_accessible_and_fits(settings: Page, store: Store, width, scheme, mode):
    settings.set_viewport_size({"width": width, "height": 800})
    settings.emulate_media(color_scheme=scheme)
    edit(store, mode=mode)
    settings.reload()
    for summary in settings.locator("main summary").all():
        summary.click()
    accessible(settings)
    fits(settings)


@pytest.mark.parametrize("path", ["/salesforce/history", "/preview", "/demo", "/no-such-page"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_other_pages_are_accessible_and_fit(
    settings: Page, site, complaints, path, width, scheme
):
    complaints.expect("404")  # of the page that is not there
    settings.set_viewport_size({"width": width, "height": 800})
    settings.emulate_media(color_scheme=scheme)
    settings.goto(f"{site}{path}")
    accessible(settings)
    fits(settings)


def test_on_a_phone_marks_and_rows_keep_to_their_place(settings: Page, store: Store):
    settings.set_viewport_size({"width": 390, "height": 800})
    settings.fill("#missed_task_due_minutes", "90")
    settings.keyboard.press("Tab")
    form = settings.locator("form[action$='/set/missed_task_due_minutes']")
    expect(form.locator(".saved")).to_be_visible()
    await_rest(settings)
    mark = form.locator(".saved").bounding_box()
    field = form.locator("input[name=value]").bounding_box()
    assert mark and field
    assert mark["y"] >= field["y"] + field["height"]
    middles = settings.eval_on_selector_all(
        ".row-line:first-child .line, form[action$='/lines/2001/remove'] button",
        "all => all.map(one => one.getBoundingClientRect()).map(box => box.y + box.height / 2)",
    )
    assert len(middles) == 2
    assert abs(middles[0] - middles[1]) < 12


def test_an_account_is_chosen_by_a_click_or_by_what_is_typed(settings: Page, store: Store):
    edit(store, mode=Mode.CONTACTS)
    settings.reload()
    form = settings.locator("form[action*='contact_account_id']")
    own, one = (form.locator(f"input[value={key}]") for key in ("each", "one"))
    own.check()
    expect(form.locator(".example")).to_contain_text("+380 50 555 7182")
    expect(own).to_be_checked()
    assert store.policies.get("acme").contact_account_id == "each"
    expect(settings.locator("#contact_account_id")).to_be_hidden()
    one.check()
    expect(form.locator(".refusal")).to_have_count(0)
    settings.fill("#contact_account_id", "001000000000001")
    settings.keyboard.press("Enter")
    expect(one).to_be_checked()
    expect(form.locator(".example")).to_have_count(0)
    assert store.policies.get("acme").contact_account_id == "001000000000001AAA"
    accessible(settings)


def test_a_refused_account_is_told_at_its_field(settings: Page, store: Store, complaints):
    complaints.expect("422")
    edit(store, mode=Mode.CONTACTS)
    settings.reload()
    settings.locator("input[data-asks=contact_account_id]").check()
    expect(settings.locator("#contact_account_id")).to_be_focused()
    settings.keyboard.press("Tab")
    error = settings.locator("#entities-contact_account_id-error")
    expect(error).to_contain_text("Paste the address")
    settings.fill("#contact_account_id", "nonsense")
    settings.keyboard.press("Enter")
    expect(settings.locator("#contact_account_id")).to_have_attribute("aria-invalid", "true")
    error, hint = "#entities-contact_account_id-error", "#entities-contact_account_id-hint"
    described = f"{error} {hint}".replace("#", "")
    expect(settings.locator("#contact_account_id")).to_have_attribute("aria-describedby", described)
    expect(settings.locator(f"{error}, {hint}")).to_have_count(2)
    expect(settings.locator("#region")).to_have_attribute("aria-describedby", "general-region-hint")
    accessible(settings)
