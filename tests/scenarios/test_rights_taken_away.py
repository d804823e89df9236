"""Rights that go while the org's shape is remembered: it is described anew, and nothing is written
that hangs on nothing or that is written already."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.models import ConnectionRow
from core.store.database import utc_now
from tests.helpers.events import CLIENT, event

OTHER = {"from": "380501112233"}


def test_a_call_waits_once_a_task_may_name_nobody(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    world.org(hidden_fields=["Task.WhoId"])
    world.hand_over(event(dbid=2), event(dbid=3, **OTHER)).deliver()
    assert {world.call(one).reason_code for one in (2, 3)} == {"hold.no_who"}
    assert len(world.records("Task")) == len(world.records("Lead")) == 1
    world.org(hidden_fields=[])
    world.store.releases.try_again("acme")
    world.deliver()
    assert {world.call(one).state for one in (1, 2, 3)} == {"done"}
    assert all(task["WhoId"] for task in world.records("Task"))
    assert len(world.records("Lead")) == 2


@pytest.mark.parametrize("mode", ["leads", "contacts"])
def test_a_number_stands_where_it_may_be_written_now(world, mode):
    name = mode.capitalize()[:-1]
    world.connect(mode=mode).hand_over(event(dbid=1)).deliver()
    world.org(field_changes={f"{name}.Phone": {"createable": False}})
    world.hand_over(event(dbid=2, **OTHER), event(dbid=3, **OTHER)).deliver()
    first, second = world.records(name)
    assert (first["Phone"], second["MobilePhone"]) == (f"+{CLIENT}", f"+{OTHER['from']}")
    assert [task["WhoId"] for task in world.records("Task")] == [
        one["Id"] for one in (first, second, second)
    ]


@pytest.mark.parametrize("field", ["Task.WhoId", "Lead.Phone"])
def test_a_field_that_is_refused_though_it_is_described_is_for_a_person(world, field):
    object_name, name = field.split(".")
    world.connect().hand_over(event(dbid=1)).deliver()
    said = f"No such column '{name}' on sobject of type {object_name}"
    refusing = {"kind": "error", "object": object_name, "times": None, "code": "INVALID_FIELD"}
    world.control("POST", "/faults", {**refusing, "message": said, "status": 400})
    world.hand_over(event(dbid=2, **OTHER)).deliver()
    row = world.call(2)
    assert (row.state, row.reason_params["message"]) == ("attention", said)
    assert len(world.records("Task")) == len(world.records("Lead")) == 1


def test_a_key_that_may_be_written_no_more_is_looked_for_where_it_is_written_then(world):
    world.org(package=True).connect().hand_over(event(dbid=1)).deliver()
    with world.store.database.write() as session:
        session.execute(update(ConnectionRow).values(package_since=utc_now() - timedelta(92)))
    world.org(field_changes={"Task.UniTalk_Call_Id__c": {"createable": False}})
    # The first write is refused, the answer to the second is lost.
    lose = {"kind": "lost_reply", "path": "composite/graph", "times": 1}
    after_a_write(world, lambda: world.control("POST", "/faults", lose))
    world.hand_over(event(dbid=2)).deliver().hurry().deliver()
    assert world.call(2).reason_code == "already.written"
    assert [one["CallObject"] for one in world.records("Task")] == [None, "UniTalk 2"]


def after_a_write(world, act):
    """Let `act` happen once the next write is answered."""

    def hook(response):
        if response.request.url.path.endswith("/composite/graph"):
            world.http.event_hooks = {}
            act()

    world.http.event_hooks = {"response": [hook]}


def test_another_user_of_the_app_has_the_org_described_anew(world):
    world.connect_alone().hand_over(event(dbid=1)).deliver()
    before = world.store.connections.get("acme").shape_read_at
    run_as = {"org": "Acme", "username": world.records("User")[1]["Username"]}
    world.own_app(client_credentials_user=run_as)
    world.control("POST", "/orgs/Acme/expire-sessions")
    for one in (2, 3):
        world.hand_over(event(dbid=one)).deliver()
    assert world.store.connections.get("acme").shape_read_at > before
