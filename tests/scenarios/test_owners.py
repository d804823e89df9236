"""Whose records and Tasks are: lines, missed calls with turns, and who steps in."""

from tests.helpers.events import CLIENT, OUTER, event, missed, outgoing


def line(number, user):
    return {"line": number, "user_id": user}


def missed_row(*users, external_line=""):
    return {"id": 0, "external_line": external_line, "user_ids": users}


def test_the_line_that_answered_owns_the_lead_and_the_task(world):
    bohdan, clara = world.users()[1:]
    world.connect(lines=(line("2000", bohdan), line("2001", clara)))
    world.hand_over(event(dbid=1, to=["2000", "2001"])).deliver()
    assert world.one("Lead")["OwnerId"] == clara
    assert world.one("Task")["OwnerId"] == clara
    assert "Clara Novak (2001)" in world.one("Task")["Description"]


def test_an_assignment_rule_does_not_replace_the_owner(world):
    bohdan, clara = world.users()[1:]
    world.org(assignment_owner=clara).connect(lines=(line("2000", bohdan),))
    world.hand_over(event(dbid=1)).deliver()
    assert world.one("Lead")["OwnerId"] == bohdan


def test_an_unmapped_line_falls_to_the_default_and_is_offered(world):
    bohdan = world.users()[1]
    world.connect(default_responsible=bohdan).hand_over(event(dbid=1)).deliver()
    assert world.one("Task")["OwnerId"] == bohdan
    assert world.call(1).unmapped_line == "2000"


def test_missed_calls_take_turns_and_are_open_tasks(world):
    bohdan, clara = world.users()[1:]
    world.connect(missed_calls=(missed_row(bohdan, clara),), missed_task_due_minutes=30)
    clients = [{"from": f"38050555718{n}"} for n in range(4)]
    world.hand_over(*(missed(dbid=n, **clients[n]) for n in range(3))).deliver()
    tasks = world.records("Task")
    assert [task["OwnerId"] for task in tasks] == [bohdan, clara, bohdan]
    assert {task["Status"] for task in tasks} == {"Not Started"}
    assert [lead["OwnerId"] for lead in world.records("Lead")] == [bohdan, clara, bohdan]
    world.hand_over(missed(dbid=3, **clients[3])).deliver()
    assert world.records("Task")[3]["OwnerId"] == clara, "turns outlive the batch"


SITE = {"outerNumber": "site.ua", "from": "380441112233"}


def test_a_specific_external_line_comes_before_any(world):
    bohdan, clara = world.users()[1:]
    world.connect(missed_calls=(missed_row(bohdan), missed_row(clara, external_line=OUTER)))
    world.hand_over(missed(dbid=1), missed(dbid=2, **SITE)).deliver()
    assert [task["OwnerId"] for task in world.records("Task")] == [clara, bohdan]


def test_an_existing_records_owner_never_changes(world):
    bohdan, clara = world.users()[1:]
    world.plant("Lead", LastName="L", Company="C", Phone=CLIENT, OwnerId=clara)
    world.connect(lines=(line("2000", bohdan),)).hand_over(event(dbid=1)).deliver()
    assert world.one("Lead")["OwnerId"] == clara
    assert world.one("Task")["OwnerId"] == bohdan


def test_a_missed_call_with_nobody_responsible_goes_to_the_records_owner(world):
    clara = world.users()[2]
    world.plant("Lead", LastName="L", Company="C", Phone=CLIENT, OwnerId=clara)
    world.connect().hand_over(missed(dbid=1)).deliver()
    task = world.one("Task")
    assert (task["OwnerId"], task["Status"]) == (clara, "Completed")


def test_a_lead_in_a_queue_leaves_the_task_to_a_person(world):
    bohdan = world.users()[1]
    queue = world.records("Group")[0]["Id"]
    world.plant("Lead", LastName="L", Company="C", Phone=CLIENT, OwnerId=queue)
    world.connect(default_responsible=bohdan).hand_over(missed(dbid=1)).deliver()
    assert world.one("Task")["OwnerId"] == bohdan


def test_a_user_who_left_is_passed_over_even_when_the_page_did_not_know(world):
    bohdan, clara = world.users()[1:]
    world.connect(lines=(line("2000", bohdan),), default_responsible=clara)
    world.hand_over(event(dbid=1)).deliver()
    assert world.one("Lead")["OwnerId"] == bohdan
    world.control("PATCH", f"/orgs/Acme/records/User/{bohdan}", {"IsActive": False})
    world.hand_over(outgoing(dbid=2)).deliver()
    assert world.call(2).state == "done"
    assert world.records("Task")[1]["OwnerId"] == clara
