"""A person is quicker than the answers: none overwrites what was changed after it was asked for."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.policy import Mode
from core.reasons import stored
from core.store import Store
from core.store.database import utc_now
from dev.judging import await_rest
from tests.portal.helpers.gate import Gate


@pytest.fixture
def gate(app: Flask, settings: Page):
    """Shut; requests that still wait at the end are let go."""
    gate = Gate(app.wsgi_app)
    app.wsgi_app = gate
    await_rest(settings)
    gate.shut(settings)
    yield gate
    gate.open()
    await_rest(settings)


def test_three_quick_clicks_on_a_switch_leave_it_on(settings: Page, gate: Gate, store: Store):
    switch = settings.locator("#create_on_outgoing")
    switch.click()
    switch.click()
    gate.let_go(settings)
    expect(switch).not_to_be_checked()
    switch.click()
    for _ in range(2):
        gate.let_go(settings)
        expect(switch).to_be_checked()
    assert store.policies.get("acme").create_on_outgoing


def test_words_typed_after_a_change_was_sent_stay(settings: Page, gate: Gate, store: Store):
    field = settings.locator("#missed_task_due_minutes")
    field.fill("30")
    field.press("Tab")
    field.fill("45")
    gate.let_go(settings)
    expect(field).to_have_value("45")
    field.press("Tab")
    gate.let_go(settings)
    expect(field).to_have_value("45")
    assert store.policies.get("acme").missed_task_due_minutes == 45


def test_a_row_typed_while_the_last_one_is_added_stays(settings: Page, gate: Gate, store: Store):
    for line in ("2010", "2011"):
        settings.fill("#new-line", line)
        settings.fill("#new-line-user", "Анна Коваль")
        settings.keyboard.press("Enter")
    settings.fill("#new-line", "2012")
    gate.let_go(settings)
    gate.let_go(settings)
    expect(settings.locator("#user-of-2011")).to_have_value("Анна Коваль")
    expect(settings.locator("#new-line")).to_have_value("2012")
    expect(settings.locator("#new-line-user")).to_have_value("")
    assert [row.line for row in store.policies.get("acme").lines][-2:] == ["2010", "2011"]


@pytest.mark.parametrize("fails", [True, False])
def test_a_change_that_is_not_taken_takes_back_nothing_newer(
    settings: Page, gate: Gate, store: Store, complaints, fails: bool
):
    complaints.expect("502" if fails else "422")
    field = settings.locator("#default_responsible")
    field.fill("Анна Коваль" if fails else "Nobody")
    field.press("Tab")
    field.fill("ليلى حداد")
    field.press("Tab")
    gate.let_go(settings, fails=fails)
    expect(field).to_have_value("ليلى حداد")
    gate.let_go(settings)
    expect(field).to_have_value("ليلى حداد")
    expect(settings.locator("#lines .refusal")).to_have_count(0)
    field.fill("Анна Коваль")
    field.press("Tab")
    gate.let_go(settings, fails=True)
    complaints.expect("502")
    expect(field).to_have_value("ليلى حداد")


@pytest.mark.parametrize("fails", [False, True])
def test_a_control_that_comes_back_shows_what_waits(
    settings: Page, gate: Gate, store: Store, complaints, fails: bool
):
    complaints.expect("502")
    settings.locator("#mode-contacts").click()
    settings.locator("#mode-leads").click()
    switch = settings.locator("#known_contact_first")
    switch.click()
    gate.let_go(settings)
    expect(switch).to_have_count(0)
    gate.let_go(settings)
    expect(switch).to_be_checked()
    gate.let_go(settings, fails=fails)
    expect(switch).to_be_checked(checked=not fails)
    policy = store.policies.get("acme")
    assert (policy.mode, policy.known_contact_first) == (Mode.LEADS, not fails)


def test_an_old_look_at_the_page_takes_back_nothing(settings: Page, gate: Gate, store: Store):
    later = utc_now() + timedelta(minutes=15)
    store.connections.paused("acme", later, stored("connection.ceiling", {}))
    gate.is_late = lambda path: path.endswith("/connection")
    settings.evaluate("document.dispatchEvent(new Event('looked-at'))")
    settings.locator("#create_on_outgoing").click()
    settings.fill("#excluded-number", "0445")
    for held in [one for one in gate.gather(settings) if not one.path.endswith("/connection")]:
        gate.free(settings, held)
    gate.let_go(settings, "/set/create_on_outgoing")
    gate.let_go(settings, "/connection")
    expect(settings.locator("#create_on_outgoing")).to_be_checked()
    gate.open()
    expect(settings.locator("#connection .pill-wait")).to_be_visible()
    await_rest(settings)
    expect(settings.locator("#create_on_outgoing")).to_be_checked()
    expect(settings.locator("#excluded-number")).to_have_value("0445")
