"""Looking again for numbers that nobody had: hourly, one read for all of an account's.

    due ──▶ lease ──▶ look up ──▶ decide ──▶ found: back into the queue, where it is written
                      one read    pure  └──▶ not found: in an hour again

Nothing is written to Salesforce here. Whoever dies on the way has changed nothing: the calls are
still due once its lease has run out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress

import structlog

from core.events import BadEvent, NotFinal
from core.facts import WaitingCall
from core.models import CallRow
from core.org import open_org
from core.plan import Outcome
from core.policy import Policy
from core.rules import triage
from core.salesforce.errors import ConnectionDead
from core.store.leases import AT_MOST, Lease
from worker.batches import as_it_came
from worker.outage import OUTAGES, wait_for_org
from worker.planning import plan_calls
from worker.runtime import Runtime

log = structlog.get_logger()


def look_for_late(runtime: Runtime, stop: threading.Event | None = None) -> list[str]:
    """Until told to stop. Returns the accounts some of whose calls were found."""
    found = []
    for account_id in runtime.store.late.due_accounts():
        if stop and stop.is_set():
            break
        found += [account_id] if _look(account_id, runtime) else []
    return found


def _look(account_id: str, runtime: Runtime) -> int:
    """How many calls were found. While another delivers for the account it is left alone: these
    calls have time."""
    lease = runtime.store.leases.take(account_id, runtime.config.lease_seconds)
    if lease is None:
        return 0
    found = 0
    try:
        found = _look_up(account_id, lease, runtime)
    finally:
        if runtime.store.leases.drop(account_id, lease) or found:
            runtime.waker.wake(account_id)
    return found


def _look_up(account_id: str, lease: Lease, runtime: Runtime) -> int:
    store = runtime.store
    policy = store.policies.get(account_id)
    rows = store.late.due(account_id, lease.bears or AT_MOST)
    try:
        found = _found(account_id, policy, list(_readable(rows, policy)), runtime)
    except OUTAGES as outage:
        log.warning(
            "a look for late matches failed", account=account_id, error=type(outage).__name__
        )
        found = []
    requeued = store.late.found(account_id, found) if found else 0
    store.late.looked(account_id, [row.id for row in rows])
    return requeued


def _readable(rows: Iterable[CallRow], policy: Policy) -> Iterator[WaitingCall]:
    for row in rows:
        with suppress(BadEvent, NotFinal):  # an older version's reader was more tolerant
            yield as_it_came(row, policy.zone)


def _found(
    account_id: str, policy: Policy, waiting: list[WaitingCall], runtime: Runtime
) -> list[int]:
    """Ids of the calls whose client somebody has by now."""
    store = runtime.store
    seen = store.seen.external_lines_lately(account_id)
    wanted = [one for one in waiting if triage(one, policy, "active", seen) is None]
    if not (wanted and policy.find_later):
        return []
    connection = store.connections.get(account_id)
    wait_for_org(connection, store)
    org = open_org(account_id, store, runtime.config, runtime.http, connection=connection)
    try:
        numbers = {one.number for one in wanted}
        facts = org.look_up(numbers, keys=[], record_ids=[], policy=policy, seen_lines=seen)
    except ConnectionDead as dead:
        store.connections.died(account_id, dead.reason, connection.connected_at)
        raise
    plans, _ = plan_calls(wanted, policy, facts)
    return [plan.call_id for plan in plans if plan.outcome is Outcome.WRITE]
