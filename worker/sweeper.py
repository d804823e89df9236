"""Finds accounts whose calls are due, so that a wake-up lost anywhere costs seconds.

A thread in each process that delivers. It asks the database and offers what it finds to the
deliverers beside it. Redis is only told, if it is there, which wake-ups under way are needless now.
Several share the accounts, as each takes only what it has room for, in an order of its own; a lease
keeps it to one deliverer an account.
"""

from __future__ import annotations

import random
import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from worker.deliverers import Deliverers
from worker.runtime import Runtime

log = structlog.get_logger()

SHORTEST_PAUSE = 0.1
"""Seconds between two sweeps while there is more to do than there is room for."""


def sweep_forever(runtime: Runtime, deliverers: Deliverers, stop: threading.Event) -> None:
    """Sweep every so many seconds until told to stop, and sooner when there was no room for all.
    A sweep that fails is said and repeated, whatever it failed on: without it, lost wake-ups stay
    lost."""
    pause = seconds = runtime.config.sweep_seconds
    while not stop.wait(pause):
        pause = seconds
        try:
            sweep(runtime, deliverers)
            if deliverers.wait_for_room(seconds):
                pause = min(SHORTEST_PAUSE, seconds)
        except SQLAlchemyError as error:
            log.warning("sweep failed; the next one follows", error=type(error).__name__)
        except Exception as mistake:
            log.error("sweep failed unexpectedly; the next one follows", exc_info=mistake)


def sweep(runtime: Runtime, deliverers: Deliverers) -> None:
    """Offer what is due, as far as there is room."""
    for account_id in runtime.store.releases.held_though_connected():
        runtime.store.releases.unhold(account_id)
    due = runtime.store.deliveries.due_accounts()
    random.shuffle(due)
    if chosen := deliverers.room_for(due):
        runtime.waker.begun(*chosen)
        for account_id in chosen:
            deliverers.offer(account_id, came=False)
