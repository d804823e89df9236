"""Counting sees each thing that could be wrong: a count that cannot fail would prove nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.loops import LoopState
from core.models import LateMatch, LoopRow
from core.store.database import utc_now
from tests.chaos.figures import (
    LEFT_OPEN,
    NOT_HANDED_OVER,
    Row,
    compare,
    judge_late,
    judge_loops,
    judge_states,
)
from tests.chaos.neighbours import WAITED, WRITTEN, judge
from tests.chaos.telephony import Ring
from tests.helpers.events import event

LEAD = {"Id": "00Q1", "Phone": "+1"}
OTHER = {"Id": "00Q2", "Phone": "+2"}
FIRST = {"UniTalk_Call_Id__c": "a", "WhoId": "00Q1"}
SECOND = {"UniTalk_Call_Id__c": None, "CallObject": "UniTalk b", "WhoId": "00Q1"}
DONE = [Row(1, "acme", "a", "+1", "done"), Row(2, "acme", "b", "+1", "done")]


def wrong(counted: dict[str, int]) -> dict[str, int]:
    return {name: number for name, number in counted.items() if number}


def test_nothing_is_wrong_when_all_is_well():
    assert wrong(compare(DONE, [FIRST, SECOND], [LEAD, OTHER])) == {}
    assert wrong(judge_states(DONE, refused=0)) == {}


@pytest.mark.parametrize(
    ("tasks", "leads", "name"),
    [
        ([FIRST], [LEAD], "calls done without a Task"),
        (
            [FIRST, SECOND, {**FIRST, "UniTalk_Call_Id__c": "c"}],
            [LEAD],
            "Tasks of calls that are not done",
        ),
        ([FIRST, SECOND, FIRST], [LEAD], "Tasks too many for one call"),
        ([FIRST, SECOND], [LEAD, {**LEAD, "Id": "00Q3"}], "leads too many for one number"),
        ([FIRST, {**SECOND, "WhoId": "00Q2"}], [LEAD, OTHER], "Tasks on another number's lead"),
        ([SECOND, FIRST], [LEAD], "Tasks out of their number's order"),
    ],
)
def test_each_mistake_in_the_org_is_counted(tasks, leads, name):
    assert wrong(compare(DONE, tasks, leads)) == {name: 1}


def test_nobody_waits_in_order_for_a_call_that_needed_a_person():
    helped = [replace(DONE[0], asked_for_help=True), DONE[1]]
    assert wrong(compare(helped, [SECOND, FIRST], [LEAD])) == {}


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (Row(3, "acme", "c", "+1", "skipped"), "incoming calls skipped"),
        (Row(3, "acme", "c", "", "done", "INNER"), "internal calls not skipped"),
        (
            Row(3, "acme", "c", "+1", "attention"),
            "calls in need of attention that no rule of the org explains",
        ),
    ],
)
def test_a_call_that_ended_otherwise_than_it_should_is_counted(row, name):
    assert wrong(judge_states([*DONE, row], refused=0)) == {name: 1}


def test_what_a_rule_of_the_org_refused_may_need_attention():
    row = Row(3, "acme", "c", "+1", "attention")
    assert wrong(judge_states([row], refused=1)) == {}


NOON = datetime(2026, 7, 9, 12, tzinfo=UTC)
OPEN = LoopRow(
    number="+1",
    task_id="00T1",
    responsible="005A",
    state=LoopState.OPEN,
    handed_over_at=utc_now(),
    missed_at=NOON,
)
CLOSED = {"number": "+1", "task_id": "00T2", "responsible": "005A", "missed_at": NOON}
CALLED_BACK = LoopRow(**CLOSED, state=LoopState.CALLED_BACK)
TASKS = [
    {"Id": "00T1", "IsClosed": False, "OwnerId": "005A"},
    {"Id": "00T2", "IsClosed": True, "OwnerId": "005A"},
]

TALK = Row(1, "acme", "a", "+1", "done", began=NOON + timedelta(seconds=1), answered=True)
TALKS = [
    replace(TALK, began=NOON - timedelta(hours=1)),
    replace(TALK, number="+2"),
    replace(TALK, answered=False),
    replace(TALK, state="skipped"),
]
"""None of them with whom waits since then."""


def test_nobody_waits_in_vain():
    assert wrong(judge_loops([OPEN, CALLED_BACK], TASKS, TALKS)) == {}


@pytest.mark.parametrize(
    ("loops", "changed", "name"),
    [
        ([OPEN], {"IsClosed": True}, "open loops whose Task is completed"),
        ([LoopRow(**CLOSED, state=LoopState.OPEN)], {}, "open loops whose Task is completed"),
        ([CALLED_BACK], {}, "open Tasks that nobody waits for"),
        (
            [LoopRow(**CLOSED, state=LoopState.OPEN)],
            {},
            NOT_HANDED_OVER,
        ),
        ([OPEN, CALLED_BACK], {"OwnerId": "005B"}, "loops handed over whose Task is another's"),
        (
            [OPEN, LoopRow(**CLOSED, state=LoopState.GONE)],
            {},
            "loops ended by a person who is not there",
        ),
        ([OPEN, CALLED_BACK, CALLED_BACK], {}, "loops too many for one Task"),
    ],
)
def test_each_client_forgotten_is_counted(loops, changed, name):
    tasks = [{**TASKS[0], **changed}, TASKS[1]]
    assert name in wrong(judge_loops(loops, tasks, TALKS))


def test_a_client_who_was_spoken_to_and_still_waits_is_counted():
    name = "clients who wait though somebody spoke with them since"
    assert wrong(judge_loops([OPEN, CALLED_BACK], TASKS, [TALK, *TALKS])) == {name: 1}


UNKNOWN = Row(3, "acme", "c", "+3", "skipped", "OUT", reason="skip.outgoing_unknown")


@pytest.mark.parametrize(
    ("rows", "looked_for", "name"),
    [
        ([UNKNOWN], [3], None),
        ([UNKNOWN], [], "calls to unknown numbers that are not looked for"),
        ([UNKNOWN], [3, 4], "calls looked for in vain"),
        (
            [UNKNOWN, replace(DONE[0], number="+3")],
            [3],
            "calls to unknown numbers whose client is known by now",
        ),
    ],
)
def test_whoever_is_looked_for_wrongly_is_counted(rows, looked_for, name):
    late = [LateMatch(call_id=one) for one in looked_for]
    assert wrong(judge_late(rows, late)) == ({name: 1} if name else {})


def test_a_call_found_later_is_in_nobodys_order():
    found = [replace(DONE[0], is_late=True), DONE[1]]
    assert wrong(compare(found, [SECOND, FIRST], [LEAD])) == {}


def test_a_task_left_open_is_counted():
    tasks = [TASKS[0], {**TASKS[1], "IsClosed": False}]
    assert wrong(judge_loops([OPEN, CALLED_BACK], tasks, TALKS)) == {LEFT_OPEN: 1}


def test_two_open_loops_of_a_number_are_counted():
    other = LoopRow(**{**CLOSED, "task_id": "00T3"}, state=LoopState.OPEN, handed_over_at=utc_now())
    tasks = [*TASKS, {"Id": "00T3", "IsClosed": False, "OwnerId": "005A"}]
    found = wrong(judge_loops([OPEN, other, CALLED_BACK], tasks, TALKS))
    assert found == {"open loops too many for one number": 1}


LONE = [Ring("hangs", event(dbid=1)), Ring("answers", event(dbid=2))]


@pytest.mark.parametrize(
    ("states", "name"),
    [
        ({"hangs": "retry", "answers": "done"}, None),
        ({"hangs": "retry", "answers": "waiting"}, WAITED),
        ({"hangs": "retry"}, WAITED),
        ({"hangs": "done", "answers": "done"}, WRITTEN),
    ],
)
def test_whoever_waits_for_a_neighbour_is_counted(states, name):
    rows = [
        Row(1, ring.account, ring.key[1], "+1", states[ring.account])
        for ring in LONE
        if ring.account in states
    ]
    assert wrong(judge(rows, LONE, ["hangs"])) == ({name: 1} if name else {})
