"""Until somebody calls back: each line of that section of docs/rules.md."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.facts import FieldInfo, LoopTask, OpenLoop, WaitingCall
from core.kinds import Kind, KindRow, Known
from core.loops import LoopEnded, LoopOpened, LoopState, MissedAgain
from core.plan import Outcome, Ref, Update
from core.policy import ConvertedLead
from core.rules import decide
from core.rules.handling import Earlier
from core.rules.loop import hand_over
from core.texts import say
from tests.core.helpers import cases as a

TABLE = a.policy(missed_calls=(a.row(a.OLENA, a.PETRO),))
ALONE = a.policy(missed_calls=(a.row(a.OLENA),))
WAITS = LoopTask("Missed call +380505557182", "Status: missed, incoming", a.PETRO)
TASK = "00TLOOP"
MISSED_AT = a.moment(9)


def facts(task=WAITS, *, fields=(), **changes):
    """A lead of Petro's, and a call of its that waits since the morning, missed twice."""
    shape = a.shape()
    described = {**shape.fields["Task"], **dict(fields)}
    shape = replace(shape, fields={**shape.fields, "Task": described})
    loop = OpenLoop(TASK, MISSED_AT, 2, task)
    return a.facts(a.lead(), shape=shape, loops={a.NUMBER: loop}, **changes)


def one(call, known, policy=TABLE, **lessons):
    (plan,) = decide([a.waiting(call, **lessons)], policy, known)
    return plan


def told_task(plan):
    """What the open Task is told; None when it is left alone."""
    steps = [step for step in plan.steps if isinstance(step, Update) and step.object == "Task"]
    return steps[0].fields if steps else None


@pytest.mark.parametrize(
    ("call", "changes", "codes"),
    [
        (a.missed(), [MissedAgain], ["loop.missed_again"]),
        (a.call(), [LoopState.CALLED_AGAIN], ["loop.called_again"]),
        (a.outgoing(), [LoopState.CALLED_BACK], ["loop.called_back"]),
        (a.outgoing(state="BUSY"), [], []),
    ],
)
def test_while_somebody_waits(call, changes, codes):
    plan = one(call, facts())
    assert [getattr(one, "state", type(one)) for one in plan.loop] == changes
    assert [code for code in a.told(plan) if code.startswith("loop.")] == codes
    assert (told_task(plan) is not None) is bool(changes)
    assert a.task(plan).fields["Status"] == "Completed"


@pytest.mark.parametrize("call", [a.missed(), a.call(), a.outgoing()])
@pytest.mark.parametrize(
    ("task", "state"),
    [(None, LoopState.GONE), (replace(WAITS, is_closed=True), LoopState.COMPLETED)],
)
def test_what_a_person_ended_is_over(call, task, state):
    plan = one(call, facts(task))
    assert told_task(plan) is None
    ended, *opened = plan.loop
    assert (ended.state, ended.at) == (state, None)
    assert [type(one) for one in opened] == ([LoopOpened] if call.missed else [])


def test_the_subject_says_it_once():
    told = replace(WAITS, subject=f"{WAITS.subject} · missed: 2, last 2026-07-09 15:00")
    fields = told_task(one(a.missed(), facts(told)))
    assert fields["Subject"] == f"{WAITS.subject} · missed: 3, last 2026-07-09 16:58"
    assert fields["Description"].splitlines() == [
        WAITS.description,
        "Missed again 2026-07-09 16:58 (calls missed: 3)",
    ]


@pytest.mark.parametrize(
    ("last", "said"), [(None, "16:58"), (datetime(2026, 7, 9, 14, 40, tzinfo=UTC), "17:40")]
)
def test_the_newest_is_the_last_whichever_is_told_last(last, said):
    known = facts()
    loop = replace(known.loops[a.NUMBER], last_missed_at=last)
    fields = told_task(one(a.missed(), replace(known, loops={a.NUMBER: loop})))
    assert fields["Subject"].endswith(f" · missed: 3, last 2026-07-09 {said}")
    assert fields["Description"].endswith("Missed again 2026-07-09 16:58 (calls missed: 3)")


@pytest.mark.parametrize("told", ["", " · missed: 2, last X", " · пропущено: 2, останній X"])
def test_what_a_person_wrote_into_the_subject_stays(told):
    theirs = "Ring Ivan · VIP, ask for the contract"
    fields = told_task(one(a.missed(), facts(replace(WAITS, subject=f"{theirs}{told}"))))
    assert fields["Subject"] == f"{theirs} · missed: 3, last 2026-07-09 16:58"


@pytest.mark.parametrize(
    ("picklist", "is_high"), [(("High", "Normal"), True), (("Dringend", "Normal"), False)]
)
def test_an_org_may_have_other_priorities(picklist, is_high):
    priority = FieldInfo("Priority", "Priority", "picklist", picklist=picklist)
    fields = told_task(one(a.missed(), facts(fields={"Priority": priority})))
    assert ("Priority" in fields) is is_high


def test_what_people_wrote_is_not_cut():
    long = replace(WAITS, description="x" * 31_990)
    assert "Description" not in told_task(one(a.missed(), facts(long)))
    assert told_task(one(a.call(), facts(long))) == {"Status": "Completed"}


def test_a_task_that_may_not_be_changed_is_left():
    known = facts()
    fields = {n: replace(f, updateable=False) for n, f in known.shape.fields["Task"].items()}
    plan = one(a.call(), facts(fields=fields))
    assert told_task(plan) is None
    assert {"loop.refused", "loop.called_again"} <= set(a.told(plan))


@pytest.mark.parametrize("call", [a.missed(), a.call()])
def test_a_refused_task_is_left_and_the_call_is_written(call):
    plan = one(call, facts(), avoid={TASK})
    assert told_task(plan) is None
    assert "loop.refused" in a.told(plan)
    assert a.task(plan)


def test_what_the_batch_creates_may_be_refused_too():
    first, again = a.waiting(a.missed()), a.waiting(a.missed(key="276"), 2, avoid={"task_1"})
    _, plan = decide([first, again], TABLE, a.facts(a.lead()))
    assert told_task(plan) is None
    assert [type(one) for one in plan.loop] == [MissedAgain]


@pytest.mark.parametrize(
    ("owner", "then"),
    [(a.OLENA, a.OLENA), (a.GONE, a.PETRO), (a.QUEUE, a.PETRO), ("", a.PETRO)],
)
def test_missed_again_is_for_whoever_has_the_open_one(owner, then):
    plan = one(a.missed(), facts(replace(WAITS, owner_id=owner)))
    assert a.task(plan).fields["OwnerId"] == then
    assert plan.turn_of == 0


def test_a_talk_that_was_over_before_the_call_was_missed_answers_nothing():
    known = facts()
    late = replace(known.loops[a.NUMBER], missed_at=MISSED_AT + timedelta(days=1))
    plan = one(a.call(), replace(known, loops={a.NUMBER: late}))
    assert (plan.loop, told_task(plan)) == ((), None)


@pytest.mark.parametrize(
    ("total", "talk", "missed_after", "answers"),
    [
        (19, 9, 0, True),
        (19, 9, 19, True),
        (19, 9, 20, False),
        (0, 60, 60, True),
        (0, 60, 61, False),
    ],
)
def test_a_talk_lasts_from_the_first_ring_to_its_end(total, talk, missed_after, answers):
    call = a.call(seconds_total=total, seconds_talk=talk)
    missed_at = datetime(2026, 7, 9, 13, 58, 52, tzinfo=UTC) + timedelta(seconds=missed_after)
    known = facts()
    loop = replace(known.loops[a.NUMBER], missed_at=missed_at)
    plan = one(call, replace(known, loops={a.NUMBER: loop}))
    assert bool(plan.loop) is answers
    assert (told_task(plan) is not None) is answers


def test_the_open_task_is_completed_in_the_orgs_own_word():
    known = facts()
    renamed = replace(known.shape, closed_task_status="Erledigt")
    assert told_task(one(a.call(), replace(known, shape=renamed)))["Status"] == "Erledigt"


@pytest.mark.parametrize("kind", [Kind.INCOMING_ANSWERED, Kind.OUTGOING_ANSWERED])
def test_a_kind_that_writes_nothing_closes_nothing(kind):
    silent = TABLE.model_copy(update={"kinds": (KindRow(kind=kind, known=Known.NOTHING),)})
    call = a.call() if kind is Kind.INCOMING_ANSWERED else a.outgoing()
    plan = one(call, facts(), silent)
    assert (plan.outcome, plan.loop) == (Outcome.SKIP, ())


NOBODY_HAS_IT = [
    (a.outgoing(), (), TABLE, "skip.outgoing_unknown", LoopState.CALLED_BACK),
    (a.outgoing(), (a.converted(),), TABLE, "skip.outgoing_converted", LoopState.CALLED_BACK),
    (
        *(a.call(), (a.converted(),)),
        TABLE.model_copy(update={"converted_lead": ConvertedLead.IGNORE}),
        *("skip.lead_converted", LoopState.CALLED_AGAIN),
    ),
]


@pytest.mark.parametrize(("call", "held", "policy", "skipped", "state"), NOBODY_HAS_IT)
def test_a_talk_with_a_number_that_nobody_has_any_more_ends_it(call, held, policy, skipped, state):
    loops = {a.NUMBER: OpenLoop(TASK, MISSED_AT, 2, WAITS)}
    plan = one(call, a.facts(*held, loops=loops), policy)
    assert (plan.outcome, plan.reason.code, plan.steps) == (Outcome.SKIP, skipped, ())
    assert [one.state for one in plan.loop] == [state]
    assert {"loop.task_left", f"loop.{state}"} <= set(a.told(plan))
    busy = call.model_copy(update={"state": "BUSY", "direction": "OUT"})
    for other in (busy, call.model_copy(update={"started_at": datetime(2026, 7, 1)})):
        assert one(other, a.facts(*held, loops=loops), policy).loop == ()
    ended = {a.NUMBER: replace(loops[a.NUMBER], task=None)}
    (gone,) = one(call, a.facts(*held, loops=ended), policy).loop
    assert gone.state == LoopState.GONE


def test_two_numbers_of_one_contact_share_a_transaction():
    """So that each may refer to what the other creates; each waits for itself."""
    other = "380441112233"
    contact = a.contact(numbers=(a.NUMBER, f"+{other}"), opportunities=(a.OPEN_DEAL,))
    policy = TABLE.model_copy(update={"mode": a.DEALS.mode})
    calls = a.missed(), a.missed(key="2", client_number=other), a.call(key="3")
    waiting = [a.waiting(call, place) for place, call in enumerate(calls)]
    plans = decide(waiting, policy, a.facts(contact))
    assert {plan.number for plan in plans} == {a.NUMBER}
    assert [one.number for plan in plans for one in plan.loop] == [a.NUMBER, f"+{other}", a.NUMBER]
    assert plans[2].steps[0].id == Ref("task_0")


def test_a_task_that_another_transaction_creates_is_left():
    """A call that was refused one contact goes to another, whose calls have their own."""
    other = "380441112233"
    first, second = a.contact("003A", day=2), a.contact("003B", numbers=(a.NUMBER, f"+{other}"))
    calls = [
        a.waiting(a.missed(key="1", client_number=other), 1),
        a.waiting(a.missed(key="2"), 2),
        a.waiting(a.call(key="3"), 3, avoid={"003A"}),
    ]
    policy = TABLE.model_copy(update={"mode": a.DEALS.mode})
    plans = decide(calls, policy, a.facts(first, second))
    assert [plan.number for plan in plans] == [f"+{other}", a.NUMBER, f"+{other}"]
    assert told_task(plans[2]) is None
    assert "loop.refused" in a.told(plans[2])
    assert [one.state for one in plans[2].loop] == [LoopState.CALLED_AGAIN]


@pytest.mark.parametrize(
    ("policy", "owner", "then", "turn"),
    [
        (TABLE, a.OLENA, a.PETRO, 7),
        (TABLE, a.PETRO, a.OLENA, 7),
        (
            a.policy(missed_calls=(a.row(a.OLENA),), default_responsible=a.PETRO),
            a.OLENA,
            a.PETRO,
            0,
        ),
        (a.policy(missed_calls=(a.row(a.OLENA),), default_responsible=a.OLENA), a.OLENA, None, 0),
        (a.policy(missed_calls=(a.row(a.OLENA, a.GONE),)), a.OLENA, None, 0),
    ],
)
def test_who_is_next_when_nobody_called_back(policy, owner, then, turn):
    waiting: WaitingCall = a.waiting(a.missed())
    plan = hand_over(waiting, TASK, owner, policy, a.facts(), Earlier())
    if then is None:
        assert plan is None
        return
    assert (plan.steps[0].id, plan.steps[0].fields) == (TASK, {"OwnerId": then})
    assert plan.turn_of == turn


def test_an_ending_tells_who_spoke():
    (ended,) = one(a.outgoing(), facts()).loop
    assert isinstance(ended, LoopEnded)
    assert ended.by == a.OLENA
    assert ended.reason.params["user"] == "Olena"


@pytest.mark.parametrize("call", [a.call(lines=()), a.outgoing(lines=())])
def test_an_ending_without_a_line_names_nobody(call):
    (ended,) = one(call, facts()).loop
    assert (ended.by, ended.reason.params.keys()) == ("", {"after"})
    assert "—" not in say(ended.reason, "ru")
