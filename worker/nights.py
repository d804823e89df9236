"""A pre-flight of each org by night, as orgs change while nobody looks.

Beside the supervisor, in a thread of its own: a slow org holds up nothing but the next one. Each
account has its own minute of the night, so that orgs are asked one after the other. It costs five
API calls; an account that has used half of its own is left alone. What a test call left that was
broken off is removed then, too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.checking import KIND, preflight
from core.policy import Policy
from core.test_call import TEST_CALL, finish
from worker.outage import OUTAGES
from worker.runtime import Runtime

log = structlog.get_logger()

EVERY_SECONDS = 600.0
FIRST, LAST = timedelta(hours=1), timedelta(hours=5)
"""Of the account's own clock."""
REST = timedelta(hours=12).total_seconds()
"""An org that was looked at within that time is not asked again by night."""
NEW = timedelta(days=14).total_seconds()
"""So long after connecting an org is looked at though it is switched off."""


def look_by_night(runtime: Runtime, stop: threading.Event) -> None:
    """Until told to stop. A round that fails is said, whatever it failed on."""
    while not stop.wait(EVERY_SECONDS):
        try:
            look_at_those_due(runtime, datetime.now(UTC), stop)
        except SQLAlchemyError as error:
            log.warning("looks by night failed; they go on", error=type(error).__name__)
        except Exception as mistake:
            log.error("looks by night failed unexpectedly; they go on", exc_info=mistake)


def look_at_those_due(
    runtime: Runtime, now: datetime, stop: threading.Event | None = None
) -> list[str]:
    """Returns the accounts whose orgs were looked at."""
    checks, here = runtime.store.checks, (runtime.store, runtime.config, runtime.http)

    def clear(account_id: str) -> bool:
        finish(account_id, *here)
        return True

    _each(checks.made(TEST_CALL), now, stop, clear)
    due = checks.rested(KIND, REST, NEW)
    return _each(due, now, stop, lambda account_id: preflight(account_id, *here, REST))


def _each(
    accounts: Iterable[tuple[str, str | None]],
    now: datetime,
    stop: threading.Event | None,
    act: Callable[[str], bool],
) -> list[str]:
    """Those whose minute has come and for which `act` did something. What one account's org, or a
    mistake of ours, does to it holds up no other."""
    done = []
    for account_id, zone in accounts:
        if stop and stop.is_set():
            break
        try:
            local = now.astimezone(ZoneInfo(zone or Policy().time_zone))
            if is_its_minute(account_id, local) and act(account_id):
                done.append(account_id)
        except OUTAGES as outage:
            log.warning("look by night failed", account=account_id, error=type(outage).__name__)
        except Exception as mistake:
            log.error("look by night failed unexpectedly", account=account_id, exc_info=mistake)
    return done


def is_its_minute(account_id: str, local: datetime) -> bool:
    """Whether the account's minute of this night has come, and the night is not over."""
    into = timedelta(hours=local.hour, minutes=local.minute)
    minutes = int((LAST - FIRST).total_seconds()) // 60
    return FIRST + timedelta(minutes=crc32(account_id.encode()) % minutes) <= into < LAST
