"""A batch of claimed calls, and the lease under which its results count."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import tzinfo

import structlog

from core import reasons
from core.clock import on_the_clock
from core.events import BadEvent, NotFinal, parse_call
from core.facts import NOTHING_LEARNT, Lessons, WaitingCall
from core.models import CallRow, CallState, QueuedCall
from core.policy import Policy
from core.store import Store
from core.store.database import DATABASE_AWAY
from core.store.leases import AT_MOST, Lease
from core.store.results import NOTHING_SPENT, Result, Spent

log = structlog.get_logger()

MAX_ATTEMPTS = 300
"""With pauses growing to a quarter of an hour that is about three days; then a person is asked."""
AS_GOOD_AS_NEW = 12
"""A lease is prolonged once this part of its time has passed: a request takes three quarters."""

PAUSES = (0.1, 0.5, 2.0)
"""Seconds between attempts to record."""


class LeaseLost(Exception):
    """Another delivers for this account by now; what was claimed is left to it."""


@dataclass(frozen=True)
class Batch:
    account_id: str
    lease: Lease
    policy: Policy
    calls: tuple[WaitingCall, ...]
    is_last: bool
    """Whether nothing else was due."""
    claimed: float
    """On the monotonic clock."""

    def keep(self, store: Store, seconds: int) -> None:
        """Prolong the lease where it is not fresh, right before each request. Raises LeaseLost
        when another has it: two that write for one account could write a call twice."""
        if time.monotonic() - self.claimed < seconds / AS_GOOD_AS_NEW:
            return
        if not store.leases.keep(self.account_id, self.lease, seconds):
            raise LeaseLost(self.account_id)

    def record(
        self, store: Store, results: list[Result], api_calls: int, spent: Spent = NOTHING_SPENT
    ) -> None:
        """Write the results down.

        The database may be away for a moment: that is waited for, as what Salesforce took would
        have to be found there again otherwise.
        """
        if not results:
            return
        for patience in (*PAUSES, None):
            try:
                store.deliveries.record(self.account_id, self.lease, results, api_calls, spent)
                break
            except DATABASE_AWAY as away:
                if patience is None:
                    raise
                log.warning("database away", account=self.account_id, error=type(away).__name__)
                time.sleep(patience)
        self._say(results)

    def _say(self, results: list[Result]) -> None:
        keys = {one.id: one.call.key for one in self.calls}
        for one in results:
            log.info(
                "call settled", account=self.account_id, call=keys.get(one.call_id, ""),
                state=one.state, reason=one.reason_code,
            )  # fmt: skip


def claim(store: Store, account_id: str, lease: Lease, seconds: int) -> Batch | None:
    """The next calls that are due; None when there are none."""
    claimed = time.monotonic()  # before the lease's time begins, however long the claim takes
    rows = store.deliveries.claim(account_id, lease, AT_MOST, seconds)
    if not rows:
        return None
    policy = store.policies.get(account_id)
    calls, hopeless = [], list[Result]()
    for row in rows:
        if _queued(row).attempts > MAX_ATTEMPTS:  # each one ended its deliverer
            gave_up = reasons.delivery.gave_up(detail="WorkerEnded")
            hopeless.append(Result(row.id, CallState.ATTENTION, gave_up))
            continue
        try:
            calls.append(_waiting(row, policy.zone))
        except (BadEvent, NotFinal) as error:
            # Readable when it came in: an older version's reader was more tolerant.
            unreadable = reasons.delivery.unreadable(detail=str(error))
            hopeless.append(Result(row.id, CallState.ATTENTION, unreadable))
    fresh = all(one.attempts == 1 for one in calls)  # others may hide calls that go alone
    is_last = fresh and len(rows) < (lease.bears or AT_MOST)
    batch = Batch(account_id, lease, policy, tuple(calls), is_last, claimed)
    batch.record(store, hopeless, api_calls=0)
    return batch


def _waiting(row: CallRow, zone: tzinfo) -> WaitingCall:
    queued = _queued(row)
    return replace(
        as_it_came(row, zone),
        lessons=lessons_from_json(queued.lessons),
        attempts=queued.attempts,
        unsure=queued.unsure,
    )


def as_it_came(row: CallRow, zone: tzinfo) -> WaitingCall:
    """A call of the journal, whose own row says so when it was skipped before. Raises `BadEvent`
    or `NotFinal` when today's reader would refuse its event."""
    return WaitingCall(
        id=row.id,
        call=on_the_clock(parse_call(row.event, zone), zone, row.received_at),
        number=row.e164,
        was_unknown=row.reason_code == reasons.skip.outgoing_unknown.code,
    )


def _queued(row: CallRow) -> QueuedCall:
    assert row.queued, "a claimed call is in the queue"  # noqa: S101
    return row.queued


def lessons_from_json(data: dict[str, list[str]]) -> Lessons:
    """What another version of the product learnt besides is learnt anew."""
    known = vars(NOTHING_LEARNT)
    return Lessons(**{name: frozenset(ids) for name, ids in data.items() if name in known})


def lessons_to_json(lessons: Lessons) -> dict[str, list[str]]:
    return {name: sorted(ids) for name, ids in vars(lessons).items() if ids}
