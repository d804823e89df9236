"""Calls that wait tried now: those ticked, all of one reason, all; and the offers."""

import re
from datetime import timedelta

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
HOUR = timedelta(hours=1)


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
    owner.get("/calls")
    owner.post("/calls/again", **form)
    assert states(store, refused) == left
    said = owner.get("/calls").text.partition('id="said"')[2].partition("</div>")[0]
    assert ("calls go again." in said) is ("waiting" in left)
    assert ("No call is selected" in said) is (form == {"which": "selected"})


@pytest.fixture
def paused(store, working):
    """Two calls wait for room, one for an org that was away; and one, due, for the account."""
    full = dict.fromkeys((1, 2), "connection.storage")
    for dbid, why in {**full, 3: "salesforce.transient"}.items():
        state = CallState.WAITING if why in full.values() else CallState.RETRY
        settle(store, hand_over(store, dbid=dbid, **{"from": f"38050555718{dbid}"}), state, why,
               {"code": "X"}, due=HOUR)  # fmt: skip
    store.connections.paused("acme", HOUR, stored("connection.storage", {}))
    hand_over(store, dbid=4, **{"from": "380505557184"})
    return [store.journal.by_key("acme", str(dbid)) for dbid in range(1, 5)]


def waiting(store):
    """How many calls still wait for more than their turn."""
    return sum(one.number for one in store.journal.reasons("acme"))


@pytest.mark.parametrize("state", ["", "?state=waiting"])
def test_what_waits_is_shown_with_its_reasons_and_can_go_now(owner, paused, state):
    page = owner.get(f"/calls{state}").text
    assert "4 calls are waiting." in page
    assert "Try all now: 4" in page
    assert "Try the selected now" in page
    assert page.count('name="reason"') == 2
    ticks = re.findall(r'name="call" value="([\w-]+)" form="try-again"', page)
    assert sorted(ticks) == sorted(row.public_id for row in paused)


@pytest.mark.parametrize(
    ("form", "left"),
    [({"which": "all"}, 0), ({"reason": "connection.storage"}, 1), ({"which": "selected"}, 2)],
)
def test_what_waits_goes_now(owner, store, paused, form, left):
    owner.get("/calls")
    ticked = {"call": paused[0].public_id} if form == {"which": "selected"} else {}
    said = owner.post("/calls/again", htmx=True, **form, **ticked).text
    assert waiting(store) == left
    assert f"{4 - left} calls go again." in said
    assert not store.connections.get("acme").still_paused


def test_calls_that_need_a_person_and_others_stand_in_one_list(owner, store, paused):
    store.releases.try_again("acme", [paused[0].public_id])
    settle(store, paused[0], CallState.ATTENTION, "salesforce.refused")
    page = owner.get("/calls").text
    assert "Some calls need you, others wait." in page
    assert "Try all again: 3" in page
    assert page.count("Try these again") == 1
    assert page.count("Try these now") == 2


def test_a_call_that_waits_says_until_when_and_goes_from_its_page(owner, store, paused):
    path = f"/calls/{paused[2].public_id}"
    page = owner.get(path).text
    assert "Next try:" in page
    assert "Try now" in page
    answer = owner.post(f"{path}/again", htmx=True).text
    assert "Try now" not in answer
    assert waiting(store) == 2


@pytest.mark.parametrize("dead", [True, False])
def test_a_held_call_goes_now_or_leads_to_the_connection(owner, store, working, dead):
    row = settle(store, hand_over(store), CallState.HELD, "hold.connection_dead")
    if dead:
        store.connections.died("acme", stored("connection.refresh_refused", {}))
    page = owner.get(f"/calls/{row.public_id}").text
    assert ("Try now" in page) is not dead
    assert ("Fix the connection" in page) is dead


def test_support_tries_again_on_a_visit_and_the_log_says_so(support, owner, store, refused):
    enter(support)
    support.get("/calls")
    support.post("/calls/again", which="all")
    assert states(store, refused) == ["waiting"] * 3
    assert read_visit(owner)[-1] == "Pressed “Try again”: Calls"


@pytest.mark.parametrize("htmx", [True, False])
def test_a_changed_setting_offers_to_try_them_again(owner, store, working, refused, htmx):
    owner.get("/salesforce")
    for mode, is_offered in (("contacts", True), ("contacts", False)):
        answer = owner.post("/salesforce/entities/set/mode", htmx=htmx, value=mode)
        text = answer.text if htmx else owner.get(answer.location).text
        assert (f"3 {OFFER}" in text) is is_offered
    answer = owner.post("/calls/again", which="all")
    assert answer.location == f"{ACME}/calls"
    assert OFFER not in set_mode(owner, "leads")


def test_switching_on_has_everything_go_and_switching_off_does_not(owner, store, working, refused):
    owner.get("/salesforce")
    assert OFFER not in owner.post("/salesforce/switch", htmx=True, enabled="0").text
    assert states(store, refused) == ["attention"] * 3
    assert OFFER not in owner.post("/salesforce/switch", htmx=True, enabled="1").text
    assert states(store, refused) == ["waiting"] * 3


def test_a_refused_setting_or_a_dead_connection_offers_nothing(owner, store, working, refused):
    owner.get("/salesforce")
    assert OFFER not in set_mode(owner, "nonsense")
    store.connections.died("acme", stored("connection.inactive_user", {}))
    assert OFFER not in set_mode(owner, "contacts")


def test_a_change_taken_back_offers_too(owner, store, working, refused):
    owner.get("/salesforce")
    set_mode(owner, "contacts")
    change = store.policies.history("acme")[0].name
    assert OFFER in owner.post(f"/salesforce/history/{change}/undo", htmx=True).text


@pytest.mark.parametrize("enabled", [True, False])
def test_a_reconnection_has_them_go_where_calls_are_written(
    owner, salesforce, store, refused, enabled
):
    edit(store, enabled=enabled)
    assert OFFER not in connect(owner, salesforce).text
    assert states(store, refused) == ["waiting" if enabled else "attention"] * 3


def set_mode(owner, mode):
    return owner.post("/salesforce/entities/set/mode", htmx=True, value=mode).text
