"""Modes "Contacts" and "Contacts and opportunities", read back from the org."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.helpers.events import CLIENT, event, missed, outgoing

PLUS = f"+{CLIENT}"
LONG_AGO = "2020-01-31"


def contact(world, **fields):
    return world.plant("Contact", LastName="Known", Phone=PLUS, **fields)


def opportunity(world, contact_id, stage="Prospecting", close=LONG_AGO):
    return world.plant(
        "Opportunity", Name=f"Deal {stage}", StageName=stage, CloseDate=close, ContactId=contact_id
    )


def test_a_stranger_becomes_a_contact(world):
    world.connect(mode="contacts").hand_over(event(dbid=1)).deliver()
    assert world.one("Task")["WhoId"] == world.one("Contact")["Id"]
    assert world.records("Lead") == []
    assert world.records("Opportunity") == []


def test_new_contacts_go_under_the_chosen_account(world):
    account = world.plant("Account", Name="Callers")
    world.connect(mode="contacts", contact_account_id=account).hand_over(event(dbid=1)).deliver()
    assert world.one("Contact")["AccountId"] == account


def test_a_stranger_becomes_a_contact_with_an_opportunity(world):
    world.connect(mode="opportunities", close_in_days=10).hand_over(event(dbid=1)).deliver()
    person, deal, task = world.one("Contact"), world.one("Opportunity"), world.one("Task")
    assert (task["WhoId"], task["WhatId"]) == (person["Id"], deal["Id"])
    assert deal["StageName"] == "Prospecting"
    role = world.one("OpportunityContactRole")
    assert (role["ContactId"], role["OpportunityId"], role["IsPrimary"]) == (
        person["Id"],
        deal["Id"],
        True,
    )


def test_an_open_opportunity_takes_the_call(world):
    person = contact(world)
    opportunity(world, person, stage="Closed Lost")
    deal = opportunity(world, person)
    world.connect(mode="opportunities").hand_over(event(dbid=1)).deliver()
    assert len(world.records("Opportunity")) == 2
    task = world.one("Task")
    assert (task["WhoId"], task["WhatId"]) == (person, deal)


def test_a_closed_opportunity_is_reopened_and_its_past_date_moves(world):
    deal = opportunity(world, contact(world), stage="Closed Lost")
    world.connect(mode="opportunities", closed_opportunity="reopen", open_stage="Qualification")
    world.hand_over(event(dbid=1)).deliver()
    found = world.one("Opportunity")
    assert found["Id"] == deal
    assert (found["StageName"], found["IsClosed"]) == ("Qualification", False)
    assert found["CloseDate"] >= (datetime.now(UTC) + timedelta(days=29)).date().isoformat()
    assert world.one("Task")["WhatId"] == deal


def test_a_closed_opportunity_gets_a_new_one_beside_it(world):
    old = opportunity(world, contact(world), stage="Closed Won")
    world.connect(mode="opportunities", closed_opportunity="create")
    world.hand_over(event(dbid=1), missed(dbid=2)).deliver()
    deals = world.records("Opportunity")
    assert len(deals) == 2
    assert deals[0]["StageName"] == "Closed Won"
    assert {task["WhatId"] for task in world.records("Task")} == {deals[1]["Id"]}
    assert old == deals[0]["Id"]


def test_an_outgoing_call_opens_nothing_unless_allowed(world):
    person = contact(world)
    world.connect(mode="opportunities").hand_over(outgoing(dbid=1)).deliver()
    assert world.records("Opportunity") == []
    assert world.one("Task")["WhoId"] == person
    world.choose(create_on_outgoing=True).hand_over(outgoing(dbid=2)).deliver()
    assert world.records("Task")[1]["WhatId"] == world.one("Opportunity")["Id"]


def test_a_known_contact_comes_before_leads_when_asked(world):
    person = contact(world)
    world.connect(known_contact_first=True).hand_over(event(dbid=1)).deliver()
    assert world.one("Task")["WhoId"] == person
    assert world.records("Lead") == []


def test_a_person_accounts_open_opportunity_takes_the_call(world):
    world.org(person_accounts=True)
    account = world.plant("Account", LastName="Person", Phone=PLUS)
    deal = world.plant(
        "Opportunity", Name="Deal", StageName="Prospecting", CloseDate=LONG_AGO, AccountId=account
    )
    person = world.one("Contact")
    world.connect(mode="opportunities").hand_over(event(dbid=1)).deliver()
    task = world.one("Task")
    assert (task["WhoId"], task["WhatId"]) == (person["Id"], deal)


@pytest.mark.parametrize("mode", ["contacts", "opportunities"])
def test_an_account_deleted_since_it_was_chosen_stops_no_new_caller(world, mode):
    account = world.plant("Account", Name="Gone")
    world.control("DELETE", f"/orgs/Acme/records/Account/{account}")
    world.connect(mode=mode, contact_account_id=account).hand_over(event(dbid=1)).deliver()
    row = world.call(1)
    assert row.state == "done", row.reason_params
    assert world.one("Contact")["AccountId"] is None
    assert "contact.no_account" in [step[0] for step in row.trace["steps"]]


def test_two_calls_of_a_new_number_at_once_make_one_contact_with_one_opportunity(world):
    world.connect(mode="opportunities").hand_over(event(dbid=1), missed(dbid=2)).deliver()
    person, deal = world.one("Contact"), world.one("Opportunity")
    links = {(task["WhoId"], task["WhatId"]) for task in world.records("Task")}
    assert links == {(person["Id"], deal["Id"])}
    assert len(world.records("Task")) == 2
    assert world.one("OpportunityContactRole")["ContactId"] == person["Id"]
    assert world.call(2).reason_code == "write.same_opportunity"


def test_two_numbers_of_one_contact_share_its_new_opportunity(world):
    other = "380671112233"
    person = contact(world, MobilePhone=f"+{other}")
    world.connect(
        mode="opportunities",
        own_fields=(
            {
                "object": "Opportunity",
                "field": "Description",
                "template": "{client_number}",
                "when": "every_call",
            },
        ),
    )
    world.hand_over(event(dbid=1), event(dbid=2, **{"from": other})).deliver()
    deal = world.one("Opportunity")
    links = {(task["WhoId"], task["WhatId"]) for task in world.records("Task")}
    assert links == {(person, deal["Id"])}
    assert deal["Description"] == f"+{other}"
    assert {world.call(key).state for key in (1, 2)} == {"done"}
