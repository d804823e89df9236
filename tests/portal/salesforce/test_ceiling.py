"""The customer's own ceiling of API calls, and the accounts a person may switch between."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import reasons
from core.connection import ConnectionState
from core.intake import accept
from core.models import CallState, QueuedCall
from core.reasons import stored
from core.store.database import utc_now
from core.store.policies import Actor
from core.store.results import Spent
from portal.web.services import NAME
from tests.helpers.events import event
from tests.portal.helpers.orgs import connect, edit, see

REACHED = reasons.connection.ceiling.code


@pytest.fixture(autouse=True)
def switched_on(store):
    connect(store)
    see(store)
    edit(store, enabled=True)
    store.deliveries.note_spent("acme", Spent(api_used=100, api_allowed=15_000))


def ceiling(store):
    return store.connections.get("acme").api_ceiling


def put(owner, value, status=200):
    answer = owner.post("/salesforce/general/ceiling", htmx=True, value=value)
    assert answer.status_code == status
    return answer


def test_it_is_eighty_per_cent_until_a_number_is_chosen(owner, store):
    assert "12\u00a0000" in owner.get("/salesforce").text
    answer = put(owner, "9000")
    assert ceiling(store) == 9000
    assert 'class="saved"' in answer.text
    assert "9\u00a0000" in answer.text.split('id="ceiling-said"')[1]  # the card hears of it
    put(owner, "")
    assert ceiling(store) is None


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many", "99999999999"])
def test_nonsense_is_refused_at_the_field(owner, store, value):
    assert 'id="general-api_ceiling-error"' in put(owner, value, 422).text
    assert ceiling(store) is None


def test_it_stands_in_the_history_and_can_be_taken_back(owner, store):
    put(owner, "9000")
    put(owner, "9000")
    (change,) = [one for one in store.policies.history("acme") if one.setting == "api_ceiling"]
    assert "80 % лимита организации → 9\u00a0000" in owner.get("/salesforce/history").text
    answer = owner.post(f"/salesforce/history/{change.name}/undo", htmx=True)
    assert answer.status_code == 200
    assert ceiling(store) is None


def test_a_higher_one_ends_the_wait_for_it(owner, store, app):
    accept(store, app.extensions[NAME].waker, "acme", event())
    later = utc_now() + timedelta(minutes=15)
    with store.database.write() as session:
        row = session.scalars(select(QueuedCall)).one()
        row.state, row.reason_code, row.due_at = CallState.WAITING, REACHED, later
    store.connections.paused("acme", later, stored(REACHED, {}))
    put(owner, "14000")
    assert store.connections.get("acme").state is ConnectionState.ACTIVE
    with store.database.read() as session:
        assert session.scalars(select(QueuedCall)).one().due_at <= utc_now()


def test_another_tab_is_told(owner, member, store):
    seen = store.policies.newest_change("acme")
    put(member, "9000")
    answer = owner.post("/salesforce/general/set/language", htmx=True, value="uk", seen=seen)
    assert "note-news" in answer.text
    assert "Member" in answer.text


def test_without_a_connection_nothing_is_kept(store):
    assert not store.ceilings.set("other", Actor(), 5)
