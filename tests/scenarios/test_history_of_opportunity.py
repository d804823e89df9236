"""An opportunity shows all calls with its number, those from before it came, too."""

from tests.helpers.events import event, outgoing


def tasks(world):
    return world.records("Task")


def three_logged_calls(world):
    """On a contact alone: the mode was another then."""
    world.connect(mode="contacts")
    world.hand_over(*(event(dbid=n) for n in (1, 2, 3))).deliver()
    assert {one["WhatId"] for one in tasks(world)} == {None}
    return world.choose(mode="opportunities")


def test_the_opportunity_created_after_three_calls_shows_all_four(world):
    three_logged_calls(world).hand_over(event(dbid=4)).deliver()
    deal = world.one("Opportunity")["Id"]
    assert [one["WhatId"] for one in tasks(world)] == [deal] * 4
    assert ["opportunity.history", {"count": "3"}] in world.call(4).trace["steps"]
    assert [one[0] for one in world.call(4).written["records"]] == ["Opportunity", "Task"]


def test_a_task_that_somebody_related_elsewhere_stays(world):
    three_logged_calls(world)
    account = world.plant("Account", Name="Elsewhere")
    moved, left, _ = tasks(world)
    world.control("PATCH", f"/orgs/Acme/records/Task/{moved['Id']}", {"WhatId": account})
    own = world.plant("Task", Subject="Mine", WhoId=left["WhoId"])
    world.hand_over(event(dbid=4)).deliver()
    deal = world.one("Opportunity")["Id"]
    related = {one["Id"]: one["WhatId"] for one in tasks(world)}
    assert (related[moved["Id"]], related[own], related[left["Id"]]) == (account, None, deal)


def test_an_open_opportunity_that_is_first_used_gets_them_too(world):
    three_logged_calls(world)
    contact = world.one("Contact")["Id"]
    deal = world.plant(
        "Opportunity", Name="Theirs", StageName="Prospecting", CloseDate="2030-01-01"
    )
    world.plant("OpportunityContactRole", OpportunityId=deal, ContactId=contact)
    world.hand_over(event(dbid=4)).deliver().hand_over(event(dbid=5)).deliver()
    assert [one["WhatId"] for one in tasks(world)] == [deal] * 5
    assert "opportunity.history" not in [code for code, _ in world.call(5).trace["steps"]]


def test_calls_of_one_batch_join_what_a_later_one_creates(world):
    world.connect(mode="opportunities")
    world.plant("Contact", LastName="Known", Phone="+380505557182")
    world.hand_over(outgoing(dbid=1), event(dbid=2)).deliver()
    assert world.call(1).reason_code == "write.contact_only"
    assert [one["WhatId"] for one in tasks(world)] == [world.one("Opportunity")["Id"]] * 2


def test_only_the_fifty_newest_of_ninety_days_join(world):
    world.connect(mode="opportunities")
    contact = world.plant("Contact", LastName="Known", Phone="+380505557182")
    old = [{"Subject": "Call", "WhoId": contact, "CallObject": f"UniTalk x{n}"} for n in range(55)]
    old[0]["CreatedDate"] = "2020-01-01T00:00:00.000+0000"
    world.control("POST", "/orgs/Acme/records/Task", old)
    before = world.control("GET", "/orgs/Acme/counters")["api_calls"]
    world.hand_over(event(dbid=1)).deliver()
    joined = [one for one in tasks(world) if one["WhatId"]]
    assert len(joined) == 50 + 1
    assert tasks(world)[0]["WhatId"] is None
    shape, look_up, write = 1, 1, 1
    after = world.control("GET", "/orgs/Acme/counters")["api_calls"]
    assert after - before == shape + look_up + write


def test_one_that_is_locked_stays_and_costs_nobody_the_call(world):
    three_logged_calls(world)
    locked = tasks(world)[1]["Id"]
    rule = {
        "object": "Task",
        "when": f"Id = '{locked}'",
        "message": "locked",
        "field": "WhatId",
    }
    world.org(validation_rules=[rule]).hand_over(event(dbid=4)).deliver()
    assert world.call(4).state == "done"
    related = {one["Id"]: one["WhatId"] for one in tasks(world)}
    assert related.pop(locked) is None
    assert set(related.values()) == {world.one("Opportunity")["Id"]}


def test_an_org_that_keeps_completed_tasks_costs_nobody_the_call(world):
    world.connect(mode="opportunities")
    contact = world.plant("Contact", LastName="Known", Phone="+380505557182")
    old = [{"Subject": "Call", "WhoId": contact, "CallObject": f"UniTalk x{n}"} for n in range(30)]
    world.control("POST", "/orgs/Acme/records/Task", old)
    rule = {"object": "Task", "when": "Subject = 'Call'", "message": "Completed ones stay."}
    world.org(validation_rules=[rule])
    before = world.control("GET", "/orgs/Acme/counters")["api_calls"]
    world.hand_over(event(dbid=1)).deliver()
    assert world.call(1).state == "done"
    assert [one["WhatId"] for one in tasks(world)][:-1] == [None] * 30
    assert tasks(world)[-1]["WhatId"] == world.one("Opportunity")["Id"]
    shape, attempts = 1, 3
    after = world.control("GET", "/orgs/Acme/counters")["api_calls"]
    assert after - before == shape + attempts * 2


def test_where_what_cannot_be_changed_nothing_joins(world):
    three_logged_calls(world)
    world.org(field_changes={"Task.WhatId": {"updateable": False}})
    world.store.shapes.forget("acme")
    world.hand_over(event(dbid=4)).deliver()
    assert world.call(4).state == "done"
    assert [one["WhatId"] for one in tasks(world)][:3] == [None] * 3


def test_a_task_that_tells_the_owner_is_no_call(world):
    anna, bohdan, _ = world.users()
    world.connect(mode="contacts", tell_owner=True, lines=({"line": "2000", "user_id": anna},))
    world.plant("Contact", LastName="Known", Phone="+380505557182", OwnerId=bohdan)
    world.hand_over(event(dbid=1)).deliver()
    assert len(tasks(world)) == 2
    world.choose(mode="opportunities", tell_owner=False).hand_over(event(dbid=2)).deliver()
    assert ["opportunity.history", {"count": "1"}] in world.call(2).trace["steps"]
    deal = world.one("Opportunity")["Id"]
    related = {one["Subject"].partition(":")[0]: one["WhatId"] for one in tasks(world)}
    assert related.pop(next(one for one in related if one.startswith("Your client"))) is None
    assert set(related.values()) == {deal}
