"""An answer that a page got from the org has calls go that waited for no more than that."""

from datetime import timedelta

import pytest

from core.models import CallState
from core.reasons import stored
from core.store.policies import Actor
from tests.portal.helpers.calls import hand_over, settle
from tests.portal.helpers.connecting import connect
from tests.portal.helpers.orgs import edit


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
