"""The full product once more: what a client who waits changes, and what it does not.

`before.json` tells what the rules made of the product before they knew of such clients: by mode and
call, a digest of the plans of all settings and records. To make it again, after a change of the
product or of `told`, run that test's loop with the rules as they were then, before
core/rules/loop.py came, and keep what it finds.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest

from core.call import Call, Direction
from core.facts import Lessons, LoopTask, OpenLoop
from core.kinds import Known
from core.loops import LoopEnded, LoopOpened, LoopState, MissedAgain
from core.plan import Outcome, Plan, Update
from core.policy import Mode, Policy
from tests.core.helpers import cases as a
from tests.core.rules.test_product import CALLS, HELD, PACKAGE, SETTINGS, TABLES, decided

BEFORE = json.loads(Path(__file__).with_name("before.json").read_text())
MISSED_AT = a.moment(9)
WAITS = LoopTask("Missed call", "Status: missed, incoming", a.PETRO)
LOOPS = {
    "waits": OpenLoop("00TLOOP", MISSED_AT, 2, WAITS),
    "completed": OpenLoop("00TLOOP", MISSED_AT, 2, replace(WAITS, is_closed=True)),
    "gone": OpenLoop("00TLOOP", MISSED_AT, 2, None),
}


def every(mode: Mode, step: int = 1) -> Iterator[tuple[Policy, tuple, str]]:
    """All settings, or one in `step`."""
    yield from product(SETTINGS[mode][::step], HELD.values(), CALLS)


def differs(policy: Policy, call: Call) -> bool:
    """The one difference: the second of two missed calls, where the table names somebody."""
    return call.missed and policy.missed_calls == TABLES["two in turn"]


def told(plan: Plan) -> list[object]:
    """All that the rules said, but for the sentences that somebody waits now, and that a number
    is looked for."""
    new = ("loop.opened", "skip.looked_for")
    steps = [
        [
            step.step,
            step.object,
            str(getattr(step, "id", "")),
            sorted((name, str(value)) for name, value in step.fields.items()),
            sorted(step.own),
        ]
        for step in plan.steps
    ]
    trace = [[one.code, dict(one.params)] for one in plan.trace if one.code not in new]
    reason = [plan.reason.code, dict(plan.reason.params)]
    turn = [plan.turn_of, plan.unmapped_line, plan.number, str(plan.who)]
    return [plan.outcome, reason, trace, steps, turn]


@pytest.mark.parametrize("mode", Mode)
def test_without_anybody_who_waits_the_plans_are_as_before(mode):
    digests = {name: sha256() for name in CALLS}
    for policy, held, name in every(mode):
        plans = decided(policy, PACKAGE, held, CALLS[name], Lessons())
        same = plans[:1] if differs(policy, CALLS[name]) else plans
        for plan in same:
            check_what_is_said_now(plan, CALLS[name])
        digests[name].update(json.dumps([told(plan) for plan in same]).encode())
    found = {name: digest.hexdigest()[:16] for name, digest in digests.items()}
    assert found == BEFORE[mode]


def check_what_is_said_now(plan: Plan, call: Call) -> None:
    """What `told` leaves out: exactly who waits, and exactly which numbers are looked for."""
    codes, is_unknown = a.told(plan), plan.reason.code == "skip.outgoing_unknown"
    assert ("skip.looked_for" in codes) is is_unknown is (plan.look_until is not None)
    waits = call.missed and bool(plan.steps) and a.task(plan).fields["Status"] == "Not Started"
    assert ("loop.opened" in codes) is waits
    assert [type(one) for one in plan.loop] == [LoopOpened] * waits


@pytest.mark.parametrize("mode", Mode)
def test_the_second_of_two_missed_calls_is_the_one_difference(mode):
    """Completed, for whoever has the first one's Task, and without a turn of its own."""
    seen = Counter()
    for policy, held, name in every(mode):
        first, again = decided(policy, PACKAGE, held, CALLS[name], Lessons())
        if not differs(policy, CALLS[name]):
            assert not again.loop
            continue
        if first.outcome is not Outcome.WRITE:
            continue
        seen[name] += 1
        task, other = a.task(first).fields, a.task(again).fields
        assert (task["Status"], other["Status"]) == ("Not Started", "Completed")
        assert "ReminderDateTime" not in other
        assert task["OwnerId"] == other["OwnerId"]
        assert (first.turn_of, again.turn_of) == (7, 0)
        (step,) = [one for one in again.steps if isinstance(one, Update) and one.beside]
        assert step.id.step == a.task(first).step
        assert step.fields["Subject"].endswith(" · missed: 2, last 2026-07-09 16:58")
        assert not {"Status", "ActivityDate", "OwnerId", "ReminderDateTime"} & step.fields.keys()
        assert [type(one) for one in (*first.loop, *again.loop)] == [LoopOpened, MissedAgain]
    assert set(seen) == {"missed", "missed, no line"}


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("found", LOOPS)
def test_the_product_with_somebody_who_waits(mode, found):
    facts = replace(PACKAGE, loops={a.NUMBER: LOOPS[found]})
    for policy, held, name in every(mode, 1 if found == "waits" else 7):
        call = CALLS[name]
        plans = decided(policy, facts, held, call, Lessons())
        check_changes(plans)
        check_tasks(plans)
        if found != "waits" or call.missed:
            continue
        before = decided(policy, PACKAGE, held, call, Lessons())
        assert [without_loop(plan) for plan in plans] == [told(plan) for plan in before]
        answers = call.answered and (plans[0].outcome is Outcome.WRITE or nobody_has_it(plans[0]))
        state = LoopState.CALLED_BACK if call.direction is Direction.OUT else LoopState.CALLED_AGAIN
        ended = [one.state for plan in plans for one in plan.loop]
        assert ended == ([state] if answers else [])


@pytest.mark.parametrize("found", LOOPS)
def test_a_kind_that_says_nothing_changes_nothing(found):
    facts = replace(PACKAGE, loops={a.NUMBER: LOOPS[found]})
    for mode in Mode:
        for policy, held, name in every(mode, 7):
            kind = policy.kind_of(CALLS[name])
            silent = policy.with_grid(policy.grid.with_known(kind, Known.NOTHING))
            for plan in decided(silent, facts, held, CALLS[name], Lessons()):
                if plan.reason.code in ("skip.kind", "skip.kind_known"):
                    assert (plan.loop, plan.steps) == ((), ())


def check_changes(plans: list[Plan]) -> None:
    """At most one loop a number is open, and what changes is the one that is."""
    is_open = True
    for plan in plans:
        assert not plan.loop or plan.outcome is Outcome.WRITE or nobody_has_it(plan)
        for change in plan.loop:
            assert change.number == a.NUMBER
            assert is_open is not isinstance(change, LoopOpened)
            is_open = not isinstance(change, LoopEnded)


def nobody_has_it(plan: Plan) -> bool:
    """Any more: nothing is written, and who was spoken to waits no longer."""
    skipped = ("skip.outgoing_unknown", "skip.outgoing_converted", "skip.lead_converted")
    return plan.reason.code in skipped


def check_tasks(plans: list[Plan]) -> None:
    """A loop's Task is completed at most once, and never given another due time or owner."""
    completed: dict[object, int] = defaultdict(int)
    for plan in plans:
        for step in plan.steps:
            if not (isinstance(step, Update) and step.object == "Task" and step.beside):
                continue
            assert step.fields.keys() <= {"Subject", "Description", "Priority", "Status"}
            assert completed[step.id] == 0, "nor changed once it is completed"
            completed[step.id] += "Status" in step.fields


def without_loop(plan: Plan) -> list[object]:
    """The plan, but for what it does to the Task that waits."""
    return told(
        replace(
            plan,
            trace=tuple(one for one in plan.trace if not one.code.startswith("loop.")),
            steps=tuple(one for one in plan.steps if not one.step.startswith("loop_")),
        )
    )
