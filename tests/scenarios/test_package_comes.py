"""The package comes, stays and goes: where calls' keys are looked for."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.models import ConnectionRow
from core.store.database import utc_now
from tests.helpers.events import event
from tests.scenarios.helpers.world import CLIENT as CLIENT_ID


@pytest.fixture
def asked(world):
    """What Salesforce is asked, as it goes over the wire."""
    bodies: list[str] = []

    def note(request):
        if request.url.path.endswith("/composite"):
            bodies.append(request.content.decode())

    world.http.event_hooks = {"request": [note]}
    return bodies


def test_since_when_it_is_there_is_noted_once_and_forgotten_when_it_goes(world):
    world.org(package=False).connect().hand_over(event(dbid=1)).deliver()
    assert since(world) is None
    world.org(package=True)
    look_again(world)
    first = since(world)
    assert utc_now() - first < timedelta(minutes=1)
    look_again(world)
    assert since(world) == first
    world.connect()
    look_again(world)
    assert since(world) == first, "the same org, connected again"
    world.org(package=False)
    look_again(world)
    assert since(world) is None


def test_a_managed_package_is_one_too(world):
    world.org(package=True, namespace="unitalk").connect().hand_over(event(dbid=1)).deliver()
    assert since(world)
    assert world.one("Task")["unitalk__UniTalk_Call_Id__c"] == "1"


def test_another_org_has_a_package_of_its_own(world):
    world.org(package=True).connect().hand_over(event(dbid=1)).deliver()
    assert since(world)
    granted = world.control("POST", "/connections", {"client_id": CLIENT_ID, "org": "Globex"})
    world.store.connections.connected(
        "acme", granted["access_token"], granted["refresh_token"],
        org_id=granted["org_id"], user_id=granted["user_id"],
        instance_url=granted["instance_url"],
    )  # fmt: skip
    assert since(world) is None


@pytest.mark.parametrize(("days", "is_asked"), [(89, True), (92, False)])
def test_call_object_is_searched_for_90_days_more(world, asked, days, is_asked):
    world.org(package=False).connect().hand_over(event(dbid=1)).deliver()
    world.org(package=True)
    look_again(world)
    with world.store.database.write() as session:
        session.execute(update(ConnectionRow).values(package_since=utc_now() - timedelta(days)))
    asked.clear()
    world.hand_over(event(dbid=2)).deliver()
    assert ("CallObject" in asked[-1]) is is_asked
    assert "UniTalk_Call_Id__c" in asked[-1]
    first, *_, last = world.records("Task")
    assert first["WhoId"] == last["WhoId"] == world.one("Lead")["Id"]
    assert (first["CallObject"], last["UniTalk_Call_Id__c"]) == ("UniTalk 1", "2")


def look_again(world):
    """As if the shape that is known had become too old; then deliver a call."""
    world.store.shapes.forget("acme")
    world.hand_over(event(dbid=f"{utc_now():%H%M%S%f}")).deliver()


def since(world):
    return world.store.connections.get("acme").package_since
