"""The product with settings, records and calls that the manual does not know.

Beside test_product.py, whose plans are compared with those of the rules as they were before.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from core.call import Call
from core.facts import Lessons
from core.kinds import Kind, KindRow, Known, Unknown
from core.plan import Outcome, Plan, Update
from core.policy import Hours, Mode, Policy
from core.working import Span
from tests.core.helpers import cases as a
from tests.core.rules.test_product import (
    CALLS,
    HELD,
    PACKAGE,
    SETTINGS,
    check_order,
    check_plan,
    decided,
)

LOOSE = ("00TA", "00TB")
RECORDS = {
    **HELD,
    "logged calls": (a.contact(loose_calls=LOOSE),),
    "logged calls and a closed deal": (replace(a.WITH_CLOSED, loose_calls=LOOSE),),
}
SETS: dict[str, dict[str, Any]] = {
    "known clients get less": {
        "kinds": (
            KindRow(kind=Kind.INCOMING_ANSWERED, known=Known.OPEN, unknown=Unknown.NOTHING),
            KindRow(kind=Kind.INCOMING_MISSED, known=Known.NOTHING),
            KindRow(kind=Kind.OUTGOING_UNANSWERED, known=Known.NOTHING, unknown=Unknown.NOTHING),
        )
    },
    "working hours": {
        "working_hours": (Span(weekday=3, begins="09:00", ends="12:00"),),
        "missed_calls": (
            a.row(a.PETRO, row_id=1),
            a.row(a.OLENA, row_id=2).model_copy(update={"hours": Hours.OUTSIDE}),
        ),
        "kinds": (KindRow(kind=Kind.OUTGOING_ANSWERED, known=Known.OPEN, unknown=Unknown.CREATE),),
    },
    "usual": {},
}
REACHED = {
    *("skip.kind", "skip.kind_known", "skip.kind_unknown", "skip.kind_converted"),
    *("task.outside_hours", "task.to_do", "opportunity.history", "write.found_later"),
}


def every() -> Iterator[tuple[Policy, tuple, Call, bool]]:
    """Settings, what is held, the call, and whether it was skipped before as unknown."""
    for mode, chosen, held, call in product(Mode, SETS.values(), RECORDS.values(), CALLS.values()):
        for settings in SETTINGS[mode][::11]:
            policy = settings.model_copy(update=chosen)
            yield policy, held, call, False
            if call.direction == "OUT":
                yield policy, held, call, True


def test_the_product_reaches_what_is_newer():
    seen = set()
    for policy, held, call, was_unknown in every():
        plans = decided(policy, PACKAGE, held, call, Lessons(), was_unknown=was_unknown)
        for plan in plans:
            check_plan(plan, policy, call, PACKAGE)
            check_kind(plan, policy, call)
            seen |= {plan.reason.code, *a.told(plan)}
        check_order(plans)
        check_records(plans)
        check_joined(plans)
    assert seen >= REACHED


def check_kind(plan: Plan, policy: Policy, call: Call) -> None:
    """Known clients get what the grid says; a missed call waits for whoever the table names."""
    if plan.reason.code in ("skip.internal", "skip.withheld"):
        return
    known = policy.grid.known(policy.kind_of(call))
    if known is Known.NOTHING:
        made = [name for name in a.created(plan) if name in ("Lead", "Contact")]
        assert plan.outcome is Outcome.SKIP or made
    elif plan.outcome is Outcome.WRITE:
        named = known is Known.AS_TABLE and bool(plan.turn_of)
        is_open = a.task(plan).fields["Status"] == "Not Started"
        assert is_open is (known is Known.OPEN or named)


def check_records(plans: list[Plan]) -> None:
    made = [name for plan in plans for name in a.created(plan)]
    assert made.count("Lead") + made.count("Contact") <= 1, "two calls from one number, one record"
    assert made.count("Opportunity") <= 1


def check_joined(plans: list[Plan]) -> None:
    """A Task joins an opportunity at most once a batch, that of the call it joins with."""
    joined = []
    for plan in plans:
        for step in plan.steps:
            if isinstance(step, Update) and "WhatId" in step.fields:
                assert step.fields["WhatId"] == a.task(plan).fields["WhatId"]
                joined.append(step.id)
    assert len(joined) == len(set(joined))
