"""Opportunities: which one a call is logged on, what reopens it, what a new one is made of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.plan import Ref
from core.policy import Mode
from core.rules import decide
from tests.core.helpers import cases as a
from tests.core.helpers.cases import DEALS, OPEN_DEAL, REOPEN, WITH_CLOSED, WITH_OPEN, only


def test_o1_the_task_names_contact_and_opportunity():
    task = a.task(only(DEALS, (WITH_OPEN,), a.call()))
    assert (task.fields["WhoId"], task.fields["WhatId"]) == ("003CONTACT", "006OPEN")


def test_o1_several_open_the_latest_is_taken_and_the_others_named():
    held = a.contact(opportunities=(OPEN_DEAL, a.opportunity("006LATER", day=5)))
    plan = only(DEALS, (held,), a.call())
    assert a.task(plan).fields["WhatId"] == "006LATER"
    reason = next(one for one in plan.trace if one.code == "opportunity.others")
    assert reason.params["names"] == "Deal 006OPEN"


def test_o2_the_newest_closed_one_is_reopened_and_its_past_date_moves():
    old = a.opportunity("006OLD", day=1, closed=True)
    new = a.opportunity("006NEW", day=2, closed=True, close=a.TODAY - timedelta(days=1))
    plan = only(REOPEN, (a.contact(opportunities=(old, new)),), a.call())
    assert a.updated(plan) == ["006NEW"]
    assert a.step(plan, "Opportunity").fields == {
        "StageName": "Prospecting",
        "CloseDate": "2026-08-08",
    }
    assert a.task(plan).fields["WhatId"] == "006NEW"


def test_o2_a_close_date_still_to_come_stays():
    plan = only(REOPEN, (WITH_CLOSED,), a.call())
    assert a.step(plan, "Opportunity").fields == {"StageName": "Prospecting"}


@pytest.mark.parametrize(
    ("wanted", "stage", "told"),
    [
        ("Proposal", "Proposal", False),
        ("", "Prospecting", False),
        ("Renamed Away", "Prospecting", True),
        ("Closed Lost", "Prospecting", True),
    ],
)
def test_o2_o3_the_stage_is_one_that_is_open(wanted, stage, told):
    plan = only(a.policy(mode=Mode.OPPORTUNITIES, open_stage=wanted), (a.contact(),), a.call())
    assert a.step(plan, "Opportunity").fields["StageName"] == stage
    assert ("opportunity.stage_gone" in a.told(plan)) is told


def test_o3_without_any_open_stage_the_contact_alone():
    no_stage = a.shape(stages=(a.Stage("Closed Won", "Closed Won", True),))
    (plan,) = decide([a.waiting(a.call())], DEALS, a.facts(a.contact(), shape=no_stage))
    assert plan.reason.code == "write.no_open_stage"
    assert "WhatId" not in a.task(plan).fields


def test_o3_a_new_opportunity():
    policy = a.policy(
        mode=Mode.OPPORTUNITIES, close_in_days=10, opportunity_name="Call {client_number} {date}"
    )
    plan = only(policy, (a.contact(account_id="001ACME"),), a.call())
    assert a.step(plan, "Opportunity").fields == {
        "Name": "Call +380505557182 2026-07-09",
        "StageName": "Prospecting",
        "CloseDate": "2026-07-19",
        "OwnerId": a.OLENA,
        "AccountId": "001ACME",
        "ContactId": "003CONTACT",
        "UniTalk_Key__c": "275",
    }
    assert a.task(plan).fields["WhatId"] == Ref("opportunity_1")


def test_o3_where_the_role_cannot_come_with_the_opportunity_it_follows():
    (plan,) = decide(
        [a.waiting(a.call(), leave_out=["Opportunity.ContactId"])], DEALS, a.facts(a.contact())
    )
    assert a.step(plan, "OpportunityContactRole").fields == {
        "OpportunityId": Ref("opportunity_1"),
        "ContactId": "003CONTACT",
        "IsPrimary": True,
    }


def without(*objects):
    known = a.shape()
    kept = {name: fields for name, fields in known.fields.items() if name not in objects}
    return replace(known, fields=kept)


def fixed(name):
    return a.FieldInfo(name, name, "reference", createable=False)


ROLES_READ_ONLY = replace(
    a.shape(),
    fields={
        **a.shape().fields,
        "Opportunity": a.fields("Name", "StageName", "CloseDate"),
        "OpportunityContactRole": {name: fixed(name) for name in ("OpportunityId", "ContactId")},
    },
)


@pytest.mark.parametrize(
    "shape",
    [without("OpportunityContactRole"), without("Opportunity"), ROLES_READ_ONLY],
    ids=["roles hidden", "opportunities hidden", "roles cannot be written"],
)
def test_o3_none_is_created_that_the_next_call_would_not_find(shape):
    for held in ((a.contact(),), ()):
        (plan,) = decide([a.waiting(a.call())], DEALS, a.facts(*held, shape=shape))
        assert plan.reason.code == "write.opportunities_hidden"
        assert "Opportunity" not in a.created(plan)
        assert "WhatId" not in a.task(plan).fields


def test_o3_a_role_has_the_fields_that_the_org_takes():
    known = a.shape()
    fields = {**known.fields, "OpportunityContactRole": a.fields("OpportunityId", "ContactId")}
    lesson = a.waiting(a.call(), leave_out=["Opportunity.ContactId"])
    held = a.facts(a.contact(), shape=replace(known, fields=fields))
    (plan,) = decide([lesson], DEALS, held)
    role = a.step(plan, "OpportunityContactRole").fields
    assert role == {"OpportunityId": Ref("opportunity_1"), "ContactId": "003CONTACT"}


def test_4_a_person_accounts_opportunity_hangs_on_the_account():
    person = a.contact(account_id="001PERSON", is_person_account=True)
    plan = only(DEALS, (person,), a.call())
    fields = a.step(plan, "Opportunity").fields
    assert fields["AccountId"] == "001PERSON"
    assert "ContactId" not in fields
    assert a.task(plan).fields["WhoId"] == "003CONTACT"
