"""Two tabs of one browser in two accounts: each acts on its own, whichever was used last."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core import ROOT
from core.models import CallState
from core.policy import Mode
from core.store import Store
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.accounts import ACME, OTHER
from tests.portal.helpers.calls import hand_over, settle
from tests.portal.helpers.client import HTMX, Visitor
from tests.portal.helpers.neighbour import NAME, Neighbour
from tests.portal.helpers.orgs import connect, furnish, see
from tests.portal.helpers.site import sign_in
from tests.portal.helpers.walk import CHANGING, calls, sit
from tests.portal.support.test_visit import enter

TEMPLATES = ROOT / "templates"


@pytest.fixture
def both(store: Store) -> None:
    """The owner of `acme` owns `other`, too."""
    person = store.accounts.person_by_email("owner@acme.example")
    store.accounts.join("other", person.id, "owner")


@pytest.mark.parametrize("partial", [False, True], ids=["form", "htmx"])
def test_no_form_of_one_account_changes_the_other_one_used_last(
    app: Flask, store: Store, partial: bool
):
    app.config["WTF_CSRF_ENABLED"] = False
    neighbour = Neighbour(store)
    person = store.accounts.person_by_email("owner@acme.example")
    store.accounts.join(NAME, person.id, "owner")
    client, before = app.test_client(), neighbour.belongings()
    sit(client, store, "owner")
    there = neighbour.account["account"]
    asked = 0
    for endpoint, method, address in calls(app, neighbour.addressed):
        if method in CHANGING and address.startswith(ACME):
            store.places.used(NAME, person.id)
            headers = {"Referer": f"http://localhost/a/{there}/calls", **(HTMX if partial else {})}
            client.open(address, method=method, data=neighbour.carried, headers=headers)
            asked += 1
            assert without_use(neighbour.belongings()) == without_use(before), endpoint
    assert asked > 35


def without_use(belongings: dict[str, list]) -> dict[str, list]:
    rows = [one[:3] for one in belongings["memberships"]]
    return {**belongings, "memberships": rows}


def test_a_stale_tab_acts_on_the_account_it_shows(owner: Visitor, store: Store, both: None):
    owner.get(f"{ACME}/people")
    owner.get(f"{OTHER}/people")
    answer = owner.post(f"{ACME}/people/role", email="member@acme.example", role="owner")
    assert answer.location == f"{ACME}/people"
    assert store.members.find("acme", "member@acme.example")[1] == "owner"
    assert store.members.find("other", "member@acme.example") is None


def test_the_poll_of_a_stale_journal_shows_its_own_account(
    owner: Visitor, store: Store, both: None
):
    owner.get(f"{ACME}/calls")
    owner.get(f"{OTHER}/calls")
    answer = owner.get(f"{ACME}/calls?state=skipped", htmx=True)
    assert f'href="{ACME}/calls"' in answer.text
    assert OTHER not in answer.text


def test_what_is_told_of_an_account_shows_in_that_account(owner: Visitor, store: Store, both: None):
    in_english(store)
    for account in ("acme", "other"):
        connect(store, account)
        see(store, account_id=account)
        for dbid in (1, 2):
            settle(store, hand_over(store, account, dbid), CallState.ATTENTION, "delivery.gave_up")
    owner.get(f"{ACME}/people")
    owner.post(f"{ACME}/people/invite", email="new@acme.example")
    owner.post(f"{ACME}/calls/again", which="all")
    told = ("An invitation is on its way to new@acme.example.", "2 calls go again.")
    for page in ("/salesforce", "/people", "/calls", "/preview"):
        shown = owner.get(f"{OTHER}{page}").text
        assert all(words not in shown for words in told), page
    first, second = (owner.get(f"{ACME}/salesforce").text for _ in range(2))
    assert all(words in first for words in told)
    assert all(words not in second for words in told), "once"


def test_who_leaves_an_account_reads_so_wherever_they_go_on(
    owner: Visitor, store: Store, both: None
):
    in_english(store)
    member = store.accounts.person_by_email("member@acme.example")
    store.accounts.join("acme", member.id, "owner")
    owner.get(f"{OTHER}/calls")
    owner.get(f"{ACME}/people")
    answer = owner.post(f"{ACME}/people/remove", email="owner@acme.example")
    assert answer.location == "/"
    assert "You left Acme." in owner.get(owner.client.get("/").location).text


def in_english(store: Store) -> None:
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")


def test_pages_lead_on_within_their_account_save_for_the_menu(owner: Visitor, both: None):
    page = owner.get(f"{OTHER}/salesforce").text
    menu = page.partition('class="menu-group"')[2].partition("</nav>")[0]
    assert f'href="{ACME}/salesforce"' in menu
    assert ACME not in page.replace(menu, "")


def test_a_visit_opens_one_account_only_and_ends_in_every_tab(support: Visitor, store: Store):
    enter(support)
    support.get(f"{ACME}/salesforce")
    for path in ("/salesforce", "/calls", "/access", "/people"):
        assert support.get(f"{OTHER}{path}").status_code == 404
    assert support.post(f"{OTHER}/salesforce/switch", enabled="1").status_code == 404
    assert not store.policies.get("other").enabled
    seen = [one.params["path"] for one in visit_entries(store) if one.action == "view"]
    assert seen == ["/salesforce"], "an account next door is not the customer's to read about"
    assert store.audit.events("other", 9) == []


def test_a_tab_of_an_earlier_visit_changes_and_shows_nothing(support: Visitor, store: Store):
    enter(support)
    support.get(f"{ACME}/salesforce")
    support.post("/support/leave")
    enter(support, "other", "stranger@acme.example")
    support.get(f"{OTHER}/salesforce")
    for account_id in ("acme", "other"):
        before = store.policies.get(account_id)
        answer = support.post(f"{ACME}/salesforce/switch", enabled="1")
        assert answer.status_code == 404
        assert store.policies.get(account_id) == before
    assert support.get(f"{ACME}/salesforce", htmx=True).status_code == 404
    assert "visit-banner" in support.get(f"{OTHER}/salesforce").text


def visit_entries(store: Store) -> list:
    return store.audit.of_visit("acme", store.audit.visits("acme", 1)[0].visit.id, 99)


def test_every_form_is_guarded_by_the_same_lines():
    """The client in these tests looks at each page it fetches; this looks at all the others."""
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        if template.name != "_guard.html":
            assert "csrf_token" not in text, template
        assert text.count('method="post"') <= text.count("web/_guard.html"), template


def test_two_tabs_of_a_browser_save_each_its_own(page: Page, site: str, both: None, store: Store):
    furnish(store, "other")
    sign_in(page, site, "owner", PASSWORDS["owner"])
    page.goto(f"{site}{ACME}/salesforce")
    elsewhere = page.context.new_page()
    elsewhere.goto(f"{site}{ACME}/salesforce")
    elsewhere.locator(".avatar").click()
    elsewhere.get_by_role("link", name="Other").click()
    expect(elsewhere.locator(".top-account")).to_have_text("Other")
    before = store.policies.get("other")
    page.locator("#mode-opportunities").check()
    expect(page.locator("#entities .saved").first).to_be_visible()
    expect(page.locator(".top-account")).to_have_text("Acme")
    assert store.policies.get("acme").mode is Mode.OPPORTUNITIES
    assert store.policies.get("other") == before
    elsewhere.locator("#mode-contacts").check()
    expect(elsewhere.locator("#entities .saved").first).to_be_visible()
    assert store.policies.get("other").mode is Mode.CONTACTS
    assert store.policies.get("acme").mode is Mode.OPPORTUNITIES
