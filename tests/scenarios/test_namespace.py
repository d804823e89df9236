"""Our package as a managed one: its fields carry a namespace, and everything works as without."""

import pytest

from tests.helpers.events import event, outgoing
from tests.scenarios.helpers.world import World

CALL_KEY, RECORD_KEY = "unitalk__UniTalk_Call_Id__c", "unitalk__UniTalk_Key__c"
NUMBER = "+380505557182"


@pytest.fixture
def world(sqlite_url, embedded_redis_url, tmp_path):
    world = World(sqlite_url, embedded_redis_url, tmp_path)
    world.org(package=True, namespace="unitalk")
    yield world
    world.close()


def test_keys_are_written_under_the_names_of_the_org(world):
    world.connect(mode="opportunities").hand_over(event(dbid=275)).deliver()
    assert world.call(275).reason_code == "write.opportunity_created"
    assert world.one("Task")[CALL_KEY] == "275"
    assert world.one("Contact")[RECORD_KEY] == NUMBER
    assert world.one("Opportunity")[RECORD_KEY] == "275"
    assert "CallObject" not in world.one("Task") or not world.one("Task")["CallObject"]


def test_a_call_that_was_written_already_is_found_by_its_key(world):
    world.connect()
    task = world.plant("Task", Subject="Call", **{CALL_KEY: "275"})
    world.hand_over(event(dbid=275)).deliver()
    assert world.call(275).reason_code == "already.written"
    assert world.one("Task")["Id"] == task


def test_a_lead_that_holds_the_key_and_not_the_number_is_left_alone(world):
    world.connect()
    lead = world.plant("Lead", LastName="x", Company="x", **{RECORD_KEY: NUMBER})
    world.hand_over(event(dbid=275)).deliver()
    assert world.one("Task")["WhoId"] != lead
    assert {one[RECORD_KEY] for one in world.records("Lead")} == {NUMBER, f"{NUMBER}/{lead}"}


def test_a_lost_reply_writes_nothing_twice(world):
    world.connect()
    fault = {"kind": "lost_reply", "path": "composite/graph", "times": 1}
    world.control("POST", "/faults", fault)
    world.hand_over(event(dbid=275)).deliver()
    world.hurry()
    world.deliver()
    assert world.call(275).state == "done"
    assert len(world.records("Task")) == len(world.records("Lead")) == 1


def test_a_package_that_comes_with_a_namespace_later_is_noticed(world):
    world.org(package=False).connect().hand_over(event(dbid=1)).deliver()
    assert world.one("Task")["CallObject"] == "UniTalk 1"
    world.org(package=True, namespace="unitalk")
    world.store.shapes.forget("acme")
    world.hand_over(outgoing(dbid=2)).deliver()
    assert world.records("Task")[1][CALL_KEY] == "2"


def test_where_the_package_is_there_twice_both_keys_are_looked_for(world):
    local = {"name": "UniTalk_Call_Id__c", "label": "Call", "type": "string", "length": 255}
    world.org(custom_fields={"Task": [local]}).connect()
    world.plant("Task", Subject="Call", UniTalk_Call_Id__c="275")
    world.plant("Task", Subject="Call", **{CALL_KEY: "276"})
    world.hand_over(*(event(dbid=n) for n in (275, 276, 277))).deliver()
    assert [world.call(n).reason_code for n in (275, 276)] == ["already.written"] * 2
    *_, new = world.records("Task")
    assert (len(world.records("Task")), new[CALL_KEY]) == (3, "277")
