"""Which calls are written, and how: each cell of the grid, and the grid times what is held."""

from itertools import product
from typing import Any

import pytest

from core.kinds import OUTGOING, Kind, KindRow, Known, Unknown, choices_of
from core.plan import Outcome
from core.policy import Hours, Mode
from core.working import Span
from tests.core.helpers import cases as a

OFFICE = (Span(weekday=3, begins="09:00", ends="12:00"),)  # cases' calls are Thursday, 16:58
CALLS = {
    Kind.INCOMING_ANSWERED: a.call(),
    Kind.INCOMING_MISSED: a.missed(),
    Kind.INCOMING_MISSED_OUTSIDE: a.missed(),
    Kind.OUTGOING_ANSWERED: a.outgoing(),
    Kind.OUTGOING_UNANSWERED: a.outgoing(state="BUSY"),
}
HELD = {
    "nobody": {},
    "a lead": {"leads": (a.lead(),)},
    "a converted lead": {"leads": (a.converted(converted_contact_id="003CONTACT"),)},
    "a contact": {"contacts": (a.contact(),)},
    "a contact with a closed deal": {
        "contacts": (a.contact(opportunities=(a.opportunity(closed=True),)),)
    },
}


def grid(kind, mode=Mode.LEADS, known=None, unknown=None, **more):
    hours = {"working_hours": OFFICE} if kind is Kind.INCOMING_MISSED_OUTSIDE else {}
    row = KindRow(kind=kind, known=known, unknown=unknown)
    return a.policy(mode=mode, kinds=(row,), **hours, **more)


def plan_of(kind, policy, **held):
    (plan,) = a.planned([a.waiting(CALLS[kind])], policy, a.facts(**held))
    return plan


ANSWERED, MISSED, LATE, OUT, NO_ANSWER = Kind
OPEN, COMPLETED, NOTHING = ({"known": one} for one in (Known.OPEN, Known.COMPLETED, Known.NOTHING))
CREATE, NONE_NEW = {"unknown": Unknown.CREATE}, {"unknown": Unknown.NOTHING}
NAMED, SWITCH = {"missed_calls": (a.row(a.OLENA),)}, {"create_on_outgoing": True}
FOUND, NEW = "write.lead_found", "write.lead_created"
CELLS: list[tuple[str, Kind, dict[str, Any], str, str, str]] = [
    # line, kind, what was chosen, Salesforce holds, reason, status of the Task (empty = no Task)
    ("incoming answered, known", ANSWERED, {}, "a lead", FOUND, "Completed"),
    ("incoming answered, known, open", ANSWERED, OPEN, "a lead", FOUND, "Not Started"),
    ("incoming answered, known, nothing", ANSWERED, NOTHING, "a lead", "skip.kind_known", ""),
    ("incoming answered, unknown", ANSWERED, {}, "nobody", NEW, "Completed"),
    ("incoming answered, unknown, nothing", ANSWERED, NONE_NEW, "nobody", "skip.kind_unknown", ""),
    (
        "incoming answered, converted",
        ANSWERED,
        NONE_NEW,
        "a converted lead",
        "skip.kind_converted",
        "",
    ),
    ("missed, known", MISSED, {}, "a lead", FOUND, "Completed"),
    ("missed, known, open", MISSED, OPEN, "a lead", FOUND, "Not Started"),
    ("missed, known, nothing", MISSED, NOTHING, "a lead", "skip.kind_known", ""),
    ("missed, known, as the table says", MISSED, NAMED, "a lead", FOUND, "Not Started"),
    ("missed, known, completed", MISSED, {**NAMED, **COMPLETED}, "a lead", FOUND, "Completed"),
    ("missed, unknown", MISSED, {}, "nobody", NEW, "Completed"),
    ("missed, unknown, nothing", MISSED, NONE_NEW, "nobody", "skip.kind_unknown", ""),
    ("missed, converted", MISSED, NONE_NEW, "a converted lead", "skip.kind_converted", ""),
    ("missed outside, known", LATE, {}, "a lead", FOUND, "Completed"),
    ("missed outside, known, open", LATE, OPEN, "a lead", FOUND, "Not Started"),
    ("missed outside, known, nothing", LATE, NOTHING, "a lead", "skip.kind_known", ""),
    ("missed outside, known, as the table says", LATE, NAMED, "a lead", FOUND, "Not Started"),
    (
        "missed outside, known, completed",
        LATE,
        {**NAMED, **COMPLETED},
        "a lead",
        FOUND,
        "Completed",
    ),
    ("missed outside, unknown", LATE, {}, "nobody", NEW, "Completed"),
    ("missed outside, unknown, nothing", LATE, NONE_NEW, "nobody", "skip.kind_unknown", ""),
    ("missed outside, converted", LATE, NONE_NEW, "a converted lead", "skip.kind_converted", ""),
    ("outgoing, known", OUT, {}, "a lead", FOUND, "Completed"),
    ("outgoing, known, open", OUT, OPEN, "a lead", FOUND, "Not Started"),
    ("outgoing, known, nothing", OUT, NOTHING, "a lead", "skip.kind", ""),
    (
        "outgoing, known, nothing, others created",
        OUT,
        {**NOTHING, **CREATE},
        "a lead",
        "skip.kind_known",
        "",
    ),
    ("outgoing, unknown", OUT, {}, "nobody", "skip.outgoing_unknown", ""),
    ("outgoing, unknown, create", OUT, CREATE, "nobody", NEW, "Completed"),
    ("outgoing, unknown, the manual's switch", OUT, SWITCH, "nobody", NEW, "Completed"),
    ("not answered, known", NO_ANSWER, {}, "a lead", FOUND, "Completed"),
    ("not answered, known, open", NO_ANSWER, OPEN, "a lead", FOUND, "Not Started"),
    ("not answered, known, nothing", NO_ANSWER, NOTHING, "a lead", "skip.kind", ""),
    (
        "not answered, known, nothing, others created",
        NO_ANSWER,
        {**NOTHING, **CREATE},
        "a lead",
        "skip.kind_known",
        "",
    ),
    ("not answered, unknown", NO_ANSWER, {}, "nobody", "skip.outgoing_unknown", ""),
    ("not answered, unknown, create", NO_ANSWER, CREATE, "nobody", NEW, "Completed"),
    ("not answered, unknown, the manual's switch", NO_ANSWER, SWITCH, "nobody", NEW, "Completed"),
    ("nothing for anybody", ANSWERED, {**NOTHING, **NONE_NEW}, "a lead", "skip.kind", ""),
]


@pytest.mark.parametrize(
    ("line", "kind", "chosen", "held", "reason", "status"), CELLS, ids=[one[0] for one in CELLS]
)
def test_each_line_of_the_grid(line, kind, chosen, held, reason, status):
    plan = plan_of(kind, grid(kind, **chosen), **HELD[held])
    assert plan.reason.code == reason
    assert (a.task(plan).fields["Status"] if plan.steps else "") == status


@pytest.mark.parametrize("kind", Kind)
def test_nothing_for_anybody_asks_nobody(kind):
    plan = plan_of(
        kind, grid(kind, known=Known.NOTHING, unknown=Unknown.NOTHING), leads=(a.lead(),)
    )
    assert (plan.outcome, plan.reason.code) == (Outcome.SKIP, "skip.kind")


@pytest.mark.parametrize("kind", Kind)
def test_nothing_for_known_clients_still_creates_others(kind):
    policy = grid(kind, known=Known.NOTHING, unknown=Unknown.CREATE)
    known = plan_of(kind, policy, leads=(a.lead(),))
    assert (known.reason.code, known.reason.params) == ("skip.kind_known", {"name": "Lead 00QLEAD"})
    unknown = plan_of(kind, policy)
    assert a.created(unknown) == ["Lead"]
    assert a.task(unknown).fields["Status"] == "Completed"


@pytest.mark.parametrize("kind", Kind)
def test_a_second_call_of_a_batch_is_of_a_known_client(kind):
    policy = grid(kind, known=Known.NOTHING, unknown=Unknown.CREATE)
    again = a.waiting(CALLS[kind].model_copy(update={"key": "276"}), 2)
    first, second = a.planned([a.waiting(CALLS[kind]), again], policy, a.facts())
    assert a.created(first) == ["Lead"]
    assert second.reason.code == "skip.kind_known"


@pytest.mark.parametrize("kind", Kind)
def test_an_unknown_client_is_created_only_where_the_grid_says_so(kind):
    assert a.created(plan_of(kind, grid(kind, unknown=Unknown.CREATE))) == ["Lead"]
    skipped = plan_of(kind, grid(kind, unknown=Unknown.NOTHING))
    code = "skip.outgoing_unknown" if kind in OUTGOING else "skip.kind_unknown"
    assert (skipped.outcome, skipped.reason.code) == (Outcome.SKIP, code)


@pytest.mark.parametrize("kind", Kind)
def test_of_a_converted_lead_nothing_new_is_made_either(kind):
    skipped = plan_of(kind, grid(kind, unknown=Unknown.NOTHING), leads=(a.converted(),))
    code = "skip.outgoing_converted" if kind in OUTGOING else "skip.kind_converted"
    assert skipped.reason.code == code


@pytest.mark.parametrize(("kind", "table"), list(product(Kind, [(), (a.row(a.OLENA),)])))
def test_the_task_stands_as_the_grid_says(kind, table):
    for known in choices_of(kind):
        if known is Known.NOTHING:
            continue
        policy = grid(kind, known=known, missed_calls=table)
        task = a.task(plan_of(kind, policy, leads=(a.lead(),))).fields
        is_open = known is Known.OPEN or (known is Known.AS_TABLE and bool(table))
        assert task["Status"] == ("Not Started" if is_open else "Completed")
        assert ("ReminderDateTime" in task) is is_open


def test_an_open_task_of_an_answered_call_says_when_it_is_due():
    plan = plan_of(Kind.INCOMING_ANSWERED, grid(Kind.INCOMING_ANSWERED, known=Known.OPEN))
    assert a.task(plan).fields["OwnerId"] == a.OLENA
    (due,) = [one for one in plan.trace if one.code == "task.to_do"]
    assert due.params == {"due": "2026-07-09 17:58"}


def test_a_call_missed_outside_working_hours_is_due_within_them():
    policy = a.policy(working_hours=OFFICE, missed_calls=(a.row(a.OLENA),))
    plan = plan_of(Kind.INCOMING_MISSED_OUTSIDE, policy)
    assert [one.params for one in plan.trace if one.code == "task.open"] == [
        {"due": "2026-07-16 10:00"}
    ]
    assert "task.outside_hours" in [one.code for one in plan.trace]


@pytest.mark.parametrize(
    ("hours", "owner"), [((), a.PETRO), (OFFICE, a.OLENA)], ids=["working", "outside"]
)
def test_rows_of_the_table_may_hold_for_some_hours(hours, owner):
    def row(row_id, user, when, line=""):
        return a.row(user, row_id=row_id, line=line).model_copy(update={"hours": when})

    rows = (
        row(1, a.CONNECTED, Hours.ALWAYS),
        row(2, a.PETRO, Hours.WORKING),
        row(3, a.OLENA, Hours.OUTSIDE),
    )
    policy = a.policy(working_hours=hours, missed_calls=rows)
    assert a.task(plan_of(Kind.INCOMING_MISSED, policy)).fields["OwnerId"] == owner
    another = a.OLENA if owner == a.PETRO else a.PETRO
    lined = (*rows, row(4, another, Hours.ALWAYS, a.OWN_LINE))
    policy = a.policy(working_hours=hours, missed_calls=lined)
    assert a.task(plan_of(Kind.INCOMING_MISSED, policy)).fields["OwnerId"] == another


def test_the_manuals_switch_is_the_corner_of_outgoing_calls():
    for kind in Kind:
        usual = Unknown.NOTHING if kind in OUTGOING else Unknown.CREATE
        assert a.policy().grid.unknown(kind) is usual
        assert a.policy(create_on_outgoing=True).grid.unknown(kind) is Unknown.CREATE


def test_the_whole_grid_times_what_is_held():
    for kind, mode, held in product(Kind, Mode, HELD.values()):
        for known, unknown in product(choices_of(kind), Unknown):
            plan = plan_of(kind, grid(kind, mode, known, unknown), **held)
            if Known.NOTHING is known and unknown is Unknown.NOTHING:
                assert plan.reason.code == "skip.kind"
            if plan.outcome is Outcome.SKIP:
                assert plan.steps == ()
                continue
            made = set(a.created(plan))
            assert unknown is Unknown.CREATE or made == set()
            assert known is not Known.NOTHING or made & {"Lead", "Contact"}
