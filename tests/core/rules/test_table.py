"""Every row of the rules by its number: what Salesforce holds, the call, what becomes of it.

Other rows stand where they are decided: T1 in tests/core/events, T2 in tests/store/test_ledger.py,
T3 to T6 in test_triage.py, more of O1 to O3 and of 4 in test_opportunity.py, section 5 in
test_owner.py, 6 in test_task.py, 8 in test_lessons.py and salesforce/test_refusals.py. Lines that
have no number stand in test_kinds.py and test_table_of_loops.py.
"""

import re
from typing import Any

import pytest

from core import ROOT
from core.languages import LANGUAGES
from core.plan import Outcome, Ref
from core.policy import ConvertedLead, Mode, Policy
from core.rules import decide
from core.texts import say
from tests.core.helpers import cases as a
from tests.core.helpers.cases import DEALS, REOPEN, WITH_CLOSED, WITH_OPEN, Records, only

LEADS = a.policy()
IGNORE = a.policy(converted_lead=ConvertedLead.IGNORE)
OUTGOING_TOO = a.policy(create_on_outgoing=True)
CONTACT_FIRST = a.policy(known_contact_first=True)
CONTACTS = a.policy(mode=Mode.CONTACTS)

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
TESTS = ROOT / "tests"


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_tested_by_its_name(row):
    """As a test of that name, or as a row of a table."""
    texts = [path.read_text() for path in (TESTS / "core").rglob("test_*.py")]
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
