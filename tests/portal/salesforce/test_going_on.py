"""Calls go once what they waited for is gone: the page that finds it out, or mends it, wakes their
account."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.models import CallState
from core.reasons import stored
from core.store.policies import Actor
from portal.web.services import NAME
from tests.portal.helpers.calls import hand_over, settle
from tests.portal.helpers.connecting import connect
from tests.portal.helpers.orgs import edit, furnish


@pytest.fixture
def paused(owner, salesforce, store):
    """Makes the account, connected to an org that answers, wait for a reason with one call."""
    connect(owner, salesforce)
    edit(store, enabled=True)

    def pause(code):
        settle(store, hand_over(store), CallState.WAITING, code, due=timedelta(hours=1))
        store.connections.paused("acme", timedelta(hours=1), stored(code, {}))

    return pause


@pytest.mark.parametrize(
    ("code", "goes"),
    [
        ("connection.away", True),
        ("connection.limit", True),
        ("connection.ceiling", True),
        ("connection.storage", False),
    ],
)
def test_an_answer_has_what_waited_for_one_go(owner, store, paused, code, goes):
    paused(code)
    answer = owner.post("/salesforce/org", htmx=True)
    assert store.connections.get("acme").still_paused is not goes
    assert (store.journal.reasons("acme") == []) is goes
    assert ('id="connection"' in answer.text) is goes, "the card says so at once"


def test_at_the_ceiling_an_answer_has_nothing_go(owner, store, paused):
    assert store.ceilings.set("acme", Actor(), 1)
    paused("connection.ceiling")
    owner.post("/salesforce/org", htmx=True)
    assert store.connections.get("acme").still_paused


class Woken(list):
    def wake(self, account_id):
        self.append(account_id)
        return True


@pytest.fixture
def woken(app):
    """Accounts that pages have woken."""
    waker = Woken()
    app.extensions[NAME] = replace(app.extensions[NAME], waker=waker)
    return waker


def switch_on(owner, store):
    edit(store, enabled=False)
    owner.post("/salesforce/switch", htmx=True, enabled="1")


def undo_switching_off(owner, store):
    edit(store, enabled=False)
    change = store.policies.history("acme")[0].name
    owner.post(f"/salesforce/history/{change}/undo", htmx=True)


def raise_the_ceiling(owner, store):
    owner.post("/salesforce/general/ceiling", htmx=True, value="9000")


def try_now(owner, store):
    store.connections.paused("acme", timedelta(hours=1), stored("connection.storage", {}))
    row = hand_over(store)
    settle(store, row, CallState.WAITING, "connection.storage", due=timedelta(hours=1))
    owner.get("/calls")
    owner.post("/calls/again", which="all")


def try_due_ones_now(owner, store):
    store.connections.paused("acme", timedelta(hours=1), stored("connection.storage", {}))
    hand_over(store)
    owner.get("/calls")
    owner.post("/calls/again", which="all")


WAYS = [switch_on, undo_switching_off, raise_the_ceiling, try_now, try_due_ones_now]


@pytest.mark.parametrize("act", WAYS)
def test_whoever_has_calls_go_wakes_the_account(owner, store, woken, act):
    furnish(store)
    owner.get("/salesforce")
    act(owner, store)
    assert woken == ["acme"]


def test_connecting_wakes_the_account(owner, salesforce, woken):
    connect(owner, salesforce)
    assert woken == ["acme"]


def test_switching_off_wakes_nobody(owner, store, woken):
    furnish(store)
    owner.get("/salesforce")
    owner.post("/salesforce/switch", htmx=True, enabled="0")
    assert woken == []
