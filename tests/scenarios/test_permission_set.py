"""A user with our permission set and nothing else: calls are written as by an administrator.

The org shows what the package's permission set grants, and shares nothing.
"""

import pytest

from core.policy import EACH_ITS_OWN
from core.salesforce.shape import OBJECTS
from sandbox.schema import standard_objects
from tests.helpers.events import OUTER, event, missed
from tests.package.helpers.metadata import NAMESPACE
from tests.package.helpers.source import SOURCE, read, text, texts
from tests.package.helpers.touched import can_be_granted

NUMBER = "+380505557182"
SET = read(SOURCE / "permissionsets" / "UniTalk_Integration.permissionset-meta.xml")
SEES_ALL = [
    text(one, "object")
    for one in SET.iter(NAMESPACE + "objectPermissions")
    if text(one, "viewAllRecords") == "true"
]
HIDDEN = [
    name
    for object_name in OBJECTS
    for field in standard_objects()[object_name]["fields"]
    for name in [f"{object_name}.{field['name']}"]
    if can_be_granted(name) and field.get("nillable", True) and name not in texts(SET, "field")
]


@pytest.fixture
def colleague(world):
    """Anna connects with the set alone; the id of a colleague, who owns what is planted."""
    world.org(sharing="private", view_all=SEES_ALL, hidden_fields=HIDDEN)
    return world.users()[1]


def test_much_is_hidden_and_nothing_that_we_need():
    assert "Lead.Email" in HIDDEN
    assert "Task.WhoId" not in HIDDEN


def test_a_colleagues_lead_is_found(world, colleague):
    lead = world.plant("Lead", LastName="Known", Company="x", Fax=NUMBER, OwnerId=colleague)
    world.connect(phone_fields=("Lead.Phone", "Lead.Fax"))
    world.hand_over(event(dbid=1)).deliver()
    assert [one["Id"] for one in world.records("Lead")] == [lead]
    assert (world.one("Task")["WhoId"], world.call(1).state) == (lead, "done")


def test_a_new_lead_and_its_task_hold_everything(world, colleague):
    line = {"line": "2000", "user_id": colleague}
    world.connect(lines=[line], missed_calls=[{"id": 1, "user_ids": [world.users()[0]]}])
    world.hand_over(event(dbid=1), missed(dbid=2, date="2026-07-09 17:58:52")).deliver()
    lead, (talk, silent) = world.one("Lead"), world.records("Task")
    assert (lead["Phone"], lead["OwnerId"]) == (NUMBER, colleague)
    assert [one["WhoId"] for one in (talk, silent)] == [lead["Id"]] * 2
    assert (talk["CallType"], talk["CallDurationInSeconds"]) == ("Inbound", 9)
    assert OUTER in talk["Description"]
    assert (talk["ActivityDate"], silent["IsReminderSet"]) == ("2026-07-09", True)
    if "UniTalk_Call_Id__c" in talk:
        assert [talk[f"UniTalk_{name}__c"] for name in ("Call_Id", "External_Line")] == ["1", OUTER]
    assert "field.left_out" not in str(world.call(1).trace)


def test_a_colleagues_contact_and_opportunity_are_found(world, colleague):
    account = world.plant("Account", Name="Acme", OwnerId=colleague)
    contact = world.plant(
        "Contact", LastName="Known", OtherPhone=NUMBER, AccountId=account, OwnerId=colleague
    )
    world.connect(mode="opportunities", phone_fields=("Contact.OtherPhone",))
    world.hand_over(event(dbid=1)).deliver()
    opportunity, task = world.one("Opportunity"), world.one("Task")
    assert [one["Id"] for one in world.records("Contact")] == [contact]
    assert opportunity["AccountId"] == account
    assert (task["WhoId"], task["WhatId"]) == (contact, opportunity["Id"])


def test_a_new_contact_gets_its_own_account(world, colleague):
    world.connect(mode="contacts", contact_account_id=EACH_ITS_OWN)
    world.choose(lines=[{"line": "2000", "user_id": colleague}])
    world.hand_over(event(dbid=1)).deliver()
    contact, account = world.one("Contact"), world.one("Account")
    assert contact["AccountId"] == account["Id"]
    assert (contact["OwnerId"], account["OwnerId"]) == (colleague, colleague)
    assert world.one("Task")["WhoId"] == contact["Id"]
