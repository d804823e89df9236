"""Until somebody calls back (docs/rules.md): calls told late, and lost replies."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.facts import OpenLoop
from core.loops import LoopOpened, LoopState, MissedAgain
from core.plan import Outcome, Update
from core.rules import decide
from tests.core.helpers import cases as a
from tests.core.rules.test_loop import MISSED_AT, TABLE, TASK, WAITS, facts, one, told_task

BEFORE_IT = {"started_at": datetime(2026, 7, 9, 16, 46, 52)}


@pytest.mark.parametrize(
    ("talk", "said", "line"),
    [
        (a.outgoing(key="9"), "loop.called_back", "Called back after 12 minutes: Olena (2000)"),
        (
            a.call(key="9"),
            "loop.called_again",
            "Called again after 12 minutes and was answered: Olena (2000)",
        ),
    ],
)
@pytest.mark.parametrize("in_batch", [False, True])
@pytest.mark.parametrize("another_waits", [False, True])
def test_a_missed_call_that_is_told_after_its_talk(talk, said, line, in_batch, another_waits):
    """It waits for nobody, whatever was missed since."""
    call = a.missed(**BEFORE_IT)
    known = a.facts(a.lead())
    if another_waits:
        loop = OpenLoop(TASK, MISSED_AT + timedelta(days=1), 1, WAITS)
        known = replace(known, loops={a.NUMBER: loop})
    if in_batch:
        _, plan = decide([a.waiting(talk), a.waiting(call, 2)], TABLE, known)
    else:
        plan = one(call, replace(known, spoken={a.NUMBER: (talk,)}))
    task = a.task(plan).fields
    assert (plan.loop, told_task(plan)) == ((), None)
    assert (task["Status"], task["OwnerId"], plan.turn_of) == ("Completed", a.OLENA, 7)
    assert task["Description"].endswith(f"\n{line}")
    assert said in a.told(plan)


@pytest.mark.parametrize(
    ("talks", "call", "policy"),
    [
        ((a.outgoing(),), a.missed(key="9", started_at=datetime(2026, 7, 9, 17, 10)), TABLE),
        ((a.outgoing(state="BUSY", seconds_talk=0),), a.missed(**BEFORE_IT), TABLE),
        ((a.outgoing(),), a.missed(**BEFORE_IT), a.policy()),
    ],
)
def test_a_talk_before_none_and_a_log_entry(talks, call, policy):
    known = a.facts(a.lead())
    told = replace(known, spoken={a.NUMBER: talks})
    assert one(call, told, policy) == one(call, known, policy)


def test_the_first_talk_is_told():
    later = a.outgoing(key="8", started_at=datetime(2026, 7, 9, 18))
    known = a.facts(a.lead(), spoken={a.NUMBER: (later, a.outgoing())})
    (said,) = [one for one in one(a.missed(**BEFORE_IT), known).trace if "loop" in one.code]
    assert said.params["after"] == str(12 * 60)


WRITTEN = {"tasks": {"275": "00TOWN"}}
CLOSED = replace(WAITS, is_closed=True)


@pytest.mark.parametrize(
    ("call", "known", "changes"),
    [
        (a.missed(), a.facts(**WRITTEN, open_tasks={"00TOWN": a.OLENA}), [LoopOpened]),
        (a.missed(), a.facts(**WRITTEN), []),
        (a.missed(), facts(**WRITTEN), [MissedAgain]),
        (
            a.missed(),
            facts(CLOSED, **WRITTEN, open_tasks={"00TOWN": a.OLENA}),
            [LoopState.COMPLETED, LoopOpened],
        ),
        (a.call(), facts(CLOSED, **WRITTEN), [LoopState.CALLED_AGAIN]),
        (a.outgoing(), facts(CLOSED, **WRITTEN), [LoopState.CALLED_BACK]),
        (a.outgoing(state="BUSY"), facts(CLOSED, **WRITTEN), []),
        (a.call(), a.facts(**WRITTEN), []),
    ],
)
def test_a_call_whose_reply_was_lost(call, known, changes):
    """What it did is done: nothing is written, and the loop is where the write had it."""
    plan = one(call, known)
    assert (plan.outcome, plan.steps) == (Outcome.ALREADY, ())
    assert [getattr(one, "state", type(one)) for one in plan.loop] == changes


OWN_OPEN = {**WRITTEN, "open_tasks": {"00TOWN": a.OLENA}}


@pytest.mark.parametrize(
    ("known", "changes", "said"),
    [
        (facts(**OWN_OPEN), [MissedAgain], "loop.missed_again"),
        (a.facts(**OWN_OPEN, spoken={a.NUMBER: (a.outgoing(),)}), [], "loop.called_back"),
    ],
)
def test_found_open_though_overtaken_it_is_completed(known, changes, said):
    """It needed a person, and the calls after it did not wait."""
    known = replace(known, shape=replace(known.shape, closed_task_status="Erledigt"))
    plan = one(a.missed(**BEFORE_IT), known)
    assert plan.steps == (Update("loop_1", "Task", "00TOWN", {"Status": "Erledigt"}, beside=True),)
    assert (plan.outcome, plan.reason.code, plan.task_id) == (
        Outcome.WRITE,
        "already.written",
        "00TOWN",
    )
    assert [type(one) for one in plan.loop] == changes
    assert said in a.told(plan)


def test_found_open_and_not_to_be_changed_it_is_left():
    plan = one(a.missed(), facts(**OWN_OPEN), avoid={"00TOWN"})
    assert (plan.outcome, plan.steps) == (Outcome.ALREADY, ())
    assert "loop.refused" in a.told(plan)
