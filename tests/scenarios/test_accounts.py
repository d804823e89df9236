"""New contacts go under no account, under one for all, or each under one of its own."""

import pytest

from core.models import CallState
from tests.helpers.events import CLIENT, event, outgoing

EACH = {"mode": "contacts", "contact_account_id": "each"}
NAME = "+380 50 555 7182"


def reasons(world, key):
    return [code for code, _ in world.call(key).trace["steps"]]


def test_each_new_contact_gets_an_account_named_as_itself(world):
    bohdan = world.users()[1]
    world.connect(**EACH, lines=({"line": "2000", "user_id": bohdan},))
    world.hand_over(event(dbid=1), event(dbid=2)).deliver()
    account, contact = world.one("Account"), world.one("Contact")
    assert (account["Name"], contact["LastName"]) == (NAME, NAME)
    assert contact["AccountId"] == account["Id"]
    assert account["OwnerId"] == contact["OwnerId"] == bohdan
    assert [task["WhoId"] for task in world.records("Task")] == [contact["Id"]] * 2
    told = [(name, created, said) for name, _, created, said in world.call(1).written["records"]]
    assert told[:2] == [("Account", True, NAME), ("Contact", True, NAME)]


def test_its_opportunity_goes_under_it(world):
    world.connect(mode="opportunities", contact_account_id="each")
    world.hand_over(event(dbid=1)).deliver()
    assert world.one("Opportunity")["AccountId"] == world.one("Account")["Id"]


def test_a_lost_reply_doubles_neither(world):
    world.connect(**EACH)
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "graph"})
    world.hand_over(event(dbid=1)).deliver()
    world.hurry().deliver()
    assert world.call(1).reason_code == "already.written"
    assert world.one("Contact")["AccountId"] == world.one("Account")["Id"]


def test_a_contact_that_is_refused_leaves_no_account_behind(world):
    rule = {"object": "Contact", "when": "LastName != null", "message": "No contacts today"}
    world.org(validation_rules=[rule]).connect(**EACH).hand_over(event(dbid=1)).deliver()
    assert world.call(1).state == CallState.ATTENTION
    assert world.records("Account") == world.records("Contact") == []


@pytest.mark.parametrize(
    "refusal",
    [
        {"field_changes": {"Account.Name": {"createable": False}}},
        {"validation_rules": [{"object": "Account", "when": "Name != null", "message": "No"}]},
        {
            "custom_fields": {
                "Account": [
                    {
                        "name": "Tax__c",
                        "label": "Tax",
                        "type": "string",
                        "length": 20,
                        "nillable": False,
                    }
                ]
            }
        },
    ],
    ids=["no right", "validation rule", "required field"],
)
def test_where_salesforce_takes_no_account_the_contact_goes_without(world, refusal):
    world.org(**refusal).connect(**EACH).hand_over(event(dbid=1)).deliver()
    assert world.call(1).state == CallState.DONE
    assert "contact.no_account_of_its_own" in reasons(world, 1)
    assert world.records("Account") == []
    contact = world.one("Contact")
    assert contact.get("AccountId") is None
    assert world.one("Task")["WhoId"] == contact["Id"]


def test_in_an_org_that_shares_nothing_all_three_end_with_their_owner(world):
    bohdan = world.users()[1]
    world.org(sharing="private", view_all=[])
    world.connect(
        mode="opportunities", contact_account_id="each",
        lines=({"line": "2000", "user_id": bohdan},),
    )  # fmt: skip
    world.hand_over(event(dbid=1)).deliver()
    assert world.call(1).state == CallState.DONE, world.call(1).reason_params
    account, contact, deal = (world.one(name) for name in ("Account", "Contact", "Opportunity"))
    assert {account["OwnerId"], contact["OwnerId"], deal["OwnerId"]} == {bohdan}
    assert contact["AccountId"] == deal["AccountId"] == account["Id"]
    task = world.one("Task")
    assert (task["WhoId"], task["WhatId"], task["OwnerId"]) == (contact["Id"], deal["Id"], bohdan)


def test_an_outgoing_call_that_creates_nothing_creates_no_account(world):
    world.connect(**EACH).hand_over(outgoing(dbid=1, to=[CLIENT])).deliver()
    assert world.call(1).reason_code == "skip.outgoing_unknown"
    assert world.records("Account") == []


def test_with_person_accounts_a_contact_of_a_company_is_still_a_contact(world):
    world.org(person_accounts=True).connect(**EACH).hand_over(event(dbid=1)).deliver()
    contact = world.one("Contact")
    assert (contact["AccountId"], contact["IsPersonAccount"]) == (world.one("Account")["Id"], False)
