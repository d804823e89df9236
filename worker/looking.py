"""Looks at one account's org after the other: each under the account's lease, as a delivery, within
its API calls.

What the world, or a mistake of ours, does to one account's look puts that account off, and holds up
no other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from core.connection import Connection
from core.org import Org, open_org
from core.salesforce.errors import ConnectionDead
from core.salesforce.http import Patience
from core.store.leases import Lease
from worker.batches import LeaseLost
from worker.outage import OUTAGES, wait_for_org
from worker.runtime import Runtime

log = structlog.get_logger()


class Waiting(Protocol):
    """What is to be looked at: `store.looks` or `store.late`."""

    def accounts(self) -> list[str]:
        """Whose turn it is."""

    def put_off(self, account_id: str) -> None:
        """What is due of the account's is looked at some time later."""


@dataclass(frozen=True)
class Look:
    """One look at one account, under its lease."""

    account_id: str
    lease: Lease
    connection: Connection
    runtime: Runtime
    org: Org


Ask = Callable[[Look], bool]
"""Returns whether the account has something to deliver by now."""


def look_at_all(
    waiting: Waiting, ask: Ask, runtime: Runtime, stop: threading.Event | None
) -> list[str]:
    """Until told to stop. Returns the accounts whose turn it was."""
    looked = []
    for account_id in waiting.accounts():
        if stop and stop.is_set():
            break
        looked += [account_id] if look_at(account_id, waiting, ask, runtime) else []
    return looked


def look_at(account_id: str, waiting: Waiting, ask: Ask, runtime: Runtime) -> bool:
    """Whether it was the account's turn: nobody else is at work for it."""
    leases, found = runtime.store.leases, False
    lease = leases.take(account_id, runtime.config.lease_seconds)
    if lease is None:
        return False
    try:
        found = _look(account_id, lease, ask, runtime)
    except LeaseLost:
        log.warning("lease lost on the way", account=account_id)
    except OUTAGES as outage:
        kind, code = type(outage).__name__, getattr(outage, "code", "")
        log.warning("no look at an org", account=account_id, error=kind, code=code)
        waiting.put_off(account_id)
    except Exception as mistake:
        log.error("a look failed unexpectedly", account=account_id, exc_info=mistake)
        waiting.put_off(account_id)
    finally:
        if leases.drop(account_id, lease) or found:  # who came meanwhile went again
            runtime.waker.wake(account_id)
    return True


def _look(account_id: str, lease: Lease, ask: Ask, runtime: Runtime) -> bool:
    store, seconds = runtime.store, runtime.config.lease_seconds

    def permit() -> None:
        if not store.leases.keep(account_id, lease, seconds):
            raise LeaseLost(account_id)

    connection = store.connections.get(account_id)
    wait_for_org(connection, store)
    # A third of a lease: who hangs holds the next accounts up, and a look can wait.
    patience = Patience(connect=5, read=seconds / 4, total=seconds / 3)
    org = open_org(account_id, store, runtime.config, runtime.http, patience, permit, connection)
    try:
        return ask(Look(account_id, lease, connection, runtime, org))
    except ConnectionDead as dead:
        store.connections.died(account_id, dead.reason, connection.connected_at)
        raise
    finally:
        store.deliveries.note_spent(account_id, org.spent())
