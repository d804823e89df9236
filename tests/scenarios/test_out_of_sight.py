"""Private sharing: a new record is out of our sight once it is its owner's, and is written all
the same."""

import pytest

from core.models import CallState
from tests.helpers.events import event, missed
from tests.scenarios.test_rights_taken_away import after_a_write

PRIVATE = {"sharing": "private", "view_all": []}
SEEN = {"sharing": "private", "view_all": ["Account", "Contact", "Lead", "Opportunity"]}


@pytest.fixture
def bohdan(world):
    """He answers line 2000; Anna connected."""
    return world.users()[1]


def lines(user):
    return ({"line": "2000", "user_id": user},)


@pytest.mark.parametrize("mode", ["leads", "contacts", "opportunities"])
def test_what_a_call_creates_ends_with_its_owner_and_so_does_the_task(world, bohdan, mode):
    world.org(**PRIVATE).connect(mode=mode, lines=lines(bohdan))
    world.hand_over(event(dbid=1)).deliver()
    row = world.call(1)
    assert row.state == CallState.DONE, (row.reason_code, row.reason_params)
    assert "owner.given_last" in [code for code, _ in row.trace["steps"]]
    person = world.one("Lead" if mode == "leads" else "Contact")
    task = world.one("Task")
    assert (person["OwnerId"], task["OwnerId"], task["WhoId"]) == (bohdan, bohdan, person["Id"])
    if mode == "opportunities":
        deal, role = world.one("Opportunity"), world.one("OpportunityContactRole")
        assert (deal["OwnerId"], task["WhatId"]) == (bohdan, deal["Id"])
        assert (role["OpportunityId"], role["ContactId"]) == (deal["Id"], person["Id"])
    created = [one for one in row.written["records"] if one[2]]
    assert row.written["records"] == created, "giving away is no change to tell"


def test_a_role_of_its_own_is_written_before_the_opportunity_is_given_away(world, bohdan):
    world.org(**PRIVATE, field_changes={"Opportunity.ContactId": {"createable": False}})
    world.connect(mode="opportunities", lines=lines(bohdan)).hand_over(event(dbid=1)).deliver()
    deal, role = world.one("Opportunity"), world.one("OpportunityContactRole")
    assert (role["OpportunityId"], deal["OwnerId"]) == (deal["Id"], bohdan)
    assert world.one("Task")["WhatId"] == deal["Id"]


def test_calls_of_one_batch_share_the_record_before_it_is_given_away(world, bohdan):
    world.org(**PRIVATE).connect(
        missed_calls=({"id": 0, "external_line": "", "user_ids": (bohdan,)},)
    )
    world.hand_over(missed(dbid=1), missed(dbid=2), event(dbid=3)).deliver()
    lead = world.one("Lead")
    assert lead["OwnerId"] == bohdan
    assert [task["WhoId"] for task in world.records("Task")] == [lead["Id"]] * 3
    assert {world.call(one).state for one in (1, 2, 3)} == {CallState.DONE}


def test_an_assignment_rule_takes_it_from_neither(world, bohdan):
    clara = world.users()[2]
    world.org(**PRIVATE, assignment_owner=clara).connect(lines=lines(bohdan))
    world.hand_over(event(dbid=1)).deliver()
    assert world.one("Lead")["OwnerId"] == bohdan


def test_who_may_not_give_it_away_keeps_it_from_the_assignment_rule_too(world, bohdan):
    anna, clara = world.users()[0], world.users()[2]
    rule = {"object": "Lead", "when": f"OwnerId = '{bohdan}'", "message": "Owners stay."}
    world.org(**PRIVATE, assignment_owner=clara).connect(lines=lines(bohdan))
    after_a_write(world, lambda: world.org(validation_rules=[rule]))
    world.hand_over(event(dbid=1)).deliver()
    row, lead = world.call(1), world.one("Lead")
    assert row.state == CallState.DONE, (row.reason_code, row.reason_params)
    assert (lead["OwnerId"], world.one("Task")["WhoId"]) == (anna, lead["Id"])


def test_whoever_sees_all_gives_it_at_once(world, bohdan):
    world.org(**SEEN).connect(lines=lines(bohdan)).hand_over(event(dbid=1)).deliver()
    row = world.call(1)
    assert world.one("Lead")["OwnerId"] == bohdan
    assert "owner.given_last" not in [code for code, _ in row.trace["steps"]]


def test_a_contact_without_account_is_private_however_much_is_shared(world, bohdan):
    world.org(sharing="public", view_all=[]).connect(mode="contacts", lines=lines(bohdan))
    world.hand_over(event(dbid=1)).deliver()
    contact = world.one("Contact")
    assert (contact["OwnerId"], contact.get("AccountId")) == (bohdan, None)
    assert world.one("Task")["WhoId"] == contact["Id"]
