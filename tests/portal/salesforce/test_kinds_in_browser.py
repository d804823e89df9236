"""The grid of calls and the week, by keyboard, on a phone, and without scripts."""

from playwright.sync_api import Browser, Page, expect

from core.kinds import Kind, KindRow, Known
from core.languages import LANGUAGES
from core.policy import Overdue
from core.store import Store
from core.store.policies import Actor
from core.working import Span
from dev.judging import open_context
from tests.helpers.browser import Complaints
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.site import accessible, fits, sign_in

NOTHING = KindRow(kind=Kind.INCOMING_ANSWERED, known=Known.NOTHING)
MONDAY = Span(weekday=0, begins="09:00", ends="18:00")
CHOSEN = {"working_hours": (MONDAY,), "days_off": ("2027-01-01",), "tell_owner": True}


def test_the_grid_by_keyboard(settings: Page, store: Store):
    cell = settings.locator("#incoming_answered-known")
    height = settings.locator("#kinds table").evaluate("one => one.offsetHeight")
    cell.focus()
    cell.press("End")  # the last of its choices
    expect(settings.locator("#kinds .saved")).to_be_visible()
    assert settings.locator("#kinds table").evaluate("one => one.offsetHeight") == height
    assert store.policies.get("acme").kinds == (NOTHING,)
    expect(cell).to_be_focused()
    expect(cell).to_have_value("nothing")


def test_the_week_by_keyboard(settings: Page, store: Store, complaints: Complaints):
    complaints.expect("422")
    settings.locator("input[name='from-0-0']").fill("09:00")
    until = settings.locator("input[name='to-0-0']")
    until.fill("18:00")
    until.press("Enter")
    expect(settings.locator("#hours .week .saved")).to_be_visible()
    assert store.policies.get("acme").working_hours == (MONDAY,)
    settings.locator("#hours button[name=as_monday]").click()
    expect(settings.locator("input[name='to-4-0']")).to_have_value("18:00")
    assert len(store.policies.get("acme").working_hours) == 5
    settings.locator("input[name='to-0-0']").fill("08:00")
    settings.locator("#hours .week button").first.press("Enter")
    expect(settings.locator("#hours-week-error")).to_be_visible()
    expect(settings.locator("input[name='to-0-0']")).to_have_value("08:00")
    accessible(settings)


def test_both_fit_every_screen_in_every_language(settings: Page, site: str, store: Store):
    store.policies.edit("acme", Actor(), lambda one: one.model_copy(update=CHOSEN))
    person = store.accounts.person_by_email("owner@acme.example")
    assert person
    for language in LANGUAGES:
        store.accounts.set_language(person.id, language)
        for width, scheme in ((1280, "dark"), (390, "light"), (320, "dark")):
            settings.set_viewport_size({"width": width, "height": 800})
            settings.emulate_media(color_scheme=scheme)
            settings.goto(f"{site}/salesforce")
            accessible(settings)
            fits(settings)


def test_who_takes_over_is_chosen_and_said(settings: Page, store: Store):
    settings.locator("#overdue-hand_over").check()
    expect(settings.locator("#missed_calls .saved")).to_be_visible()
    assert store.policies.get("acme").overdue is Overdue.HAND_OVER
    example = settings.locator("#missed_calls > .example")
    expect(example).to_contain_text("Bohdan Twin")


def test_what_one_block_changes_the_others_show_at_once(settings: Page, store: Store):
    switch, cell = settings.locator("#create_on_outgoing"), "#outgoing_{}-unknown"
    switch.check()
    for kind in ("answered", "unanswered"):
        expect(settings.locator(cell.format(kind))).to_have_value("create")
    settings.locator(cell.format("answered")).select_option("nothing")
    expect(settings.locator("#entities")).to_contain_text("partly")
    expect(settings.locator("#missed-hours")).to_have_count(0)
    settings.locator("form[action$='/week/five'] button").click()
    expect(settings.locator("#missed-hours")).to_be_visible()
    expect(settings.locator("#missed_calls .example")).to_be_visible()
    for kind in ("incoming_missed", "incoming_missed_outside"):
        settings.locator(f"#{kind}-known").select_option("completed")
    expect(settings.locator("#missed_calls .example")).to_have_count(0)
    expect(settings.locator(".note-news")).to_have_count(0)


def test_both_without_scripts(chromium: Browser, site: str, store: Store):
    context = open_context(chromium, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "owner", PASSWORDS["owner"])
    page.locator("#incoming_answered-known").select_option("nothing")
    page.locator("form[action$='/incoming_answered/known'] button").click()
    expect(page.locator("#kinds .saved")).to_be_visible()
    page.locator("input[name='from-0-0']").fill("09:00")
    page.locator("input[name='to-0-0']").fill("18:00")
    page.locator("#hours .week button").first.click()
    expect(page.locator("#hours .week .saved")).to_be_visible()
    policy = store.policies.get("acme")
    assert (policy.kinds, policy.working_hours) == ((NOTHING,), (MONDAY,))
    context.close()
