"""A batch of claimed calls, and the lease under which its results count."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from core.events import BadEvent, NotFinal, parse_call
from core.facts import Lessons, WaitingCall
from core.models import CallRow, CallState
from core.store import Store
from core.store.deliveries import Result

log = structlog.get_logger()

AT_MOST = 75
"""Salesforce takes 75 graphs in one request (REST guide, Composite Graph limits)."""


@dataclass(frozen=True)
class Batch:
    account_id: str
    lease: str
    calls: tuple[WaitingCall, ...]

    def keep(self, store: Store, seconds: int) -> bool:
        """Prolong the lease before a network call; False when another has it by now."""
        return store.deliveries.keep_lease(self.account_id, self.lease, seconds)

    def record(self, store: Store, results: list[Result], api_calls: int) -> None:
        if not results:
            return
        written = store.deliveries.record(self.account_id, self.lease, results, api_calls)
        by_state: dict[str, int] = {}
        for one in results:
            by_state[one.state] = by_state.get(one.state, 0) + 1
        log.info(
            "calls settled", account=self.account_id, recorded=written, api_calls=api_calls,
            **by_state,
        )  # fmt: skip


def claim(store: Store, account_id: str, lease: str, seconds: int) -> Batch | None:
    """The next calls that are due; None when there are none."""
    rows = store.deliveries.claim(account_id, lease, AT_MOST, seconds)
    calls, unreadable = [], []
    for row in rows:
        try:
            calls.append(_waiting(row))
        except (BadEvent, NotFinal) as error:
            # Readable when it came in: an older version's reader was more tolerant.
            unreadable.append(
                Result(
                    row.id,
                    CallState.ATTENTION,
                    "delivery.unreadable",
                    {"detail": str(error)},
                )
            )
    batch = Batch(account_id, lease, tuple(calls))
    batch.record(store, unreadable, api_calls=0)
    return batch if rows else None


def _waiting(row: CallRow) -> WaitingCall:
    return WaitingCall(
        id=row.id,
        call=parse_call(row.event),
        lessons=lessons_from_json(row.lessons),
        attempts=row.attempts,
    )


def lessons_from_json(data: dict[str, list[str]]) -> Lessons:
    return Lessons(**{name: frozenset(ids) for name, ids in data.items()})


def lessons_to_json(lessons: Lessons) -> dict[str, list[str]]:
    return {name: sorted(ids) for name, ids in vars(lessons).items() if ids}
