"""The journal as a person reads it: live, filtered, one call opened and tried again."""

from itertools import product

from playwright.sync_api import Page, expect

from core.languages import LANGUAGES
from core.models import CallState
from core.store import Store
from tests.portal.helpers.calls import hand_over, settle
from tests.portal.helpers.site import accessible, fits

REFUSED = ("salesforce.refused", {"code": "X", "message": "Company: enter a value"})


def test_a_waiting_call_turns_into_a_written_one_before_the_eyes(settings: Page, site, store):
    row = hand_over(store, dbid=1)
    settings.goto(f"{site}/calls")
    expect(settings.locator("tbody .pill-wait")).to_have_count(1)
    expect(settings.locator(".live")).to_be_visible()
    accessible(settings)
    settle(store, row, CallState.SKIPPED, "skip.off")
    expect(settings.locator("tbody .pill-idle")).to_have_count(1)
    expect(settings.locator(".live")).to_have_count(0)


def test_filters_narrow_the_list_and_stay_in_the_address(settings: Page, site: str, store: Store):
    for n, state in enumerate(("ANSWER", "NOANSWER", "ANSWER"), start=1):
        row = hand_over(
            store,
            dbid=n,
            state=state,
            date=f"2026-11-2{n} 10:00:00",
            **{"from": f"38050555000{n}"},
        )
        settle(store, row, CallState.SKIPPED, "skip.off")
    settings.goto(f"{site}/calls")
    rows = settings.locator("tbody tr")
    expect(rows).to_have_count(3)
    settings.locator("#direction").select_option("missed")
    expect(rows).to_have_count(1)
    settings.locator("#direction").select_option("")
    expect(rows).to_have_count(3)
    settings.fill("#number", "050 555 00 03")
    settings.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    settings.reload()
    expect(rows).to_have_count(1)
    settings.fill("#number", "")
    settings.keyboard.press("Enter")
    expect(rows).to_have_count(3)
    settings.fill("#since", "2026-11-22")
    expect(rows).to_have_count(2)
    settings.locator("#state").select_option("attention")
    expect(settings.locator(".empty")).to_be_visible()
    accessible(settings)


def test_a_call_that_needs_attention_is_opened_and_tried_again(settings: Page, site, store):
    settle(store, hand_over(store), CallState.ATTENTION, *REFUSED)
    settings.goto(f"{site}/calls")
    accessible(settings)
    settings.locator("tbody a").click()
    expect(settings.locator(".verdict")).to_contain_text("Company: enter a value")
    for width, scheme in ((1280, "dark"), (390, "light")):
        settings.set_viewport_size({"width": width, "height": 800})
        settings.emulate_media(color_scheme=scheme)
        settings.locator("summary", has_text="telephony").click()
        accessible(settings)
        fits(settings)
    settings.locator("form[action$='/again'] button").click()
    expect(settings.locator("#call .pill-wait").first).to_be_visible()
    assert store.journal.count("acme", CallState.WAITING) == 1


def test_a_refused_call_fits_a_phone_in_every_language(settings: Page, site, store):
    code = {"code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "Company: enter a value"}
    row = settle(store, hand_over(store), CallState.ATTENTION, "salesforce.refused", code)
    person = store.accounts.person_by_email("owner@acme.example")
    for language, width in product(LANGUAGES, (390, 320)):
        store.accounts.set_language(person.id, language)
        settings.set_viewport_size({"width": width, "height": 800})
        for path in ("/calls", f"/calls/{row.public_id}"):
            settings.goto(site + path)
            expect(settings.locator("html")).to_have_attribute("lang", language)
            fits(settings)
            here = settings.locator(".side [aria-current]").bounding_box()
            assert here and here["x"] + here["width"] <= width  # where one is can be seen


def test_what_was_written_has_names_and_leads_into_salesforce(settings: Page, site, store):
    written = {
        "task": "00T000000000001AAA",
        "records": [
            ["Lead", "00Q000000000001AAA", True, "Ольга Шевченко"],
            ["Task", "00T000000000001AAA", True, "Входящий звонок"],
        ],
    }
    row = settle(store, hand_over(store), CallState.DONE, "write.lead_created", written=written)
    settings.goto(f"{site}/calls/{row.public_id}")
    links = settings.locator(".records a")
    expect(links).to_have_count(2)
    expect(links.first).to_contain_text("Ольга Шевченко")
    expect(settings.locator(".records .object").first).to_have_text("Lead")
    assert links.first.get_attribute("href") == "http://127.0.0.1:9/00Q000000000001AAA"
    accessible(settings)


def test_several_calls_are_ticked_and_tried_again_by_keyboard(settings: Page, site, store):
    rows = [
        settle(store, hand_over(store, dbid=n), CallState.ATTENTION, *REFUSED) for n in (1, 2, 6)
    ]
    settle(store, hand_over(store, dbid=3), CallState.DONE, "write.lead_logged")
    coming = hand_over(store, dbid=4)  # the list renews itself
    settings.goto(f"{site}/calls")
    ticks = settings.locator("input[name=call]")
    expect(ticks).to_have_count(3)
    chosen = settings.locator("button[name=which][value=selected]")
    expect(chosen).to_be_hidden()
    first = settings.locator(f"#pick-{rows[0].public_id}")
    first.press("Space")
    hand_over(store, dbid=5, **{"from": "380505550005"})
    expect(settings.locator("tbody tr")).to_have_count(6)
    expect(first).to_be_checked()
    expect(first).to_be_focused()
    for width, scheme in ((1280, "dark"), (390, "light")):
        settings.set_viewport_size({"width": width, "height": 800})
        settings.emulate_media(color_scheme=scheme)
        accessible(settings)
        fits(settings)
    chosen.press("Enter")
    expect(settings.locator("#said .note-good")).to_be_visible()
    expect(ticks).to_have_count(2)
    expect(settings.locator("input[name=call]:checked")).to_have_count(0)
    expect(settings.locator(":focus")).to_be_visible()  # the button that was pressed is gone
    accessible(settings)
    second = settings.locator(f"#pick-{rows[1].public_id}")
    second.press("Space")
    second.press("Enter")
    expect(ticks).to_have_count(0)  # the one that is left needs none
    states = [store.ledger.get("acme", row.public_id).state for row in rows]
    assert states == [CallState.WAITING, CallState.WAITING, CallState.ATTENTION]
    assert store.ledger.get("acme", coming.public_id).state == CallState.WAITING


def test_a_changed_setting_offers_a_phone_to_try_the_calls_again(settings: Page, store: Store):
    settle(store, hand_over(store), CallState.ATTENTION, *REFUSED)
    settings.set_viewport_size({"width": 390, "height": 800})
    settings.locator("#mode-contacts").check()
    offer = settings.locator("#entities button[name=which]")
    expect(offer).to_be_visible()
    accessible(settings)
    fits(settings)
    offer.press("Enter")
    expect(settings.locator("#said .note-good")).to_be_visible()
    assert store.journal.count("acme", CallState.WAITING) == 1
