"""The calls of a run, and whether an org holds them as it should."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from tests.bench.org.records import digits
from tests.helpers.events import event


def number(call: int) -> str:
    """Whose call it is: every tenth comes from a number that called before, by turns in the same
    batch and in another one; always in the same list of a hundred, as lists race each other."""
    if call % 10 == 0:
        call -= 45 if call % 100 >= 50 else 5
    return f"38050{call:07d}"


def event_of(call: int) -> dict[str, Any]:
    """A finished call, the `call`-th of its account, counted from 1."""
    return event(dbid=call, id=call, **{"from": number(call)})


def faults(
    told: dict[str, Any], handed_over: int, done: set[str] | None = None, by: int = 1
) -> Counter[str]:
    """What is wrong with an org whose account was handed the calls 1 to `handed_over`; empty when
    nothing is.

    `told` is what the org tells of itself, `done` the keys that the ledger calls done (None = all
    should be). With `by` deliverers at once neither order nor leads are looked after: a peer's.
    """
    keys = [str(key) for key, _, _ in told["tasks"]]
    everything = {str(call) for call in range(1, handed_over + 1)}
    done = everything if done is None else done
    times = Counter(keys)
    wrong = Counter({
        "calls lost": len(done - times.keys()),
        "calls there though not done": len((times.keys() & everything) - done),
        "calls that nobody handed over": len(times.keys() - everything),
        "calls there twice": times.total() - len(times),
        "calls on another number's lead": sum(
            lead != digits(number(int(key))) for key, lead, _ in told["tasks"]
        ),
    })  # fmt: skip
    if by == 1:
        by_number: dict[str, list[int]] = {}
        for key in map(int, keys):
            by_number.setdefault(number(key), []).append(key)
        wrong["calls out of their number's order"] = sum(
            later < earlier for ones in by_number.values() for earlier, later in pairwise(ones)
        )
        wrong["leads too many"] = told["leads"] - len(by_number)
    return +wrong
