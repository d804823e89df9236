"""Lines of the rules by their names: the settings, what is held, the call, what becomes of it.

By the headings of docs/rules.md. Other lines stand where they are decided: which calls are written
in test_kinds.py, handing over in test_loop.py, calls told late in test_loop_told_late.py, hourly
looks in tests/worker, what may join an opportunity in tests/core/salesforce, the page of who waits
in tests/portal/missed.
"""

from dataclasses import dataclass, replace

import pytest

from core.call import Call
from core.facts import LoopTask, OpenLoop
from core.kinds import Kind, KindRow, Known, Unknown
from core.languages import LANGUAGES
from core.loops import LoopOpened, LoopState, MissedAgain
from core.plan import Update
from core.policy import Hours, Policy
from core.texts import say
from core.working import Span
from tests.core.helpers import cases as a
from tests.core.helpers.cases import DEALS, REOPEN

MORNING = (Span(weekday=3, begins="09:00", ends="12:00"),)  # cases' calls are Thursday, 16:58
EVENING = (Span(weekday=3, begins="12:00", ends="18:00"),)
BUSY = a.outgoing(state="BUSY", seconds_talk=0)
KNOWN = (a.lead(),)
LOOSE = ("00TA", "00TB")
TASK = LoopTask("Missed call +380505557182", "Status: missed, incoming", a.PETRO)
WAITS = OpenLoop("00TLOOP", a.moment(9), 1, TASK)
DONE, TO_DO = "Completed", "Not Started"


@dataclass(frozen=True)
class Line:
    """What becomes of one call."""

    name: str
    policy: Policy
    held: a.Records
    call: Call
    reason: str
    task: str = ""
    """Status of the call's Task; empty = nothing is written."""
    said: tuple[str, ...] = ()
    """Codes that the trace has among others."""
    owner: str = ""
    """Of the call's Task, where the line is about it."""
    due: str = ""
    """Of the call's Task, where it is open."""
    waits: OpenLoop | None = None
    """Who waits already."""
    loop: tuple[object, ...] = ()
    """What becomes of who waits: a state, or the kind of change."""
    changed: tuple[str, ...] = ()
    """Tasks that are there, and change."""
    was_unknown: bool = False
    avoid: tuple[str, ...] = ()
    """What Salesforce has refused to change."""


def rows(*named: tuple[str, Hours, str], hours: tuple[Span, ...] = MORNING) -> Policy:
    table = [
        a.row(user, line=line, row_id=place).model_copy(update={"hours": when})
        for place, (user, when, line) in enumerate(named, 1)
    ]
    return a.policy(missed_calls=tuple(table), working_hours=hours)


NAMED = a.policy(missed_calls=(a.row(a.OLENA),))
SILENT = a.policy(
    kinds=(KindRow(kind=Kind.OUTGOING_ANSWERED, known=Known.NOTHING, unknown=Unknown.CREATE),)
)
TELLING = a.policy(tell_owner=True)
LEAD, NEW = "write.lead_found", "write.lead_created"
DUE = "2026-07-09 17:58"
NEXT_WEEK = "2026-07-16 10:00"
PETROS, OLENAS = (a.PETRO, Hours.ALWAYS, ""), (a.OLENA, Hours.OUTSIDE, "")
LINED = (a.PETRO, Hours.ALWAYS, a.OWN_LINE)
LOGGED = a.contact(loose_calls=LOOSE)

WORKING_HOURS = [
    Line(
        *("within", rows(PETROS, OLENAS, hours=EVENING), KNOWN, a.missed(), LEAD, TO_DO),
        *(("task.open",), a.PETRO, DUE, None, (LoopOpened,)),
    ),
    Line(
        *("outside before always", rows(PETROS, OLENAS), KNOWN, a.missed(), LEAD, TO_DO),
        *(("task.outside_hours",), a.OLENA, NEXT_WEEK, None, (LoopOpened,)),
    ),
    Line(
        *("a line before any line", rows(OLENAS, LINED), KNOWN, a.missed(), LEAD, TO_DO),
        *(("owner.missed_line",), a.PETRO, NEXT_WEEK, None, (LoopOpened,)),
    ),
    Line(
        "a day off",
        rows(PETROS, OLENAS, hours=EVENING).model_copy(update={"days_off": ("2026-07-09",)}),
        *(KNOWN, a.missed(), LEAD, TO_DO, ("task.outside_hours",)),
        *(a.OLENA, "2026-07-16 13:00", None, (LoopOpened,)),
    ),
]

UNTIL_CALLED_BACK = [
    Line(
        *("opened", NAMED, (), a.missed(), NEW, TO_DO, ("loop.opened",)),
        *(a.OLENA, DUE, None, (LoopOpened,)),
    ),
    Line("a log entry opens nothing", a.policy(), (), a.missed(), NEW, DONE),
    Line(
        *("missed again", NAMED, KNOWN, a.missed(), LEAD, DONE),
        *(("loop.missed_again", "owner.missed_again"), a.PETRO, "", WAITS, (MissedAgain,)),
        ("00TLOOP",),
    ),
    Line(
        *("called back", NAMED, KNOWN, a.outgoing(), LEAD, DONE, ("loop.called_back",)),
        *(a.OLENA, "", WAITS, (LoopState.CALLED_BACK,), ("00TLOOP",)),
    ),
    Line(
        *("called again", NAMED, KNOWN, a.call(), LEAD, DONE, ("loop.called_again",)),
        *(a.OLENA, "", WAITS, (LoopState.CALLED_AGAIN,), ("00TLOOP",)),
    ),
    Line(
        *("refused", NAMED, KNOWN, a.call(), LEAD, DONE, ("loop.refused", "loop.called_again")),
        waits=WAITS,
        loop=(LoopState.CALLED_AGAIN,),
        avoid=("00TLOOP",),
    ),
    Line("called in vain", NAMED, KNOWN, BUSY, LEAD, DONE, waits=WAITS),
    Line(
        *(
            "a kind that writes nothing",
            SILENT,
            KNOWN,
            a.outgoing(),
        ),
        *("skip.kind_known",),
        waits=WAITS,
    ),
    Line(
        *("completed by a person", NAMED, KNOWN, a.call(), LEAD, DONE, ("loop.completed",)),
        waits=replace(WAITS, task=replace(TASK, is_closed=True)),
        loop=(LoopState.COMPLETED,),
    ),
    Line(
        *("deleted by a person", NAMED, KNOWN, a.missed(), LEAD, TO_DO),
        *(("loop.gone", "loop.opened"), a.OLENA, DUE, replace(WAITS, task=None)),
        loop=(LoopState.GONE, LoopOpened),
    ),
    Line(
        *("over before it was missed", NAMED, KNOWN, a.call(), LEAD, DONE),
        waits=replace(WAITS, missed_at=a.moment(10)),
    ),
]

A_COLLEAGUE = [
    Line("told", TELLING, KNOWN, a.call(), LEAD, DONE, ("task.owner_told",), a.OLENA),
    Line("off, as at first", a.policy(), KNOWN, a.call(), LEAD, DONE),
    Line("the owner answered", TELLING, KNOWN, a.call(lines=("2001",)), LEAD, DONE),
    Line(
        *("a queue owns it", TELLING, (a.lead(owner_id=a.QUEUE),), a.call(), LEAD, DONE),
        ("task.nobody_to_tell",),
    ),
]

FOUND_LATER = [
    Line(
        *("looked for", a.policy(), (), a.outgoing(), "skip.outgoing_unknown"),
        said=("skip.looked_for",),
    ),
    Line("off", a.policy(find_later=False), (), a.outgoing(), "skip.outgoing_unknown"),
    Line(
        *("found", a.policy(), KNOWN, a.outgoing(), "write.found_later", DONE, (LEAD,)),
        was_unknown=True,
    ),
]

WHOLE_HISTORY = [
    Line(
        *("first used", DEALS, (replace(a.WITH_OPEN, loose_calls=LOOSE),), a.call()),
        *("write.opportunity_open", DONE, ("opportunity.history",)),
        changed=LOOSE,
    ),
    Line(
        *("reopened", REOPEN, (replace(a.WITH_CLOSED, loose_calls=LOOSE),), a.call()),
        *("write.opportunity_reopened", DONE, ("opportunity.history",)),
        changed=LOOSE,
    ),
    Line(
        *("created", DEALS, (LOGGED,), a.call(), "write.opportunity_created", DONE),
        *(("opportunity.history",),),
        changed=LOOSE,
    ),
    Line("on the contact alone", DEALS, (LOGGED,), a.outgoing(), "write.contact_only", DONE),
]

TABLES = {
    "working hours": WORKING_HOURS,
    "until somebody calls back": UNTIL_CALLED_BACK,
    "a colleague answered": A_COLLEAGUE,
    "found later": FOUND_LATER,
    "the whole history": WHOLE_HISTORY,
}
LINES = [(heading, line) for heading, lines in TABLES.items() for line in lines]


@pytest.mark.parametrize(
    "line", [line for _, line in LINES], ids=[f"{heading}: {one.name}" for heading, one in LINES]
)
def test_lines(line):
    loops = {a.NUMBER: line.waits} if line.waits else {}
    waiting = replace(a.waiting(line.call, avoid=line.avoid), was_unknown=line.was_unknown)
    (plan,) = a.planned([waiting], line.policy, a.facts(*line.held, loops=loops))
    assert plan.reason.code == line.reason
    assert set(line.said) <= set(a.told(plan))
    assert [getattr(one, "state", type(one)) for one in plan.loop] == list(line.loop)
    tasks = [one for one in plan.steps if isinstance(one, Update) and one.object == "Task"]
    assert [one.id for one in tasks] == list(line.changed)
    assert all(one.beside for one in tasks)
    for language in LANGUAGES:
        assert all("…" not in say(one, language) for one in (plan.reason, *plan.trace))
    if not line.task:
        assert plan.steps == ()
        return
    task = a.task(plan).fields
    assert task["Status"] == line.task
    assert line.owner in ("", task["OwnerId"])
    assert task.get("ReminderDateTime", "")[:16].replace("T", " ") == line.due
