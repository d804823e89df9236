"""Calls that need attention tried again: those ticked, all of one reason, all; and the offers."""

import re
from html import unescape

import pytest

from core.models import CallState
from core.reasons import stored
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.calls import hand_over, settle
from tests.portal.helpers.connecting import connect
from tests.portal.helpers.orgs import connect as connected
from tests.portal.helpers.orgs import edit, see
from tests.portal.support.test_access_log import enter, read_visit

OFFER = "calls need you."


@pytest.fixture(autouse=True)
def in_english(store):
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")


@pytest.fixture
def refused(store):
    """Three calls that need attention, two of them for one reason, newest last; and a done one."""
    reasons = ("salesforce.refused", "salesforce.refused", "delivery.gave_up")
    rows = [
        settle(store, hand_over(store, dbid=n), CallState.ATTENTION, why, {"detail": "X"})
        for n, why in enumerate(reasons, start=1)
    ]
    settle(store, hand_over(store, dbid=9), CallState.DONE, "write.lead_logged")
    return rows


@pytest.fixture
def working(store):
    connected(store)
    see(store)
    edit(store, enabled=True)


def states(store, rows):
    return [store.ledger.get("acme", row.public_id).state for row in rows]


def test_only_calls_that_need_attention_can_be_ticked(owner, refused):
    page = owner.get("/calls").text
    ticks = re.findall(r'name="call" value="([\w-]+)" form="try-again"', page)
    assert sorted(ticks) == sorted(row.public_id for row in refused)
    assert "Try all again: 3" in page
    assert page.count('name="reason"') == 2


@pytest.mark.parametrize("htmx", [True, False])
def test_those_ticked_go_again(owner, store, refused, htmx):
    foreign = settle(store, hand_over(store, "other", 1), CallState.ATTENTION, "salesforce.refused")
    owner.get("/calls")
    ticked = [refused[0].public_id, refused[2].public_id, foreign.public_id, "unknown"]
    answer = owner.post("/calls/again?state=attention", htmx=htmx, which="selected", call=ticked)
    assert states(store, refused) == ["waiting", "attention", "waiting"]
    assert store.ledger.get("other", foreign.public_id).state == "attention"
    if not htmx:
        assert answer.location == f"{ACME}/calls?state=attention"
        answer = owner.get(answer.location)
    assert "2 calls go again." in answer.text
    assert "1 call needs you." in answer.text
    assert 'name="call"' not in answer.text  # with one call there is nothing to choose
    assert "Try the selected again" not in answer.text
    assert "Try all again" not in answer.text
    assert "go again." not in owner.get("/calls").text


@pytest.mark.parametrize(
    ("form", "left"),
    [
        ({"which": "all"}, ["waiting", "waiting", "waiting"]),
        ({"reason": "salesforce.refused"}, ["waiting", "waiting", "attention"]),
        ({"which": "selected"}, ["attention"] * 3),
        ({}, ["attention"] * 3),
    ],
)
def test_all_or_all_of_one_reason_go_again(owner, store, refused, form, left):
    pausing = settle(store, hand_over(store, dbid=20), CallState.RETRY, "salesforce.refused")
    owner.get("/calls")
    owner.post("/calls/again", **form)
    assert states(store, refused) == left
    assert store.ledger.get("acme", pausing.public_id).state == CallState.RETRY
    said = owner.get("/calls").text.partition('id="said"')[2].partition("</div>")[0]
    assert ("calls go again." in said) is ("waiting" in left)
    assert ("No call is selected" in said) is (form == {"which": "selected"})


def test_support_tries_again_on_a_visit_and_the_log_says_so(support, owner, store, refused):
    enter(support)
    support.get("/calls")
    support.post("/calls/again", which="all")
    assert states(store, refused) == ["waiting"] * 3
    assert read_visit(owner)[-1] == "Pressed “Try again”: Calls"


@pytest.mark.parametrize("htmx", [True, False])
def test_a_changed_setting_offers_to_try_them_again(owner, store, refused, working, htmx):
    owner.get("/salesforce")
    for mode, is_offered in (("contacts", True), ("contacts", False)):
        answer = owner.post("/salesforce/entities/set/mode", htmx=htmx, value=mode)
        text = answer.text if htmx else owner.get(answer.location).text
        assert (f"3 {OFFER}" in text) is is_offered
    answer = owner.post("/calls/again", which="all")
    assert answer.location == f"{ACME}/calls"
    assert OFFER not in set_mode(owner, "leads")


def test_switching_on_offers_and_switching_off_does_not(owner, refused, working):
    owner.get("/salesforce")
    assert OFFER not in owner.post("/salesforce/switch", htmx=True, enabled="0").text
    assert OFFER in owner.post("/salesforce/switch", htmx=True, enabled="1").text


def test_a_refused_setting_or_a_dead_connection_offers_nothing(owner, store, refused, working):
    owner.get("/salesforce")
    assert OFFER not in set_mode(owner, "nonsense")
    store.connections.died("acme", stored("connection.inactive_user", {}))
    assert OFFER not in set_mode(owner, "contacts")


def test_a_change_taken_back_offers_too(owner, store, refused, working):
    owner.get("/salesforce")
    set_mode(owner, "contacts")
    change = store.policies.history("acme")[0].name
    assert OFFER in owner.post(f"/salesforce/history/{change}/undo", htmx=True).text


@pytest.mark.parametrize("enabled", [True, False])
def test_a_reconnection_offers_to_try_them_again(owner, salesforce, store, refused, enabled):
    edit(store, enabled=enabled)
    page = unescape(connect(owner, salesforce).text)
    assert (f"3 {OFFER}" in page) is enabled
    assert OFFER not in owner.get("/salesforce").text


def set_mode(owner, mode):
    return owner.post("/salesforce/entities/set/mode", htmx=True, value=mode).text
