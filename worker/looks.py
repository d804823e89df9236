"""Looks at the Tasks of clients who wait to be called back, once an hour.

    ledger ──open loops──▶ one read ──▶ completed or deleted by a person: over
                                   └──▶ overdue: one write hands them over ──▶ ledger

Beside the supervisor, in a thread of its own; the account's lease keeps it to one at a time, with
deliveries too. Only accounts with open loops are asked, within their API calls.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.connection import Connection
from core.facts import Facts, OpenLoop
from core.models import LoopRow
from core.org import Org, open_org
from core.policy import Overdue
from core.rules.loop import ending
from core.salesforce.errors import ConnectionDead
from core.store.leases import Lease
from core.store.looks import Found
from core.store.loops import as_known
from worker.batches import LeaseLost
from worker.outage import CEILING_PAUSE, OUTAGES
from worker.overdue import hand_over_all
from worker.runtime import Runtime

log = structlog.get_logger()

EVERY_SECONDS = 10.0
MOST = 500
"""Open loops of one look: their ids fit one query, their rows one page."""
OUTAGE_PAUSE = 15 * 60
"""Seconds before an org that gave no answer is asked again."""


@dataclass
class Look:
    """One look at one account, under its lease."""

    account_id: str
    lease: Lease
    connection: Connection
    runtime: Runtime
    org: Org


def look_after_loops(runtime: Runtime, stop: threading.Event) -> None:
    """Until told to stop. A round that fails is said, whatever it failed on."""
    while not stop.wait(EVERY_SECONDS):
        try:
            look_at_those_due(runtime, stop)
        except SQLAlchemyError as error:
            log.warning("looks failed; they go on", error=type(error).__name__)
        except Exception as mistake:
            log.error("looks failed unexpectedly; they go on", exc_info=mistake)


def look_at_those_due(runtime: Runtime, stop: threading.Event | None = None) -> list[str]:
    """Returns the accounts that were looked at."""
    looked = []
    for account_id in runtime.store.looks.accounts():
        if stop and stop.is_set():
            break
        looked += [account_id] if look_at(account_id, runtime) else []
    return looked


def look_at(account_id: str, runtime: Runtime) -> bool:
    """Whether it was the account's turn: nobody else is at work for it."""
    lease = runtime.store.leases.take(account_id, runtime.config.lease_seconds)
    if lease is None:
        return False
    try:
        _look(account_id, lease, runtime)
    except LeaseLost:
        log.warning("lease lost on the way", account=account_id)
    finally:
        if runtime.store.leases.drop(account_id, lease):
            runtime.waker.wake(account_id)  # who came meanwhile went again
    return True


def _look(account_id: str, lease: Lease, runtime: Runtime) -> None:
    store = runtime.store
    connection = store.connections.get(account_id)
    used, ceiling = connection.api_used, connection.ceiling
    if used is not None and ceiling is not None and used >= ceiling:
        store.looks.put_off(account_id, CEILING_PAUSE)
        return

    def permit() -> None:
        if not store.leases.keep(account_id, lease, runtime.config.lease_seconds):
            raise LeaseLost(account_id)

    org = open_org(
        account_id, store, runtime.config, runtime.http, permit=permit, connection=connection
    )
    try:
        _ask(Look(account_id, lease, connection, runtime, org))
    except OUTAGES as outage:
        log.warning("no look at loops", account=account_id, error=type(outage).__name__)
        if isinstance(outage, ConnectionDead):
            store.connections.died(account_id, outage.reason, connection.connected_at)
        store.looks.put_off(account_id, OUTAGE_PAUSE)
    finally:
        store.deliveries.note_spent(account_id, org.spent())


def _ask(look: Look) -> None:
    store, org = look.runtime.store, look.org
    due = store.looks.due(look.account_id, MOST)
    if not due:
        store.looks.put_off(look.account_id, OUTAGE_PAUSE)
        return
    policy = store.policies.get(look.account_id)
    known = org.loops({loop.number: as_known(loop) for loop, _, _ in due})
    facts = Facts(org.shape(), look.connection.user_id)
    found = {loop.id: _found(loop, known[loop.number], facts) for loop, _, _ in due}
    late = [
        (found[loop.id], call)
        for loop, call, is_late in due
        if is_late and not loop.handed_over_at and not found[loop.id].ended
    ]
    if late and policy.overdue is Overdue.HAND_OVER:
        found |= hand_over_all(org, late, policy, facts)
    if store.looks.looked(look.account_id, look.lease, list(found.values())):
        log.info("loops looked at", account=look.account_id, loops=len(found))


def _found(loop: LoopRow, known: OpenLoop, facts: Facts) -> Found:
    owner = known.task.owner_id if known.task else ""
    return Found(loop, owner, ending(loop.number, known, facts.shape))
