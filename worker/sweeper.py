"""Finds accounts whose calls are due, so that a wake-up lost anywhere costs seconds.

A thread in each process that delivers. It asks the database and offers what it finds to the
deliverers beside it: Redis has no part in it. Several share the accounts, as each takes only what
it has room for, in an order of its own; a lease keeps it to one deliverer an account.
"""

from __future__ import annotations

import random
import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.store import Store
from worker.deliverers import Deliverers

log = structlog.get_logger()

SHORTEST_PAUSE = 0.1
"""Seconds between two sweeps while there is more to do than there is room for."""


def sweep_forever(
    store: Store, deliverers: Deliverers, sweep_seconds: float, stop: threading.Event
) -> None:
    """Sweep every so many seconds until told to stop, and sooner when there was no room for all.
    A sweep that fails is said and repeated, whatever it failed on: without it, lost wake-ups stay
    lost."""
    pause = sweep_seconds
    while not stop.wait(pause):
        pause = sweep_seconds
        try:
            if sweep(store, deliverers):
                deliverers.wait_for_room(sweep_seconds)
                pause = min(SHORTEST_PAUSE, sweep_seconds)
        except SQLAlchemyError as error:
            log.warning("sweep failed; the next one follows", error=type(error).__name__)
        except Exception as mistake:
            log.error("sweep failed unexpectedly; the next one follows", exc_info=mistake)


def sweep(store: Store, deliverers: Deliverers) -> int:
    """One sweep; returns how many accounts there was no room for."""
    for account_id in store.releases.held_though_connected():
        store.releases.unhold(account_id)
    due = store.deliveries.due_accounts()
    random.shuffle(due)
    return deliverers.offer_due(due)
