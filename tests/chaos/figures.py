"""Counting: what telephony was promised, what the ledger says, what the orgs hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from core.call import call_object
from core.models import CallRow, CallState
from core.store import Store
from tests.chaos.orgs import Orgs

UNSETTLED = (CallState.WAITING, CallState.RETRY, CallState.DELIVERING, CallState.HELD)


@dataclass
class Figures:
    """Each in `wrong` has to be 0."""

    handed_over: int
    acknowledged: int
    states: Counter[str] = field(default_factory=Counter)
    tasks: int = 0
    leads: int = 0
    wrong: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    """How many processes were killed with -9 on the way."""

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
        for name, number in self.wrong.items():
            yield f"{'WRONG' if number else 'good ':5}  {number:5}  {name}"


@dataclass(frozen=True)
class Row:
    id: int
    account: str
    key: str
    number: str
    state: str


def count(
    store: Store, orgs: Orgs, handed_over: int, acknowledged: set[tuple[str, str]],
    cut_refreshes: dict[str, int],
) -> Figures:  # fmt: skip
    rows = ledger(store)
    found = Figures(handed_over, len(acknowledged), Counter(row.state for row in rows))
    wrong: Counter[str] = Counter()
    wrong["calls handed over but never acknowledged"] = handed_over - len(acknowledged)
    known = {(row.account, row.key) for row in rows}
    wrong["calls acknowledged but not in the ledger"] = len(acknowledged - known)
    wrong["calls in the ledger that nobody handed over"] = len(known - acknowledged)
    wrong["calls neither done, skipped nor in need of attention"] = sum(
        found.states[state] for state in UNSETTLED
    )
    for account in orgs.accounts:
        tasks, leads = orgs.records(account, "Task"), orgs.records(account, "Lead")
        found.tasks += len(tasks)
        found.leads += len(leads)
        own = [row for row in rows if row.account == account]
        wrong.update(_compare(own, tasks, leads))
        reuses = orgs.counters(account)["refresh_reuses"]
        wrong["refresh tokens used twice, no kill to blame"] += max(
            0, reuses - cut_refreshes.get(account, 0)
        )
    found.wrong = dict(wrong)
    return found


def ledger(store: Store) -> list[Row]:
    columns = (CallRow.id, CallRow.account_id, CallRow.call_key, CallRow.number, CallRow.state)
    with store.database.read() as session:
        return [Row(*one) for one in session.execute(select(*columns).order_by(CallRow.id))]


def _compare(
    rows: list[Row], tasks: list[dict[str, Any]], leads: list[dict[str, Any]]
) -> dict[str, int]:
    """One account's ledger against its org."""
    keys = [
        task.get("UniTalk_Call_Id__c") or task["CallObject"].removeprefix(call_object(""))
        for task in tasks
    ]
    times = Counter(keys)
    done = {row.key for row in rows if row.state == CallState.DONE}
    return {
        "calls done without a Task": len(done - times.keys()),
        "Tasks of calls that are not done": len(times.keys() - done),
        "Tasks too many for one call": sum(times.values()) - len(times),
        "leads too many for one number": len(leads) - len({lead["Phone"] for lead in leads}),
        "Tasks out of their number's order": _out_of_order(rows, keys),
    }


def _out_of_order(rows: list[Row], keys: list[str]) -> int:
    by_key = {row.key: row for row in rows}
    written: dict[str, list[int]] = defaultdict(list)
    for key in dict.fromkeys(keys):
        if row := by_key.get(key):
            written[row.number].append(row.id)
    return sum(later < earlier for ids in written.values() for earlier, later in pairwise(ids))
