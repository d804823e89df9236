"""Rules T3 to T6: calls that need no Salesforce.

T1 stands in test_events.py (an event that is not final), T2 with the ledger (one row per key).
"""

from dataclasses import replace

import pytest

from core.plan import Outcome
from core.policy import Policy
from core.rules import decide, triage
from tests.core.helpers import cases as a

LEADS = a.policy()

TRIAGE = [
    # row, policy, connection, call, outcome, reason
    ("T3 off", Policy(), "active", a.call(), Outcome.SKIP, "skip.off"),
    ("T3 off", Policy(), "dead", a.call(), Outcome.SKIP, "skip.off"),
    ("T3 not connected", LEADS, "none", a.call(), Outcome.SKIP, "skip.not_connected"),
    ("T3 died", LEADS, "dead", a.call(), Outcome.HOLD, "hold.connection_dead"),
    ("T4", LEADS, "active", a.call(direction="INNER"), Outcome.SKIP, "skip.internal"),
    ("T4 died", LEADS, "dead", a.call(direction="INNER"), Outcome.SKIP, "skip.internal"),
    ("T5 empty", LEADS, "active", a.call(client_number=""), Outcome.SKIP, "skip.withheld"),
    ("T5 word", LEADS, "active", a.call(client_number="anonymous"), Outcome.SKIP, "skip.withheld"),
    ("T5 short", LEADS, "active", a.call(client_number="2000"), Outcome.SKIP, "skip.withheld"),
    ("T5 local", LEADS, "active", a.call(client_number="5557182"), Outcome.SKIP, "skip.withheld"),
    *(
        (f"T5 {sent}", LEADS, "active", a.call(client_number=sent), Outcome.SKIP, "skip.withheld")
        for sent in ("0000000000", "380000000000", "266696687", "7378742833", "1234567890")
    ),
    (
        *("T6 list", a.policy(excluded_numbers=("(050) 555-71-82",)), "active"),
        *(a.call(), Outcome.SKIP, "skip.excluded"),
    ),
    (
        *("T6 this external line", LEADS, "active"),
        *(a.call(client_number=a.OWN_LINE), Outcome.SKIP, "skip.own_line"),
    ),
    (
        *("T6 line in a table", a.policy(missed_calls=(a.row(a.OLENA, line="0505557182"),))),
        *("active", a.call(), Outcome.SKIP, "skip.own_line"),
    ),
]


@pytest.mark.parametrize(
    ("row", "policy", "connection", "call", "outcome", "reason"),
    TRIAGE,
    ids=[case[0] for case in TRIAGE],
)
def test_triage(row, policy, connection, call, outcome, reason):
    plan = triage(a.waiting(call), policy, connection)
    assert plan is not None
    assert (plan.outcome, plan.reason.code, plan.steps) == (outcome, reason, ())


def test_t6_a_line_that_other_calls_came_through_is_the_companys_own():
    seen = ["site.ua", "2", "380505557182"]
    plan = triage(a.waiting(a.call()), LEADS, "active", seen)
    assert plan is not None
    assert plan.reason.code == "skip.own_line"
    assert triage(a.waiting(a.call()), LEADS, "active", ["site2.ua", "2"]) is None
    unsure = replace(a.waiting(a.call()), unsure=True)
    (plan,) = decide([unsure], LEADS, a.facts(seen_lines=tuple(seen)))
    assert plan.reason.code == "skip.own_line"


def test_t6_another_countrys_number_on_the_list_leaves_out_nobody_at_home():
    policy = a.policy(excluded_numbers=("+998 (0) 91 234 56 78",))
    assert triage(a.waiting(a.call(client_number="380912345678")), policy, "active") is None
    plan = triage(a.waiting(a.call(client_number="998912345678")), policy, "active")
    assert plan is not None
    assert plan.reason.code == "skip.excluded"


@pytest.mark.parametrize("connection", ["active", "paused"])
def test_other_calls_go_on_to_salesforce(connection):
    assert triage(a.waiting(a.call()), LEADS, connection) is None


def only(policy, call):
    (plan,) = a.planned([a.waiting(call)], policy, a.facts())
    return plan


def test_t3_to_t6_are_asked_again_when_a_held_call_comes_back():
    assert only(Policy(), a.call()).reason.code == "skip.off"
    assert only(LEADS, a.call(client_number="")).reason.code == "skip.withheld"
