"""A page of one account while the browser went to another: it changes and shows nothing there."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from core import ROOT
from core.models import Account
from core.store import Store
from portal.web.same_seat import ANYWHERE, CONFLICT
from tests.helpers.browser import Complaints
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.access import WITHOUT_TOKEN
from tests.portal.helpers.client import HTMX, Visitor
from tests.portal.helpers.site import sign_in
from tests.portal.helpers.walk import CHANGING, calls, sit

TEMPLATES = ROOT / "templates"


@pytest.fixture
def two_accounts(store: Store) -> Account:
    """The owner of `acme` owns `other`, too. Returns that one."""
    person = store.accounts.person_by_email("owner@acme.example")
    store.accounts.join("other", person.id, "owner")
    return store.accounts.get("other")


def stale(app: Flask, store: Store, visitor: str) -> tuple[FlaskClient, dict[str, str]]:
    """Somebody in a seat of `acme`, and the mark of a page that was made for another one."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    sit(client, store, visitor)
    return client, {"X-Seat": "other" if visitor == "owner" else "acme an-earlier-visit"}


@pytest.mark.parametrize("visitor", ["owner", "visiting"])
@pytest.mark.parametrize("partial", [False, True], ids=["form", "htmx"])
def test_no_route_changes_anything_for_the_page_of_another_seat(
    app: Flask, store: Store, two_accounts: Account, visitor: str, partial: bool
):
    client, mark = stale(app, store, visitor)
    headers = {**mark, **(HTMX if partial else {})}
    met = {
        endpoint: client.open(address, method=method, headers=headers).status_code
        for endpoint, method, address in calls(app)
        if method in CHANGING
        and endpoint.partition(".")[0] not in WITHOUT_TOKEN
        and endpoint not in ANYWHERE
    }
    assert len(met) > 40
    assert set(met.values()) == {CONFLICT}


@pytest.mark.parametrize("visitor", ["owner", "visiting"])
def test_no_part_of_a_page_shows_another_account(
    app: Flask, store: Store, two_accounts: Account, visitor: str
):
    client, mark = stale(app, store, visitor)
    parts = [address for _, method, address in calls(app) if method == "GET"]
    open_to_all = ("/api/", "/static/")
    for address in parts:
        if not address.startswith(open_to_all):
            assert client.get(address, headers={**mark, **HTMX}).status_code == CONFLICT, address
            assert client.get(address, headers=mark).status_code != CONFLICT, address


def test_a_form_that_names_no_account_or_two_is_refused(owner: Visitor, two_accounts: Account):
    owner.get("/salesforce")
    for seat in ("", "other"):
        answer = owner.client.post(
            "/salesforce/switch",
            data={"csrf_token": owner.token, "seat": seat},
            headers={"X-Seat": "acme"} if seat else {},
        )
        assert answer.status_code == CONFLICT


def test_the_person_reads_where_they_are_and_loads_again(
    owner: Visitor, store: Store, two_accounts: Account
):
    page = owner.get("/salesforce/history").text
    assert "Acme" in page
    stale_seat = owner.seat
    assert owner.post("/account", account="other").location == "/"
    answer = owner.client.post(
        "/people/invite",
        data={"csrf_token": owner.token, "seat": stale_seat, "email": "new@acme.example"},
        headers={"Referer": "http://localhost/people"},
    )
    assert answer.status_code == CONFLICT
    assert "Other" in answer.text
    assert 'href="/people"' in answer.text
    assert store.members.find("other", "new@acme.example") is None


def test_the_poll_of_a_stale_journal_loads_the_whole_page(owner: Visitor, two_accounts: Account):
    owner.get("/calls")
    stale_seat = owner.seat
    owner.post("/account", account="other")
    answer = owner.client.get(
        "/calls",
        headers={
            **HTMX,
            "X-Seat": stale_seat,
            "HX-Current-URL": "http://localhost/calls?state=held",
        },
    )
    assert answer.status_code == CONFLICT
    assert answer.headers["HX-Redirect"] == "/calls?state=held"
    assert answer.text == ""
    assert "Other" in owner.get("/calls").text


def test_support_in_a_second_account_changes_nothing_from_the_first_ones_page(
    support: Visitor, store: Store
):
    support.get("/support/acme")
    support.post("/support/acme/visit", person="owner@acme.example", reason="leads are missing")
    support.get("/salesforce")
    stale_seat = support.seat
    support.post("/support/leave")
    support.get("/support/other")
    support.post("/support/other/visit", person="stranger@acme.example", reason="the same there")
    support.get("/salesforce")
    assert support.post("/salesforce/switch", seat=stale_seat, enabled="1").status_code == CONFLICT
    assert not store.policies.get("other").enabled


def test_every_form_is_guarded_by_the_same_lines():
    """The client in these tests looks at each page it fetches; this looks at all the others."""
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        if template.name != "_guard.html":
            assert "csrf_token" not in text, template
        assert text.count('method="post"') <= text.count("web/_guard.html"), template


def test_a_browser_sends_the_mark_with_what_htmx_sends(
    page: Page, site: str, two_accounts: Account, store: Store, complaints: Complaints
):
    complaints.expect(str(CONFLICT))
    sign_in(page, site, "owner", PASSWORDS["owner"])
    page.goto(f"{site}/salesforce")
    page.locator("#mode-contacts").check()
    expect(page.locator("#entities .saved")).to_be_visible()
    elsewhere = page.context.new_page()
    elsewhere.goto(f"{site}/salesforce")
    elsewhere.locator(".avatar").click()
    elsewhere.get_by_role("button", name="Other").click()
    expect(elsewhere.locator(".top-account")).to_have_text("Other")
    before = store.policies.get("other")
    page.locator("#mode-opportunities").click()
    expect(page.locator(".top-account")).to_have_text("Other")
    expect(page.locator(".note-info")).to_contain_text("Other")
    assert store.policies.get("other") == before
