"""Every row of the rules by its number: what Salesforce holds, the call, what becomes of it.

Other rows stand where they are decided: T1 in test_events.py, T2 in tests/store/test_ledger.py, T3
to T6 in test_rules_triage.py, section 5 in test_rules_owner.py, 6 in test_rules_task.py, 8 in
test_rules_lessons.py and salesforce/test_refusals.py.
"""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.facts import Contact, Lead
from core.plan import Outcome, Plan, Ref
from core.policy import ClosedOpportunity, ConvertedLead, Mode, Policy
from core.rules import decide
from core.texts import LANGUAGES, say
from tests.core import cases as a

LEADS = a.policy()
IGNORE = a.policy(converted_lead=ConvertedLead.IGNORE)
OUTGOING_TOO = a.policy(create_on_outgoing=True)
CONTACT_FIRST = a.policy(known_contact_first=True)
CONTACTS = a.policy(mode=Mode.CONTACTS)
DEALS = a.policy(mode=Mode.OPPORTUNITIES)
REOPEN = a.policy(mode=Mode.OPPORTUNITIES, closed_opportunity=ClosedOpportunity.REOPEN)

OPEN_DEAL, CLOSED_DEAL = a.opportunity(), a.opportunity("006CLOSED", closed=True)
WITH_OPEN = a.contact(opportunities=(CLOSED_DEAL, OPEN_DEAL))
WITH_CLOSED = a.contact(opportunities=(CLOSED_DEAL,))

Records = tuple[Lead | Contact, ...]
RULES: list[tuple[str, Policy, Records, Any, str, list[str], str]] = [
    # row, policy, Salesforce holds, call, reason, created, logged on
    ("L1", LEADS, (a.lead(),), a.call(), "write.lead_found", [], "00QLEAD"),
    ("L1 missed", LEADS, (a.lead(),), a.missed(), "write.lead_found", [], "00QLEAD"),
    ("L1 outgoing", LEADS, (a.lead(),), a.outgoing(), "write.lead_found", [], "00QLEAD"),
    (
        *("L1 beside a converted one", LEADS, (a.converted(day=9), a.lead())),
        *(a.call(), "write.lead_found", [], "00QLEAD"),
    ),
    (
        *("L2 create", LEADS, (a.converted(),), a.call()),
        *("write.lead_created_again", ["Lead"], "lead_1"),
    ),
    ("L2 ignore", IGNORE, (a.converted(),), a.call(), "skip.lead_converted", [], ""),
    ("L2 outgoing", LEADS, (a.converted(),), a.outgoing(), "skip.outgoing_converted", [], ""),
    (
        *("L2 outgoing allowed", OUTGOING_TOO, (a.converted(),), a.outgoing()),
        *("write.lead_created_again", ["Lead"], "lead_1"),
    ),
    ("L3 answered", LEADS, (), a.call(), "write.lead_created", ["Lead"], "lead_1"),
    ("L3 missed", LEADS, (), a.missed(), "write.lead_created", ["Lead"], "lead_1"),
    ("L4", LEADS, (), a.outgoing(), "skip.outgoing_unknown", [], ""),
    (
        *("L4 allowed", OUTGOING_TOO, (), a.outgoing()),
        *("write.lead_created", ["Lead"], "lead_1"),
    ),
    (
        *("2 contact first", CONTACT_FIRST, (a.lead(), a.contact()), a.call()),
        *("write.contact_first", [], "003CONTACT"),
    ),
    (
        *("2 contact first, converted ignored", CONTACT_FIRST, (a.converted(), a.contact())),
        *(a.call(), "write.contact_first", [], "003CONTACT"),
    ),
    (
        *("2 contact first, none known", CONTACT_FIRST, (), a.call()),
        *("write.lead_created", ["Lead"], "lead_1"),
    ),
    (
        *("2 contacts do not count", LEADS, (a.contact(),), a.call()),
        *("write.lead_created", ["Lead"], "lead_1"),
    ),
    ("3 known", CONTACTS, (a.contact(),), a.call(), "write.contact_found", [], "003CONTACT"),
    (
        *("3 known, outgoing", CONTACTS, (a.contact(),), a.outgoing()),
        *("write.contact_found", [], "003CONTACT"),
    ),
    (
        *("3 unknown", CONTACTS, (), a.call()),
        *("write.contact_created", ["Contact"], "contact_1"),
    ),
    (
        *("3 leads do not count", CONTACTS, (a.lead(),), a.missed()),
        *("write.contact_created", ["Contact"], "contact_1"),
    ),
    ("3 unknown, outgoing", CONTACTS, (), a.outgoing(), "skip.outgoing_unknown", [], ""),
    ("O1", DEALS, (WITH_OPEN,), a.call(), "write.opportunity_open", [], "003CONTACT"),
    ("O1 outgoing", DEALS, (WITH_OPEN,), a.outgoing(), "write.opportunity_open", [], "003CONTACT"),
    (
        *("O2 reopen", REOPEN, (WITH_CLOSED,), a.call()),
        *("write.opportunity_reopened", [], "003CONTACT"),
    ),
    (
        *("O2 create", DEALS, (WITH_CLOSED,), a.call()),
        *("write.opportunity_created_again", ["Opportunity"], "003CONTACT"),
    ),
    (
        *("O2 outgoing", REOPEN, (WITH_CLOSED,), a.outgoing()),
        *("write.contact_only", [], "003CONTACT"),
    ),
    (
        *("O3", DEALS, (a.contact(),), a.call()),
        *("write.opportunity_created", ["Opportunity"], "003CONTACT"),
    ),
    (
        *("O3 unknown number", DEALS, (), a.missed()),
        *("write.opportunity_created", ["Contact", "Opportunity"], "contact_1"),
    ),
    ("O3 outgoing", DEALS, (a.contact(),), a.outgoing(), "write.contact_only", [], "003CONTACT"),
    ("4 unknown, outgoing", DEALS, (), a.outgoing(), "skip.outgoing_unknown", [], ""),
]


def only(policy: Policy, held: Records, call: Any, **lessons: Any) -> Plan:
    (plan,) = decide([a.waiting(call, **lessons)], policy, a.facts(*held))
    return plan


@pytest.mark.parametrize(
    ("row", "policy", "held", "call", "reason", "created", "who"),
    RULES,
    ids=[case[0] for case in RULES],
)
def test_rules(row, policy, held, call, reason, created, who):
    plan = only(policy, held, call)
    assert plan.reason.code == reason
    assert a.created(plan) == created
    assert (plan.who.step if isinstance(plan.who, Ref) else plan.who) == who
    for language in LANGUAGES:
        assert "…" not in say(plan.reason, language)


ROWS = (
    *("t1", "t2", "t3", "t4", "t5", "t6", "l1", "l2", "l3", "l4", "o1", "o2", "o3"),
    *("3", "4", "5", "6", "7", "8"),
)
TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_tested_by_its_name(row):
    """As a test of that name, or as a row of a table."""
    texts = [path.read_text() for path in (TESTS / "core").glob("test_*.py")]
    texts.append((TESTS / "store" / "test_ledger.py").read_text())
    named = re.compile(rf'def test_(\w+_)?{row}_|\("{row}[ "]', re.IGNORECASE)
    assert any(named.search(text) for text in texts)


def test_l2_a_new_lead_beside_the_converted_one_has_a_key_of_its_own():
    plan = only(LEADS, (a.converted(key=a.NUMBER),), a.call())
    assert a.step(plan, "Lead").fields["UniTalk_Key__c"] == f"{a.NUMBER}/00QCONVERTED"
    twice = (a.converted(key=a.NUMBER), a.converted("00QSECOND", key=f"{a.NUMBER}/00QCONVERTED"))
    plan = only(LEADS, twice, a.call())
    assert a.step(plan, "Lead").fields["UniTalk_Key__c"] == f"{a.NUMBER}/00QSECOND"


def test_3_new_contacts_go_under_the_chosen_account():
    plan = only(a.policy(mode=Mode.CONTACTS, contact_account_id="001ACME"), (), a.call())
    assert a.step(plan, "Contact").fields["AccountId"] == "001ACME"
    plan = only(a.policy(mode=Mode.OPPORTUNITIES, contact_account_id="001ACME"), (), a.call())
    assert a.step(plan, "Opportunity").fields["AccountId"] == "001ACME"
    assert "AccountId" not in a.step(only(CONTACTS, (), a.call()), "Contact").fields


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


def test_7_the_latest_of_several_is_taken_and_the_others_named():
    held = (a.lead(), a.lead("00QLATER", day=5), a.converted(day=9))
    plan = only(LEADS, held, a.call())
    assert plan.who == "00QLATER"
    (reason,) = [one for one in plan.trace if one.code == "person.others"]
    assert reason.params["names"] == "Lead 00QLEAD, Lead 00QCONVERTED"
    plan = only(CONTACTS, (a.contact(), a.contact("003LATER", day=5)), a.call())
    assert plan.who == "003LATER"
    assert "person.others" in a.told(plan)


@pytest.mark.parametrize("stored", ["0505557182", "+38 (050) 555-71-82", "8 050 555 71 82"])
def test_7_whatever_format_a_number_is_stored_in(stored):
    assert only(LEADS, (a.lead(numbers=("", stored)),), a.call()).who == "00QLEAD"


@pytest.mark.parametrize("stored", ["+48505557182", "0505557183", "555-71-82", ""])
def test_7_another_number_is_no_match(stored):
    assert a.created(only(LEADS, (a.lead(numbers=(stored,)),), a.call())) == ["Lead"]


def test_8_a_task_with_the_calls_key_is_not_written_again():
    (plan,) = decide([a.waiting(a.call())], LEADS, a.facts(tasks={"275": "00TDONE"}))
    assert (plan.outcome, plan.task_id) == (Outcome.ALREADY, "00TDONE")
    assert plan.reason.code == "already.written"
