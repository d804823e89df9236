"""Counting: what telephony was promised, what the ledger says, what the orgs hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from core import reasons
from core.call import call_object
from core.loops import LoopState
from core.models import UNWRITTEN, CallEvent, CallRow, CallState, LateMatch, LoopRow
from core.store import Store
from core.store.standing import as_they_stand, with_queue
from tests.chaos.orgs import Orgs
from tests.chaos.telephony import Ring

Record = dict[str, Any]


@dataclass
class Figures:
    """Each in `wrong` has to be 0."""

    handed_over: int
    acknowledged: int
    states: Counter[str] = field(default_factory=Counter)
    tasks: int = 0
    leads: int = 0
    loops: Counter[str] = field(default_factory=Counter)
    """Clients who waited to be called back, by state, and how many were handed over."""
    found_later: int = 0
    """Calls to unknown numbers that were written in the end."""
    wrong: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    """How many processes were killed with -9 on the way."""
    done: Counter[str] = field(default_factory=Counter)
    """What went wrong on the way, and how often."""

    @property
    def is_good(self) -> bool:
        return not any(self.wrong.values())

    def lines(self) -> Iterable[str]:
        settled = ("done", "skipped", "attention")
        yield f"handed over {self.handed_over}, acknowledged {self.acknowledged}"
        yield "received {} = {}".format(
            self.states.total(),
            " + ".join(f"{self.states[name]} {name}" for name in settled),
        )
        yield f"in Salesforce: {self.tasks} Tasks, {self.leads} leads"
        yield f"clients who waited: {dict(self.loops)}"
        yield f"calls whose client was found later: {self.found_later}"
        for name, number in self.wrong.items():
            yield f"{'WRONG' if number else 'good ':5}  {number:5}  {name}"


@dataclass(frozen=True)
class Row:
    id: int
    account: str
    key: str
    number: str
    state: str
    direction: str = "IN"
    asked_for_help: bool = False
    """Whether it needed a person once. Later calls did not wait for that one, which went anew when
    somebody connected again."""
    reason: str = ""
    began: datetime = datetime.min
    answered: bool = False
    is_late: bool = False
    """It was skipped at first, and nobody waited for it. One whose answer was lost may say at the
    end only that it was written already."""


@dataclass(frozen=True)
class Excuses:
    """What the mischief did that nobody can mend."""

    refused: int
    """Writes that a validation rule refused."""
    lost_refreshes: dict[str, int]
    """By account: renewals of tokens whose process was killed."""


def count(
    store: Store, orgs: Orgs, rings: list[Ring], acknowledged: set[tuple[str, str]],
    excuses: Excuses,
) -> Figures:  # fmt: skip
    rows, loops, looked_for = (
        ledger(store),
        everything(store, LoopRow),
        everything(store, LateMatch),
    )
    found = Figures(len(rings), len(acknowledged), Counter(row.state for row in rows))
    wrong = found.wrong
    wrong["calls handed over but never acknowledged"] = len(rings) - len(acknowledged)
    known = {(row.account, row.key) for row in rows}
    wrong["calls acknowledged but not in the ledger"] = len(acknowledged - known)
    wrong["calls in the ledger that nobody handed over"] = len(known - acknowledged)
    wrong["calls neither done, skipped nor in need of attention"] = sum(
        found.states[state] for state in UNWRITTEN
    )
    wrong.update(judge_states(rows, excuses.refused))
    wrong.update(judge_late(rows, looked_for))
    for account in orgs.accounts:
        tasks, leads = orgs.records(account, "Task"), orgs.records(account, "Lead")
        found.tasks += len(tasks)
        found.leads += len(leads)
        own = [row for row in rows if row.account == account]
        wrong.update(compare(own, tasks, leads))
        wrong.update(judge_loops([one for one in loops if one.account_id == account], tasks, own))
        reuses = orgs.counters(account)["refresh_reuses"]
        wrong["refresh tokens used twice, no kill to blame"] += max(
            0, reuses - excuses.lost_refreshes.get(account, 0)
        )
    wrong[LEFT_OPEN] = max(0, wrong[LEFT_OPEN] - excuses.refused)
    found.loops = Counter(one.state for one in loops)
    found.loops["handed over"] = sum(bool(one.handed_over_at) for one in loops)
    found.found_later = sum(row.is_late for row in rows)
    return found


def ledger(store: Store) -> list[Row]:
    with store.database.read() as session:
        calls = as_they_stand(session.scalars(with_queue().order_by(CallRow.id)))
        event = select(CallEvent.call_id)
        helped = set(session.scalars(event.where(CallEvent.state == CallState.ATTENTION)))
        found = reasons.delivery.client_found.code
        late = set(session.scalars(event.where(CallEvent.reason_code == found)))
    return [
        Row(
            one.id, one.account_id, one.call_key, one.number, one.state, one.direction,
            one.id in helped, one.reason_code, one.started_at, one.answered, one.id in late,
        )
        for one in calls
    ]  # fmt: skip


def everything(store: Store, table: type[Any]) -> list[Any]:
    with store.database.read() as session:
        return list(session.scalars(select(table)))


NOT_HANDED_OVER = "clients who wait too long, handed over to nobody"
LEFT_OPEN = "closed loops whose Task is open, no rule of the org to blame"


def judge_loops(loops: list[LoopRow], tasks: list[Record], rows: list[Row]) -> dict[str, int]:
    """One account's clients who wait, against its org and its calls. No person touches a Task
    here."""
    is_closed = {task["Id"]: task["IsClosed"] for task in tasks}
    waiting = [one for one in loops if one.state == LoopState.OPEN]
    closed = [one for one in loops if one.state in (LoopState.CALLED_BACK, LoopState.CALLED_AGAIN)]
    known = {one.task_id for one in loops}
    numbers = Counter(one.number for one in waiting)
    owners = {task["Id"]: task["OwnerId"] for task in tasks}
    spoken = {
        row.number: row.began
        for row in sorted(rows, key=lambda row: row.began)
        if row.state == CallState.DONE and row.answered
    }
    return {
        "clients who wait though somebody spoke with them since": sum(
            one.number in spoken and spoken[one.number] > one.missed_at for one in waiting
        ),
        "open loops whose Task is completed": sum(is_closed[one.task_id] for one in waiting),
        LEFT_OPEN: sum(not is_closed[one.task_id] for one in closed),
        "loops ended by a person who is not there": len(loops) - len(waiting) - len(closed),
        "loops too many for one Task": len(loops) - len(known),
        "open loops too many for one number": numbers.total() - len(numbers),
        "open Tasks that nobody waits for": len(
            [one for one, closed in is_closed.items() if not closed and one not in known]
        ),
        NOT_HANDED_OVER: sum(not one.handed_over_at for one in waiting),
        "loops handed over whose Task is another's": sum(
            bool(one.handed_over_at) and one.responsible != owners[one.task_id] for one in waiting
        ),
    }


def judge_late(rows: list[Row], looked_for: list[LateMatch]) -> dict[str, int]:
    """Calls to numbers that nobody has, all of them of today, against those that are looked for."""
    unknown = [row for row in rows if row.reason == reasons.skip.outgoing_unknown.code]
    ids, rest = {one.call_id for one in looked_for}, {row.id for row in unknown}
    known = {(row.account, row.number) for row in rows if row.state == CallState.DONE}
    return {
        "calls to unknown numbers that are not looked for": len(rest - ids),
        "calls looked for in vain": len(ids - rest),
        "calls to unknown numbers whose client is known by now": sum(
            (row.account, row.number) in known for row in unknown
        ),
    }


def judge_states(rows: list[Row], refused: int) -> dict[str, int]:
    """Whether calls ended as they should. Switched on, in the mode "Leads", creating nothing on
    outgoing calls: internal calls are skipped, outgoing ones to nobody's number may be."""
    skipped = [row for row in rows if row.state == CallState.SKIPPED]
    internal = [row for row in rows if row.direction == "INNER"]
    attention = sum(row.state == CallState.ATTENTION for row in rows)
    return {
        "incoming calls skipped": sum(row.direction == "IN" for row in skipped),
        "internal calls not skipped": len(set(internal) - set(skipped)),
        "calls in need of attention that no rule of the org explains": max(0, attention - refused),
    }


def compare(rows: list[Row], tasks: list[Record], leads: list[Record]) -> dict[str, int]:
    """One account's ledger against its org."""
    keys = [key_of(task) for task in tasks]
    times = Counter(keys)
    done = {row.key for row in rows if row.state == CallState.DONE}
    by_key = {row.key: row for row in rows}
    phones = {lead["Id"]: lead["Phone"] for lead in leads}
    known = [(task, by_key[key]) for task, key in zip(tasks, keys, strict=True) if key in by_key]
    return {
        "calls done without a Task": len(done - times.keys()),
        "Tasks of calls that are not done": len(times.keys() - done),
        "Tasks too many for one call": sum(times.values()) - len(times),
        "leads too many for one number": len(leads) - len(set(phones.values())),
        "Tasks on another number's lead": sum(
            phones.get(task["WhoId"]) != row.number for task, row in known
        ),
        "Tasks out of their number's order": _out_of_order([row for _, row in known]),
    }


def key_of(task: Record) -> str:
    return task.get("UniTalk_Call_Id__c") or task["CallObject"].removeprefix(call_object(""))


def _out_of_order(written: list[Row]) -> int:
    """`written` in the order of the Tasks; one written twice counts once."""
    by_number: dict[str, list[int]] = defaultdict(list)
    for row in dict.fromkeys(written):
        if not (row.asked_for_help or row.is_late):
            by_number[row.number].append(row.id)
    return sum(later < earlier for ids in by_number.values() for earlier, later in pairwise(ids))
