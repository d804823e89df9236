"""Counters in the database: exact over restarts, and the same on every machine.

Prometheus asks the portal; workers count here, most of it in the transaction whose outcome is
counted, so that nothing is counted that was not committed.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from core.models.operations import Counter
from core.store.database import Database, dialect_of, insert

SLOTS = 32
"""Rows of one counter: those who add at the same time mostly meet different ones."""

Counts = Mapping[tuple[str, str], float]
"""By name and label: how much to add."""

CALLS = "calls"
"""Label: `state reason_code`; retries and pauses are counted each time."""
API_CALLS = "api_calls"
API_SECONDS = "api_seconds"
"""Seconds that one request to Salesforce took. Labels as with LATENCY."""
REFRESHES = "refreshes"
"""Label: `renewed`."""
FAILED_REFRESHES = "failed_refreshes"
CHECKS = "checks"
"""Times that somebody asked whether anything can be written."""
LATENCY = "latency"
"""Seconds from hand-over to the Task. Label: an upper bound, or `sum`."""
BUCKETS: Mapping[str, tuple[float, ...]] = {
    LATENCY: (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 86400.0),
    API_SECONDS: (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0),
}
"""Upper bounds of the histograms."""
BEYOND = "+Inf"


def count(session: Session, counts: Counts) -> None:
    """Add to counters within the caller's transaction."""
    if not counts:
        return
    slot = random.randrange(SLOTS)  # noqa: S311
    # In one order everywhere: two that lock the same rows must not lock them crosswise.
    rows = [
        {"name": name, "label": label[:96], "slot": slot, "value": float(value)}
        for (name, label), value in sorted(counts.items())
    ]
    session.execute(_adding(dialect_of(session)), rows)


@cache
def _adding(dialect: str) -> ReturningInsert[int]:
    statement = insert(dialect, Counter)
    added = statement.on_conflict_do_update(
        index_elements=["name", "label", "slot"],
        set_={"value": Counter.value + statement.excluded.value},
    )
    return added.returning(Counter.slot)  # so that all rows go in one statement


def observed(name: str, seconds: Iterable[float]) -> dict[tuple[str, str], float]:
    """Counts for the histogram of that name; each observation in its one bucket."""
    found: dict[tuple[str, str], float] = {}
    for one in seconds:
        bound = next((str(limit) for limit in BUCKETS[name] if one <= limit), BEYOND)
        found[name, bound] = found.get((name, bound), 0) + 1
        found[name, "sum"] = found.get((name, "sum"), 0) + max(0.0, one)
    return found


def api_requests(seconds: Sequence[float]) -> Counts:
    """Counts for requests to Salesforce, by what each took."""
    return {(API_CALLS, ""): len(seconds), **observed(API_SECONDS, seconds)} if seconds else {}


class Counters:
    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, counts: Counts) -> None:
        if not counts:
            return
        with self._db.write() as session:
            count(session, counts)

    def all(self) -> dict[str, dict[str, float]]:
        """Every counter, by name and label."""
        found: dict[str, dict[str, float]] = {}
        query = select(Counter.name, Counter.label, func.sum(Counter.value)).group_by(
            Counter.name, Counter.label
        )
        with self._db.read() as session:
            for name, label, value in session.execute(query):
                found.setdefault(name, {})[label] = value
        return found
