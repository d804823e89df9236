"""A colleague answered: the owner's own Task, written once, and never at the call's cost."""

import pytest

from tests.helpers.events import CLIENT, event


def tell(world, **policy):
    """Bohdan answers what comes in on line 2000; the client is Clara's. Returns both."""
    bohdan, clara = world.users()[1:]
    world.plant("Lead", LastName="L", Company="C", Phone=CLIENT, OwnerId=clara)
    world.connect(lines=({"line": "2000", "user_id": bohdan},), tell_owner=True, **policy)
    return bohdan, clara


def test_the_owner_gets_a_task_of_their_own(world):
    bohdan, clara = tell(world, missed_task_due_minutes=30)
    world.hand_over(event(dbid=1)).deliver()
    told, own = world.records("Task")
    assert (own["OwnerId"], own["Status"], own["Subject"]) == (
        bohdan,
        "Completed",
        f"Incoming call +{CLIENT}",
    )
    assert told["OwnerId"] == clara
    assert told["Status"] == "Not Started"
    assert told["Subject"] == f"Your client spoke with Bohdan Shevchenko: +{CLIENT}"
    assert told["WhoId"] == own["WhoId"] == world.one("Lead")["Id"]
    assert told["Description"] == own["Description"]
    assert "Recording: https://api.unitalk.cloud" in told["Description"]
    assert told["ActivityDate"] == "2026-07-09"
    assert told["ReminderDateTime"].startswith("2026-07-09T14:28:52")
    assert (told.get("CallType"), told.get("CallDurationInSeconds")) == (None, None)
    row = world.call(1)
    assert (row.reason_code, row.written["task"]) == ("write.lead_found", own["Id"])
    assert [[one[1], one[2]] for one in row.written["records"]] == [
        [told["Id"], True],
        [own["Id"], True],
    ]
    assert "task.owner_told" in [code for code, _ in row.trace["steps"]]


def test_a_lost_reply_doubles_neither_task(world):
    tell(world)
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "/composite/graph"})
    world.hand_over(event(dbid=1)).deliver().hurry().deliver()
    assert world.call(1).state == "done"
    assert len(world.records("Task")) == 2


def test_two_calls_of_one_batch_tell_twice(world):
    tell(world)
    world.hand_over(event(dbid=1), event(dbid=2)).deliver()
    assert len(world.records("Task")) == 4


RULES = [
    {"object": "Task", "when": "Subject LIKE 'Your client%'", "message": "no such tasks"},
    {"object": "Task", "when": "Status = 'Not Started'", "message": "no", "field": "Status"},
]


@pytest.mark.parametrize("rule", RULES)
def test_what_salesforce_refuses_costs_nobody_the_call(world, rule):
    tell(world)
    world.org(validation_rules=[rule]).hand_over(event(dbid=1)).deliver()
    row = world.call(1)
    assert (row.state, row.reason_code) == ("done", "write.lead_found")
    assert world.one("Task")["Id"] == row.written["task"]
    assert "task.owner_not_told" in [code for code, _ in row.trace["steps"]]


def test_an_owner_who_left_meanwhile_is_not_told(world):
    _, clara = tell(world)
    world.hand_over(event(dbid=1)).deliver()
    world.control("PATCH", f"/orgs/Acme/records/User/{clara}", {"IsActive": False})
    world.hand_over(event(dbid=2)).deliver()
    row = world.call(2)
    assert row.state == "done"
    assert len(world.records("Task")) == 3
    assert "task.nobody_to_tell" in [code for code, _ in row.trace["steps"]]


def test_a_task_that_stands_there_already_costs_nobody_the_call(world):
    """Somebody deleted the call's own Task of an earlier write, and left the owner's."""
    tell(world)
    world.hand_over(event(dbid=1)).deliver()
    told, own = world.records("Task")
    world.control("DELETE", f"/orgs/Acme/records/Task/{own['Id']}")
    key = "UniTalk_Call_Id__c" if told.get("UniTalk_Call_Id__c") else "CallObject"
    world.control(
        "PATCH", f"/orgs/Acme/records/Task/{told['Id']}", {key: told[key].replace("1/", "2/")}
    )
    world.hand_over(event(dbid=2)).deliver()
    assert world.call(2).state == "done"
    logged = [one for one in world.records("Task") if one["Id"] == world.call(2).written["task"]]
    assert logged[0]["Status"] == "Completed"
