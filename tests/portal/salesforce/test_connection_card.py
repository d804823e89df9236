"""The connection card: the button that helps, and what it is told of other tabs."""

import html
from datetime import timedelta

import pytest

from core.models import CallState
from core.reasons import stored
from core.store.database import utc_now
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.calls import hand_over, settle
from tests.portal.helpers.orgs import connect, edit, see


@pytest.fixture(autouse=True)
def switched_on(store, owner):
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")
    connect(store)
    see(store)
    edit(store, enabled=True)


def card(page):
    return page.text.partition('id="connection"')[2].partition("</section>")[0]


def test_an_app_that_is_not_installed_can_be_installed_here(owner, store, config):
    store.connections.died("acme", stored("connection.app_not_installed", {}))
    assert html.escape(config.package_url) in card(owner.get("/salesforce"))
    connect(store)
    store.connections.died("acme", stored("connection.refresh_refused", {}))
    assert html.escape(config.package_url) not in card(owner.get("/salesforce"))


@pytest.mark.parametrize("code", ["redirect_uri", "client_id", "client_secret"])
def test_what_the_form_mends_opens_the_form(owner, store, code):
    store.connections.died("acme", stored(f"connection.{code}", {}))
    assert '<details class="fold" open>' in card(owner.get("/salesforce"))
    connect(store)
    store.connections.died("acme", stored("connection.refresh_refused", {}))
    assert '<details class="fold" open>' not in card(owner.get("/salesforce"))


def test_a_pause_by_the_ceiling_leads_to_the_ceiling(owner, store):
    later = utc_now() + timedelta(minutes=15)
    store.connections.paused("acme", later, stored("connection.ceiling", {}))
    shown = owner.get("/salesforce")
    assert 'href="#api_ceiling"' in card(shown)
    assert 'id="api_ceiling"' in shown.text
    assert "On, but calls are waiting." in card(shown)
    store.connections.paused("acme", later, stored("connection.limit", {}))
    assert 'href="#api_ceiling"' not in card(owner.get("/salesforce"))


def test_a_pause_says_how_many_wait_and_has_them_go(owner, store):
    hour = timedelta(hours=1)
    row = hand_over(store)
    settle(store, row, CallState.RETRY, "salesforce.transient", {"code": "X"}, due=hour)
    store.connections.paused("acme", hour, stored("connection.away", {}))
    shown = card(owner.get("/salesforce"))
    for words in ("gives no answer", "Next try:", "1 call is waiting.", "Try now"):
        assert words in shown
    answer = owner.get(owner.post("/calls/again", which="all").location.removeprefix(ACME))
    assert "1 call goes again." in answer.text
    assert "Working" in card(owner.get("/salesforce"))


def test_a_pause_that_grew_is_told_to_a_tab_that_stood_open(owner, store):
    away = stored("connection.away", {})
    store.connections.paused("acme", timedelta(minutes=5), away)
    look = html.unescape(card(owner.get("/salesforce")).partition('hx-get="')[2].partition('"')[0])
    assert owner.get(look, htmx=True).status_code == 204
    store.connections.paused("acme", timedelta(minutes=10), away)
    assert "Next try:" in card(owner.get(look, htmx=True))


def test_a_dead_connection_offers_connecting_once(owner, store):
    again = "Connect again or disconnect"
    assert again in card(owner.get("/salesforce"))
    store.connections.died("acme", stored("connection.refresh_refused", {}))
    dead = card(owner.get("/salesforce"))
    assert again not in dead
    assert "<summary>Disconnect</summary>" in dead
    assert "Connecting again" not in dead


def test_a_tab_that_stood_open_hears_of_the_switch(owner, store):
    look = html.unescape(card(owner.get("/salesforce")).partition('hx-get="')[2].partition('"')[0])
    assert owner.get(look, htmx=True).status_code == 204
    edit(store, enabled=False)
    answer = owner.get(look, htmx=True)
    assert 'aria-checked="false"' in card(answer)
    assert 'id="entities"' not in answer.text
    store.connections.died("acme", stored("connection.refresh_refused", {}))
    assert "Needs attention" in card(owner.get(look, htmx=True))


def test_what_is_saved_brings_a_card_that_was_switched_elsewhere(owner, store):
    seen = store.policies.newest_change("acme")
    form = {"value": "contacts", "seen": str(seen)}
    answer = owner.post("/salesforce/entities/set/mode", htmx=True, **form)
    assert 'id="connection"' not in answer.text
    edit(store, enabled=False)
    answer = owner.post("/salesforce/entities/set/mode", htmx=True, **form)
    assert 'aria-checked="false"' in card(answer)
