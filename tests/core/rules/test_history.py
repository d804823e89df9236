"""The opportunity's whole history (docs/rules.md): which Tasks join it, and when none does."""

from collections import Counter
from dataclasses import replace
from itertools import product

import pytest

from core.facts import Contact, FieldInfo, Lessons
from core.plan import Ref, Update
from core.policy import Mode
from core.rules import decide
from tests.core.helpers import cases as a
from tests.core.rules.test_product import CALLS, PACKAGE, SETTINGS, check_batch, decided
from tests.core.rules.test_product import HELD as RECORDS

LOOSE = ("00TA", "00TB", "00TC")
HELD = replace(a.WITH_OPEN, loose_calls=LOOSE)


def joining(plan):
    """What joins the opportunity, and which one."""
    return {
        one.id: one.fields["WhatId"]
        for one in plan.steps
        if isinstance(one, Update) and one.step.startswith("join_")
    }


@pytest.mark.parametrize(
    ("held", "opportunity"),
    [
        (HELD, "006OPEN"),
        (replace(a.WITH_CLOSED, loose_calls=LOOSE), Ref("opportunity_1")),
        (a.contact(loose_calls=LOOSE), Ref("opportunity_1")),
    ],
)
def test_what_hangs_on_the_contact_alone_joins(held, opportunity):
    plan = a.only(a.DEALS, (held,), a.call())
    assert joining(plan) == dict.fromkeys(LOOSE, opportunity)
    assert all(one.beside for one in plan.steps if one.step.startswith("join_"))
    (said,) = [one for one in plan.trace if one.code == "opportunity.history"]
    assert said.params == {"count": "3"}
    assert a.task(plan).fields["WhatId"] == opportunity


def test_where_nothing_is_loose_nothing_is_said():
    assert "opportunity.history" not in a.told(a.only(a.DEALS, (a.WITH_OPEN,), a.call()))


def test_a_call_that_goes_to_the_contact_alone_takes_none_along():
    assert joining(a.only(a.DEALS, (a.contact(loose_calls=LOOSE),), a.outgoing())) == {}


def test_once_a_batch_and_those_of_the_batch_too():
    calls = [a.waiting(call, place) for place, call in enumerate((a.outgoing(), a.call(key="2")))]
    again = a.waiting(a.call(key="3"), 2)
    first, second, third = decide([*calls, again], a.DEALS, a.facts(a.contact(loose_calls=LOOSE)))
    assert (joining(first), joining(third)) == ({}, {})
    assert list(joining(second)) == [*LOOSE, Ref("task_0")]


@pytest.mark.parametrize(
    ("refused", "joined"), [({"00TA"}, ["00TB", "00TC"]), ({"00TA", "00TC"}, [])]
)
def test_one_that_cannot_be_changed_is_left_and_of_several_all(refused, joined):
    plan = a.only(a.DEALS, (HELD,), a.call(), avoid=refused)
    assert list(joining(plan)) == joined
    assert ("opportunity.history" in a.told(plan)) is bool(joined)


def test_where_what_they_hang_on_cannot_be_changed_none_joins():
    shape = a.shape()
    fixed = FieldInfo("WhatId", "WhatId", "reference", updateable=False)
    shape = replace(
        shape, fields={**shape.fields, "Task": {**shape.fields["Task"], "WhatId": fixed}}
    )
    (plan,) = decide([a.waiting(a.call())], a.DEALS, a.facts(HELD, shape=shape))
    assert joining(plan) == {}


@pytest.mark.parametrize("mode", Mode)
def test_in_the_product_joining_is_the_one_difference(mode):
    """Once a batch, where the call goes to an opportunity."""
    joined = Counter()
    for policy, held, call in product(SETTINGS[mode][::5], RECORDS.values(), CALLS.values()):
        if not any(isinstance(one, Contact) for one in held):
            continue
        loose = tuple(
            replace(one, loose_calls=LOOSE) if isinstance(one, Contact) else one for one in held
        )
        before = decided(policy, PACKAGE, held, call, Lessons())
        plans = decided(policy, PACKAGE, loose, call, Lessons())
        check_batch(plans, policy, call, PACKAGE)
        assert [without_history(one) for one in plans] == [without_history(one) for one in before]
        for place, plan in enumerate(plans):
            joined[place] += bool(joining(plan))
            if joining(plan):
                assert set(joining(plan).values()) == {a.task(plan).fields["WhatId"]}
                assert set(LOOSE) <= joining(plan).keys()
    assert (joined[0] > 0) is (mode is Mode.OPPORTUNITIES)
    assert joined[1] == 0


def without_history(plan):
    steps = tuple(one for one in plan.steps if not one.step.startswith("join_"))
    trace = tuple(one for one in plan.trace if one.code != "opportunity.history")
    return replace(plan, steps=steps, trace=trace)
