"""Three faults of an org, found, mended in its Setup, and seen to be fine."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.store import Store
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.connecting import connect
from tests.portal.helpers.org import Salesforce
from tests.portal.helpers.site import accessible, fits, serve, sign_in

REGION = {"object": "Lead", "name": "Region__c", "type": "string", "nillable": False}
PHONES = ("Lead.Phone", "Lead.MobilePhone")
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def faulty(app: Flask, store: Store, owner: Visitor, salesforce: Salesforce) -> Iterator[str]:
    """The address of the portal; `acme` is connected to an org that hides phones, asks for a
    region and shares nothing."""
    person = store.accounts.person_by_email("owner@acme.example")
    assert person
    store.accounts.set_language(person.id, "en")
    salesforce.control("POST", "/orgs/Acme/fields", **REGION)
    hidden = {"hidden_fields": list(PHONES), "sharing": "private", "view_all": []}
    salesforce.control("PATCH", "/orgs/Acme/settings", **hidden)
    connect(owner, salesforce)
    with serve(app) as address:
        yield address


@pytest.fixture
def setup(salesforce: Salesforce) -> Iterator[str]:
    """The address of the Setup page of the stand-in's org."""
    (org,) = (one for one in salesforce.control("GET", "/orgs") if one["name"] == "Acme")
    with serve(salesforce.app) as address:
        yield f"{address}/o/{org['id']}/setup"


def mend(page: Page, setup: str) -> None:
    """As an administrator of the org does."""
    page.goto(setup)
    for field in PHONES:
        page.locator(f"input[name=hidden][value='{field}']").uncheck()
    page.locator("input[name=view_all][value=Lead]").check()
    page.locator("input[name=region]").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("input[name=region]")).not_to_be_checked()


def test_three_faults_are_found_mended_and_gone(faulty: str, setup: str, page: Page):
    sign_in(page, faulty, "owner", PASSWORDS["owner"])
    card = page.locator("#connection")
    expect(card.locator(".note-bad li")).to_have_count(2)
    card.get_by_role("link", name="How to mend it").click()
    report = page.locator("#preflight")
    expect(report.locator(".finding .pill-bad")).to_have_count(2)
    expect(report).to_contain_text("Lead.Phone, Lead.MobilePhone")
    expect(report).to_contain_text("“Region” (Lead.Region__c) must be filled")
    expect(report.locator(".finding .pill-wait")).to_have_count(1)
    expect(report).to_contain_text("does not see all records of Lead")
    accessible(page)
    page.set_viewport_size(PHONE)
    fits(page)

    admin = page.context.new_page()
    mend(admin, setup)
    admin.close()

    page.get_by_role("button", name="Check again", exact=True).click()
    expect(report.locator(".block-head .pill-good")).to_have_text("All fine")
    expect(report.locator(".pill-bad, .pill-wait")).to_have_count(0)
    for summary in report.locator("summary").all():
        summary.click()
    expect(report).to_contain_text("Numbers are looked for in Lead.Phone, Lead.MobilePhone.")
    expect(report).to_contain_text("No field must be filled that a call does not fill.")
    expect(report).to_contain_text("The connected user sees every record of Lead.")
    accessible(page)
    fits(page)
    page.goto(f"{faulty}/salesforce")
    expect(card).to_contain_text("nothing has to be mended")


def test_a_required_field_is_filled_without_leaving(faulty: str, page: Page, complaints):
    complaints.expect("422")
    sign_in(page, faulty, "owner", PASSWORDS["owner"])
    page.goto(f"{faulty}/salesforce")
    page.get_by_role("link", name="Pre-flight check").first.click()
    report = page.locator("#preflight")
    value = page.get_by_label("Fill it with")
    value.fill("{nothing}")
    value.press("Enter")
    expect(report.locator(".refusal")).to_be_visible()
    expect(value).to_have_value("{nothing}")
    accessible(page)
    value.fill("Kyiv")
    value.press("Enter")
    expect(report.locator(".finding .pill-bad")).to_have_count(1)
    expect(report).not_to_contain_text("must be filled in every new record")
