"""The page of the pre-flight: what it shows, in each state, and what its buttons do."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from core.checking import KIND
from core.models import CallState, CheckRow
from core.reasons import stored
from core.salesforce.preflight import REQUESTS
from core.salesforce.setup_pages import PAGES
from core.store.checks import RUNS_AT_MOST
from core.store.database import utc_now
from portal.preflight.words import SETUP
from tests.portal.helpers.calls import hand_over, settle
from tests.portal.helpers.connecting import connect
from tests.portal.helpers.looks import await_looks
from tests.portal.helpers.orgs import connect as connected
from tests.portal.helpers.orgs import edit
from tests.portal.support.test_access_log import read_visit
from tests.portal.support.test_visit import enter

PAGE = "/salesforce/check"
BLIND = {"hidden_fields": ["Lead.Phone", "Lead.MobilePhone"]}
REGION = {"object": "Lead", "name": "Region__c", "type": "string", "nillable": False}


@pytest.fixture(autouse=True)
def in_english(app, store):
    for name in ("owner", "support"):
        store.accounts.set_language(store.accounts.person_by_email(f"{name}@acme.example").id, "en")


def switch(salesforce, **settings):
    salesforce.control("PATCH", "/orgs/Acme/settings", **settings)


def press(visitor, button="", **form):
    """A button of the page; returns the page once the look has ended."""
    answer = visitor.post(f"{PAGE}{button}", htmx=True, **form)
    assert answer.status_code == 200
    await_looks(visitor)
    return visitor.get(PAGE)


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page.text)).split())


@pytest.fixture
def faulty(owner, salesforce):
    """`acme` is connected to an org where three things are amiss."""
    salesforce.control("POST", "/orgs/Acme/fields", **REGION)
    switch(salesforce, **BLIND, sharing="private", view_all=[])
    connect(owner, salesforce)
    return owner


def test_it_runs_by_itself_after_connecting(owner, salesforce, store):
    card = words(connect(owner, salesforce))
    assert store.checks.newest("acme", KIND).api_calls == REQUESTS
    assert "nothing has to be mended" in card
    assert "UniTalk package installed" in card
    page = words(owner.get(PAGE))
    assert f"with {REQUESTS} API calls" in page
    assert "of 100,000 API calls are used" in page


def test_what_the_org_asks_is_counted_as_every_other_call(owner, salesforce, store):
    connect(owner, salesforce)
    before = store.counters.all()["api_calls"][""]
    press(owner)
    assert store.counters.all()["api_calls"][""] == before + REQUESTS
    asked = salesforce.control("GET", "/orgs/Acme/counters")["api_usage"]
    assert store.connections.get("acme").api_used == asked


def test_stops_stand_on_the_card_and_first_on_the_page(faulty):
    card = words(faulty.get("/salesforce"))
    assert "something has to be mended" in card
    assert "Lead.Phone, Lead.MobilePhone" in card
    assert "(Lead.Region__c) must be filled" in card
    assert "does not see all records" not in card
    page = faulty.get(PAGE).text
    order = [page.index(name) for name in ("Fields that", "Rules and", "Records and", "as a whole")]
    assert order == sorted(order), "stops, then warnings, then what is fine"
    assert page.index("must be filled") < page.index("No duplicate rule")
    assert 'href="http://127.0.0.1:9/lightning/setup/PermSets/home"' in page
    assert "/lightning/setup/ObjectManager/Lead/FieldsAndRelationships/view" in page


@pytest.mark.parametrize("htmx", [True, False])
def test_what_was_mended_is_fine_after_the_next_check(faulty, salesforce, htmx):
    switch(salesforce, hidden_fields=[], custom_fields={}, view_all=["Lead"])
    answer = faulty.post(PAGE, htmx=htmx)
    assert answer.status_code == (200 if htmx else 303)
    await_looks(faulty)
    page = faulty.get(PAGE)
    assert "Mend first" not in page.text
    assert "All fine" in page.text


def test_a_required_field_is_filled_from_here(faulty, store):
    page = press(faulty, "/own-field", field="Lead.Region__c", template="Kyiv")
    assert "Region__c) must be filled" not in words(page)
    (own,) = store.policies.get("acme").own_fields
    assert (own.name, own.template) == ("Lead.Region__c", "Kyiv")


def test_a_value_that_cannot_work_is_refused_beside_its_field(faulty, store):
    refused = faulty.post(
        f"{PAGE}/own-field", htmx=True, field="Lead.Region__c", template="{nothing}"
    )
    assert refused.status_code == 422
    assert 'id="Lead-Region__c-refusal"' in refused.text
    assert 'value="{nothing}"' in refused.text
    assert store.policies.get("acme").own_fields == ()
    for odd in ("Lead.OwnerId", "User.Name", "Region__c", ""):
        answer = faulty.post(f"{PAGE}/own-field", field=odd, template="x")
        assert answer.status_code == 422


def test_calls_that_waited_for_fields_go_once_these_are_seen(faulty, salesforce, store):
    edit(store, enabled=True)
    settle(store, hand_over(store), CallState.WAITING, "hold.blind", due=timedelta(hours=1))
    store.connections.paused("acme", timedelta(hours=1), stored("hold.blind", {"fields": "x"}))
    press(faulty)
    assert store.connections.get("acme").still_paused
    switch(salesforce, hidden_fields=[], custom_fields={})
    press(faulty)
    assert not store.connections.get("acme").still_paused
    assert store.journal.reasons("acme") == []


def test_how_far_it_is(owner, store):
    connected(store)
    began = store.checks.begin("acme", KIND)
    store.checks.tell("acme", KIND, began, {"asked": 3}, 3)
    page = owner.get(PAGE)
    assert f"3 of {REQUESTS} questions are answered" in words(page)
    assert 'hx-trigger="every 1s"' in page.text
    assert f'href="{owner.at(PAGE)}"' in page.text, "without JavaScript, too"
    assert "<button" not in page.text.split('id="preflight"')[1].split("</main>")[0]
    assert "is being checked" in words(owner.get("/salesforce"))
    owner.post(PAGE, htmx=True)
    assert store.checks.newest("acme", KIND).began_at == began, "one at a time"


def test_one_whose_process_died_is_told_and_can_be_repeated(owner, store):
    connected(store)
    store.checks.begin("acme", KIND)
    with store.database.write() as session:
        ago = utc_now() - timedelta(seconds=RUNS_AT_MOST + 1)
        session.execute(update(CheckRow).values(began_at=ago))
    page = owner.get(PAGE)
    assert "was broken off" in words(page)
    assert "every 1s" not in page.text
    assert "Check again" in page.text


def test_an_org_that_does_not_answer(faulty, salesforce):
    salesforce.control("POST", "/faults", kind="server_error", path="composite", times=None)
    page = words(press(faulty))
    assert "The last check came to no end." in page
    assert "(Lead.Region__c) must be filled" in page, "what was found before stands"


def test_an_org_that_is_slow_is_not_waited_for(owner, store, salesforce, monkeypatch):
    monkeypatch.setattr("portal.salesforce.looking.PAGE_SECONDS", 0.0)
    connected(store)
    salesforce.line.stuck = "/services/data"
    assert owner.post(PAGE, htmx=True).status_code == 200


def test_without_a_connection_there_is_nothing_to_press(owner, store):
    page = owner.get(PAGE)
    assert "Not checked yet" in page.text
    assert "Salesforce is not connected." in words(page)
    assert owner.post(PAGE, htmx=True).status_code == 200
    assert store.checks.newest("acme", KIND) is None


def test_after_a_disconnect_the_package_is_still_known(owner, salesforce, store):
    switch(salesforce, namespace="unitalk", package_version="1.2")
    connect(owner, salesforce)
    assert "UniTalk package installed, version 1.2" in words(owner.get("/salesforce"))
    owner.post("/salesforce/disconnect", htmx=True)
    card = words(owner.get("/salesforce"))
    assert "Install the package installed, version 1.2" in card
    assert "nothing has to be mended" not in card


def test_without_the_package_the_card_says_so(owner, salesforce):
    switch(salesforce, package=False)
    card = words(connect(owner, salesforce))
    assert "UniTalk package not installed" in card
    assert "/guide/salesforce#part-2" in owner.get("/salesforce").text


def test_the_card_tells_warnings_and_settings_that_were_changed_since(owner, salesforce, store):
    switch(salesforce, sharing="private", view_all=[])
    card = words(connect(owner, salesforce))
    assert "nothing stops calls, 1 worth knowing." in card
    assert "nothing has to be mended" not in card
    assert "Settings were changed since this check." not in card
    edit(store, close_in_days=3)
    assert "Settings were changed since this check." in words(owner.get("/salesforce"))
    press(owner)
    assert "Settings were changed since this check." not in words(owner.get("/salesforce"))


def test_findings_name_objects_and_numbers_in_the_readers_language(faulty, store):
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "ru")
    page = words(faulty.get(PAGE))
    assert "видит не все записи: Лид." in page
    assert "из 100 000" in page


def test_stops_of_an_account_that_is_on_are_told_as_they_are(faulty, store):
    off = words(faulty.get("/salesforce"))
    assert "Before calls are written" in off and "Checked on" in off
    edit(store, enabled=True)
    page = faulty.get("/salesforce")
    assert "This keeps calls from being written:" in words(page)
    assert 'class="pill pill-wait">Needs attention' in page.text
    assert f'action="{faulty.at(PAGE)}"' in page.text, "it is checked again from the card"


def test_what_is_not_connected_leads_to_connecting(faulty, store):
    assert "Fill it with" in words(faulty.get(PAGE))
    assert "data-insert" in faulty.get(PAGE).text, "variables are offered"
    store.connections.disconnected("acme")
    page = faulty.get(PAGE)
    assert '/salesforce#connection"' in page.text
    assert "Fill it with" not in words(page)
    links = faulty.get("/salesforce").text.split('class="page-links"')[1].split("</nav>")[0]
    assert "/preview" in links
    assert PAGE not in links and "/test-call" not in links


def test_every_page_of_setup_has_a_name():
    assert SETUP.keys() == PAGES.keys()


def test_it_is_not_pressed_without_end(owner, store):
    connected(store)
    answers = [owner.post(PAGE, htmx=True).status_code for _ in range(8)]
    assert answers[0] == 200
    assert answers[-1] == 429


def test_support_on_a_visit_sees_it_and_the_customer_reads_that(owner, salesforce, store, support):
    connect(owner, salesforce)
    enter(support)
    assert support.get(PAGE).status_code == 200
    support.post(PAGE, htmx=True)
    assert read_visit(owner) == [
        "Looked at: Pre-flight check",
        "Pressed “Check again”: Pre-flight check",
    ]
