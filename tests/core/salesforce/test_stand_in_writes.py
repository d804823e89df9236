"""Writing into the stand-in org: what stands there afterwards, and what is learnt from a no."""

import pytest

from core.facts import Lessons, OrgShape
from core.plan import Create, Plan, Receipt, Ref, Update, Verdict
from core.salesforce.errors import ConnectionDead, Paused, Transient
from core.salesforce.shape import read_shape
from core.salesforce.write import apply
from tests.core.salesforce.helpers.graphs import NUMBER, plan, task
from tests.core.salesforce.helpers.stand_in import StandIn


def write(org: StandIn, *plans: Plan, shape: OrgShape | None = None) -> list[Receipt]:
    return apply(org.client, shape or read_shape(org.client), plans)


def one(org: StandIn, *steps: Create | Update) -> Receipt:
    (receipt,) = write(org, plan(1, *steps))
    return receipt


def lead_of(number: str, call_id: int = 1, **fields: object) -> Create:
    values = {"LastName": number, "Company": "Unknown", "Phone": number, **fields}
    own = frozenset(name for name in fields if name.endswith("__c"))
    return Create(f"lead{call_id}", "Lead", values, own=own)


def test_a_new_lead_and_its_call(org: StandIn) -> None:
    bohdan = org.control("GET", "/orgs/Acme")["users"][1]["Id"]
    shape = read_shape(org.client)
    before = org.client.calls
    logged = task(1, Ref("lead1"), OwnerId=bohdan, CallType="Inbound", CallDurationInSeconds=9)
    (receipt,) = write(org, plan(1, lead_of(NUMBER, OwnerId=bohdan), logged), shape=shape)
    assert org.client.calls == before + 1
    (lead,), (done,) = org.records("Lead"), org.records("Task")
    assert receipt.verdict is Verdict.DONE
    assert receipt.task_id == done["Id"]
    assert [(w.object, w.id, w.created) for w in receipt.records] == [
        ("Lead", lead["Id"], True),
        ("Task", done["Id"], True),
    ]
    assert (lead["LastName"], lead["OwnerId"]) == (NUMBER, bohdan)
    assert (done["WhoId"], done["OwnerId"]) == (lead["Id"], bohdan)
    assert (done["CallType"], done["CallDurationInSeconds"]) == ("Inbound", 9)
    assert done["UniTalk_Call_Id__c"] == "k1"


def test_the_owner_we_chose_stays_whatever_the_assignment_rule(org: StandIn) -> None:
    anna, bohdan = (user["Id"] for user in org.control("GET", "/orgs/Acme")["users"][:2])
    org.switch(assignment_owner=bohdan)
    one(org, lead_of(NUMBER, OwnerId=anna), task(1, Ref("lead1")))
    (lead,) = org.records("Lead")
    assert lead["OwnerId"] == anna
    one(org, Update("lead2", "Lead", lead["Id"], {"Rating": "Hot"}), task(2, lead["Id"]))
    (lead,) = org.records("Lead")
    assert (lead["OwnerId"], lead["Rating"]) == (anna, "Hot")


def test_a_contact_its_opportunity_and_the_call(org: StandIn) -> None:
    contact = Create("contact1", "Contact", {"LastName": NUMBER, "Phone": NUMBER})
    deal = Create(
        "deal1",
        "Opportunity",
        {
            "Name": "Deal",
            "StageName": "Prospecting",
            "CloseDate": "2030-01-01",
            "ContactId": Ref("contact1"),
        },
    )
    receipt = one(org, contact, deal, task(1, Ref("contact1"), WhatId=Ref("deal1")))
    assert receipt.verdict is Verdict.DONE
    (role,), (done,) = org.records("OpportunityContactRole"), org.records("Task")
    assert (role["ContactId"], role["IsPrimary"]) == (receipt.records[0].id, True)
    assert done["WhatId"] == role["OpportunityId"] == receipt.records[1].id


def test_a_backlog_of_75_is_one_write(org: StandIn) -> None:
    plans = [
        plan(n, lead_of(f"+38044{n:07d}", n), task(n, Ref(f"lead{n}")), number=f"+38044{n:07d}")
        for n in range(75)
    ]
    shape = read_shape(org.client)
    before = org.client.calls
    receipts = write(org, *plans, shape=shape)
    assert org.client.calls == before + 1
    assert {receipt.verdict for receipt in receipts} == {Verdict.DONE}
    assert len({receipt.task_id for receipt in receipts}) == len(org.records("Task")) == 75


def test_a_lost_reply_is_recognised_by_the_look_up(org: StandIn) -> None:
    shape = read_shape(org.client)
    org.fault("lost_reply", path="graph")
    made = plan(1, lead_of(NUMBER), task(1, Ref("lead1")))
    with pytest.raises(Transient):
        write(org, made, shape=shape)
    (done,) = org.records("Task")
    assert org.look_up([NUMBER], ["k1"]).tasks == {"k1": done["Id"]}
    (again,) = write(org, made, shape=shape)
    assert (again.verdict, again.task_id) == (Verdict.DONE, done["Id"])
    assert len(org.records("Lead")) == len(org.records("Task")) == 1


def test_only_the_call_that_was_written_is_done(org: StandIn) -> None:
    lead = org.add("Lead", LastName="Ivan", Company="Acme")
    known = org.add("Task", Subject="Call", UniTalk_Call_Id__c="k1", WhoId=lead)
    first, second = write(org, plan(1, task(1, lead)), plan(2, task(2, lead)))
    assert (first.verdict, first.task_id) == (Verdict.DONE, known)
    assert second.verdict is Verdict.AGAIN
    assert len(org.records("Task")) == 1


def test_a_record_with_our_key(org: StandIn) -> None:
    lead = org.add("Lead", LastName="Ivan", Company="Acme", UniTalk_Key__c=NUMBER)
    receipt = one(org, lead_of(NUMBER, UniTalk_Key__c=NUMBER), task(1, Ref("lead1")))
    assert (receipt.verdict, receipt.lessons) == (Verdict.AGAIN, Lessons(use=frozenset({lead})))


@pytest.mark.parametrize("action", ["alert", "block"])
def test_a_duplicate_rule(org: StandIn, action: str) -> None:
    contact = org.add("Contact", LastName="Ivan", Phone=NUMBER)
    rule = {"object": "Lead", "action": action, "against": ["Contact"], "match": ["Phone"]}
    org.switch(duplicate_rules=[rule])
    receipt = one(org, lead_of(NUMBER), task(1, Ref("lead1")))
    assert (receipt.verdict, receipt.lessons) == (Verdict.AGAIN, Lessons(use=frozenset({contact})))
    assert org.records("Lead") == []


def test_a_validation_rule_in_its_own_words_harms_nobody_else(org: StandIn) -> None:
    rule = {"object": "Lead", "when": "Company = 'Unknown'", "message": "Яка компанія?"}
    org.switch(validation_rules=[rule])
    bad, good = write(
        org,
        plan(1, lead_of(NUMBER), task(1, Ref("lead1"))),
        plan(2, lead_of("+2", 2, Company="Acme"), task(2, Ref("lead2")), number="+2"),
    )
    assert (bad.verdict, good.verdict) == (Verdict.ATTENTION, Verdict.DONE)
    assert bad.reason.params["message"] == "Яка компанія?"
    assert bad.reason.params["code"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"name": "Own__c", "type": "string", "length": 5}, "far too long"),
        ({"name": "Own__c", "type": "int"}, "seven"),
        ({"name": "Own__c", "type": "email"}, "nobody"),
        (
            {
                "name": "Own__c",
                "type": "picklist",
                "restrictedPicklist": True,
                "picklistValues": [
                    {"value": "A", "label": "A", "active": True, "defaultValue": False}
                ],
            },
            "B",
        ),
        ({"name": "Own__c", "type": "string", "createable": False}, "x"),
        (None, "x"),
    ],
)
def test_a_broken_own_field_is_left_out(
    org: StandIn, field: dict[str, object] | None, value: str
) -> None:
    if field:
        org.control("POST", "/orgs/Acme/fields", {"object": "Lead", **field})
    receipt = one(org, lead_of(NUMBER, Own__c=value), task(1, Ref("lead1")))
    assert receipt.verdict is Verdict.AGAIN, receipt
    assert receipt.lessons == Lessons(leave_out_own=frozenset({"Lead.Own__c"}))


def test_an_inactive_owner(org: StandIn) -> None:
    bohdan = org.control("GET", "/orgs/Acme")["users"][1]["Id"]
    org.control("PATCH", f"/orgs/Acme/records/User/{bohdan}", {"IsActive": False})
    expected = (Verdict.AGAIN, Lessons(not_owner=frozenset({bohdan})))
    by_lead = one(org, lead_of(NUMBER, OwnerId=bohdan), task(1, Ref("lead1")))
    assert (by_lead.verdict, by_lead.lessons) == expected
    by_task = one(org, lead_of(NUMBER), task(1, Ref("lead1"), OwnerId=bohdan))
    assert (by_task.verdict, by_task.lessons) == expected


def test_records_gone_meanwhile_are_avoided(org: StandIn) -> None:
    deleted = org.add("Lead", LastName="Deleted", Company="Acme")
    converted = org.add("Lead", LastName="Converted", Company="Acme")
    org.control("DELETE", f"/orgs/Acme/records/Lead/{deleted}")
    org.control("POST", "/orgs/Acme/convert", {"lead": converted})
    for lead in (deleted, converted):
        expected = (Verdict.AGAIN, Lessons(avoid=frozenset({lead})))
        logged = one(org, task(1, lead))
        assert (logged.verdict, logged.lessons) == expected
        change = Update("lead1", "Lead", lead, {"Rating": "Hot"})
        changed = one(org, change, task(1, lead))
        assert (changed.verdict, changed.lessons) == expected


def test_a_lock_passes(org: StandIn) -> None:
    org.fault("lock", object="Task")
    steps = (lead_of(NUMBER), task(1, Ref("lead1")))
    assert one(org, *steps).verdict is Verdict.LATER
    assert org.records("Lead") == []
    assert one(org, *steps).verdict is Verdict.DONE


def test_after_14_failed_graphs_the_rest_is_not_lost(org: StandIn) -> None:
    plans = [
        plan(n, lead_of(f"+{n}", n, Company="" if n < 14 else "x"), task(n, Ref(f"lead{n}")))
        for n in range(20)
    ]
    apart = [Plan(**{**vars(one), "number": f"+{n}"}) for n, one in enumerate(plans)]
    found = [receipt.verdict for receipt in write(org, *apart)]
    assert found[:14] == [Verdict.ATTENTION] * 14
    assert set(found[14:]) <= {Verdict.AGAIN, Verdict.DONE}


def test_what_concerns_the_whole_org(org: StandIn) -> None:
    shape = read_shape(org.client)
    steps = plan(1, lead_of(NUMBER), task(1, Ref("lead1")))
    for kind, error in (("limit", Paused), ("unavailable", Transient), ("cut", Transient)):
        org.fault(kind)
        with pytest.raises(error):
            write(org, steps, shape=shape)
    org.switch(api_enabled=False)
    with pytest.raises(ConnectionDead):
        write(org, steps, shape=shape)
    assert org.records("Lead") == []


def test_a_full_store_is_waited_out(org: StandIn) -> None:
    shape = read_shape(org.client)
    org.switch(storage_full=True)
    steps = plan(1, lead_of(NUMBER), task(1, Ref("lead1")))
    (receipt,) = write(org, steps, shape=shape)
    assert (receipt.verdict, receipt.reason.code) == (Verdict.LATER, "connection.storage")


def test_without_the_package(org: StandIn) -> None:
    org.switch(package=False)
    fields = {"Subject": "Call", "WhoId": Ref("lead1"), "CallObject": "UniTalk k1"}
    logged = Create("task1", "Task", fields)
    receipt = one(org, lead_of(NUMBER), logged)
    assert receipt.verdict is Verdict.DONE
    assert org.look_up([NUMBER], ["k1"]).tasks == {"k1": receipt.task_id}
    org.switch(package=True)
    assert org.look_up([NUMBER], ["k1"]).tasks == {"k1": receipt.task_id}


def test_text_that_looks_like_a_reference(org: StandIn) -> None:
    receipt = one(org, lead_of(NUMBER), task(1, Ref("lead1"), Description="@{lead1.id} @{no.such}"))
    assert receipt.verdict is Verdict.DONE
    assert org.records("Task")[0]["Description"] == "@ {lead1.id} @ {no.such}"
