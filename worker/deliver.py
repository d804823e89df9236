"""The story of a delivery.

    ledger ──claim──▶ triage ──▶ look up ──▶ decide ──▶ apply ──▶ ledger
                        │        one read    pure      one write
                        └── needs no Salesforce: skipped, held

Decides nothing itself: `core.rules` does. Keeps no transaction open across a network call, so
that a slow org holds up no other account and no lock outlives a crash.
"""

from __future__ import annotations

import time
from dataclasses import replace

import structlog

from core.connection import Connection, ConnectionState
from core.facts import WaitingCall
from core.org import Org, open_org
from core.plan import Outcome, Plan
from core.rules import triage
from core.salesforce.errors import Transient, Unreachable
from core.store import Store
from core.store.results import Result
from worker import outcomes
from worker.batches import Batch, LeaseLost, claim
from worker.outage import (
    OUTAGES,
    Unanswered,
    pause_for,
    settle_mistake,
    settle_outage,
    wait_for_org,
)
from worker.planning import plan_calls
from worker.runtime import Runtime

log = structlog.get_logger()

SECONDS_AT_A_TIME = 1.0
"""Then the account queues up behind the others."""


def deliver(account_id: str, runtime: Runtime) -> bool | None:
    """waiting calls → facts → plans → one write → receipts, for about a second.

    Returns whether more is due; None, at once, when another delivers for this account: that one
    looks once more before it goes.
    """
    seconds = runtime.config.lease_seconds
    lease = runtime.store.leases.take(account_id, seconds)
    if lease is None:
        return None
    enough = time.monotonic() + SECONDS_AT_A_TIME
    more = True
    try:
        while more and time.monotonic() < enough:
            batch = claim(runtime.store, account_id, lease, seconds)
            more = batch is not None and deliver_batch(batch, runtime)
    finally:
        wanted = runtime.store.leases.drop(account_id, lease)
    return more or wanted


def deliver_batch(batch: Batch, runtime: Runtime) -> bool:
    """Deliver one batch. Returns whether more may be due: not so when the account should be left
    alone for now, nor when these were all and are settled. (What comes meanwhile asks for itself;
    calls that may have broken a delivery are due when the sweeper finds no others.)"""
    store = runtime.store
    connection = store.connections.get(batch.account_id)
    seen_lines = store.seen.external_lines_lately(batch.account_id)
    settled, to_write = _triage(batch, connection, seen_lines)
    batch.record(store, [outcomes.of_plan(plan) for plan in settled], api_calls=0)
    if not to_write:
        return not batch.is_last
    org = open_org(
        batch.account_id,
        store,
        runtime.config,
        runtime.http,
        permit=lambda: batch.keep(store, runtime.config.lease_seconds),
        connection=connection,
    )
    try:
        wait_for_org(connection, store)
        results = _write(batch, to_write, seen_lines, org, store)
    except LeaseLost:
        log.warning("lease lost on the way", account=batch.account_id)
        return False
    except OUTAGES as outage:
        settle_outage(batch, to_write, outage, runtime, connection, org)
        return False
    except Exception as mistake:
        settle_mistake(batch, to_write, mistake, store, org)
        raise
    # Before the results: what they put off has not been waiting for the org.
    freed = _go_on(batch, store) if batch.lease.failures else 0
    batch.record(store, results, org.api_calls, org.spent())
    if pause_for(results, batch.account_id, store):
        return False
    return freed > 0 or not (batch.is_last and all(one.is_settled for one in results))


def _go_on(batch: Batch, store: Store) -> int:
    """After an outage (one failure may be the fault of one batch) no call sits out a pause of its
    own. Returns how many are due by that."""
    is_first = store.leases.answered(batch.account_id, batch.lease)
    if is_first and batch.lease.failures > 1:
        return store.releases.answered(batch.account_id)
    return 0


def _triage(
    batch: Batch, connection: Connection, seen_lines: list[str]
) -> tuple[list[Plan], list[WaitingCall]]:
    state = connection.state
    if state is ConnectionState.PAUSED:
        state = ConnectionState.ACTIVE  # `wait_for_org` knows until when
    settled, to_write = [], []
    for waiting in batch.calls:
        plan = None
        # What may be written already is looked for first: it is no skipped call then.
        if not (waiting.unsure and connection.usable):
            plan = triage(waiting, batch.policy, state, seen_lines)
        if plan is None:
            to_write.append(waiting)
        else:
            settled.append(plan)
    return settled, to_write


def _write(
    batch: Batch,
    waiting: list[WaitingCall],
    seen_lines: list[str],
    org: Org,
    store: Store,
) -> list[Result]:
    """One read, the plans, one write. Before each request the lease is prolonged."""
    missed = [one for one in waiting if one.call.missed]
    spoken = store.talks.since(batch.account_id, missed, batch.policy.zone)
    facts = org.look_up(
        numbers={one.number for one in waiting if one.number},
        keys=[one.call.key for one in waiting],
        record_ids=sorted(set().union(*(one.lessons.use for one in waiting))),
        policy=batch.policy,
        seen_lines=seen_lines,
    )
    plans, results = plan_calls(waiting, batch.policy, replace(facts, spoken=spoken))
    results += [outcomes.of_plan(plan) for plan in plans if plan.outcome is not Outcome.WRITE]
    to_apply = [plan for plan in plans if plan.outcome is Outcome.WRITE]
    if not to_apply:
        return results
    # Before the write: should its reply be lost, a call that is skipped now would find next time
    # what its later neighbours created.
    if results:
        batch.record(store, results, org.api_calls, org.spent())
    known = {one.id: one for one in waiting}
    try:
        receipts = {one.call_id: one for one in org.apply(to_apply, facts.shape)}
    except Unreachable:
        raise  # nothing was sent
    except Transient as lost:
        raise Unanswered(lost, to_apply) from lost
    return [outcomes.result_of(plan, known[plan.call_id], receipts) for plan in to_apply]
