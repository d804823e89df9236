"""What somebody does in the org between our read and our write."""

import pytest

from tests.helpers.events import CLIENT, event

PLUS = f"+{CLIENT}"
OTHER = "380501112233"


def before_the_write(world, act):
    """Let `act` happen after the look-up, right before the next write."""

    def hook(request):
        if request.url.path.endswith("/composite/graph"):
            world.http.event_hooks = {}
            act()

    world.http.event_hooks = {"request": [hook]}


def known_lead(world, **fields):
    return world.plant("Lead", LastName="Known", Company="C", Phone=PLUS, **fields)


def convert(world, lead):
    world.control("POST", "/orgs/Acme/convert", {"lead": lead, "opportunity": True})


def test_a_lead_converted_meanwhile_counts_as_converted(world):
    lead = known_lead(world)
    world.connect(converted_lead="create")
    before_the_write(world, lambda: convert(world, lead))
    world.hand_over(event(dbid=1)).deliver()
    row = world.call(1)
    assert (row.state, row.reason_code) == ("done", "write.lead_created_again")
    (new,) = [one for one in world.records("Lead") if not one["IsConverted"]]
    assert world.one("Task")["WhoId"] == new["Id"]


def test_a_lead_converted_meanwhile_is_ignored_when_the_customer_says_so(world):
    lead = known_lead(world)
    world.connect(converted_lead="ignore")
    before_the_write(world, lambda: convert(world, lead))
    world.hand_over(event(dbid=1)).deliver()
    assert world.call(1).reason_code == "skip.lead_converted"
    assert world.records("Task") == []


def test_a_lead_that_got_our_key_and_was_converted_meanwhile_leads_to_its_contact(world):
    world.org(package=True).connect()
    before_the_write(world, lambda: convert(world, known_lead(world, UniTalk_Key__c=PLUS)))
    world.hand_over(event(dbid=1)).deliver()
    lead, task = world.one("Lead"), world.one("Task")
    assert world.call(1).reason_code == "write.converted_contact"
    assert task["WhoId"] == lead["ConvertedContactId"]
    assert task["WhatId"] == lead["ConvertedOpportunityId"]


def test_a_lead_deleted_meanwhile_is_created_anew(world):
    lead = known_lead(world)
    world.connect()
    before_the_write(world, lambda: world.control("DELETE", f"/orgs/Acme/records/Lead/{lead}"))
    world.hand_over(event(dbid=1), event(dbid=2)).deliver()
    new = world.one("Lead")["Id"]
    assert new != lead
    assert [task["WhoId"] for task in world.records("Task")] == [new, new]


def test_an_opportunity_deleted_meanwhile_makes_room_for_another(world):
    person = world.plant("Contact", LastName="Known", Phone=PLUS)
    deal = world.plant(
        "Opportunity", Name="Deal", StageName="Prospecting", CloseDate="2030-01-31",
        ContactId=person,
    )  # fmt: skip
    world.connect(mode="opportunities")
    address = f"/orgs/Acme/records/Opportunity/{deal}"
    before_the_write(world, lambda: world.control("DELETE", address))
    world.hand_over(event(dbid=1)).deliver()
    new, task = world.one("Opportunity")["Id"], world.one("Task")
    assert new != deal
    assert (task["WhoId"], task["WhatId"]) == (person, new)


def test_a_call_that_another_wrote_meanwhile_is_done_and_spoils_no_neighbour(world):
    world.org(package=True).connect()
    key = {"Subject": "Call", "UniTalk_Call_Id__c": "1"}
    before_the_write(world, lambda: world.plant("Task", **key))
    world.hand_over(event(dbid=1), event(dbid=2, **{"from": OTHER})).deliver()
    first, second = world.records("Task")
    row = world.call(1)
    assert (row.state, row.reason_code) == ("done", "already.written")
    assert row.written == {"task": first["Id"], "records": []}
    assert world.call(2).written["task"] == second["Id"]
    assert world.call(2).reason_code == "write.lead_created"


@pytest.mark.parametrize(("field", "times"), [("UniTalk_Call_Id__c", 1), ("<unknown>", 2)])
def test_a_call_on_a_task_that_we_may_not_see_is_done_all_the_same(world, field, times):
    world.org(package=True).connect()
    hidden = f"duplicate value found: {field} duplicates value on record with id: <unknown>"
    world.control(
        "POST", "/faults",
        {"kind": "error", "object": "Task", "code": "DUPLICATE_VALUE", "status": 400,
         "message": hidden, "times": times},
    )  # fmt: skip
    world.hand_over(event(dbid=1)).deliver()
    row = world.call(1)
    assert (row.state, row.reason_code) == ("done", "already.written")
    assert row.written == {"task": "", "records": []}


def test_a_package_removed_meanwhile_costs_the_key_not_the_call(world):
    world.org(package=True).connect().hand_over(event(dbid=1)).deliver()
    before_the_write(world, lambda: world.org(package=False))
    world.hand_over(event(dbid=2)).deliver()
    assert world.call(2).state == "done"
    assert len(world.records("Task")) == 2
    assert world.records("Task")[1]["CallObject"]


def test_the_country_put_right_before_a_delivery_decides_whose_number_it_is(world):
    world.connect(region="UA").hand_over(event(dbid=1, **{"from": "0671112233"}))
    world.choose(region="DE").deliver()
    assert world.one("Lead")["Phone"] == world.call(1).number == "+49671112233"
