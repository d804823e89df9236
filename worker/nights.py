"""A pre-flight of each org by night, as orgs change while nobody looks.

Beside the supervisor, in a thread of its own: a slow org holds up nothing but the next one. Each
account has its own minute of the night, so that orgs are asked one after the other. It costs five
API calls; an account that has used half of its own is left alone. What a test call left that was
broken off is removed then, too.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.checking import KIND, preflight
from core.policy import Policy
from core.test_call import finish
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
    looked = []
    for account_id, zone in runtime.store.checks.rested(KIND, REST, NEW):
        if stop and stop.is_set():
            break
        local = now.astimezone(ZoneInfo(zone or Policy().time_zone))
        if not is_its_minute(account_id, local):
            continue
        finish(account_id, runtime.store, runtime.config, runtime.http)
        is_done = preflight(account_id, runtime.store, runtime.config, runtime.http, REST)
        looked += [account_id] if is_done else []
    return looked


def is_its_minute(account_id: str, local: datetime) -> bool:
    """Whether the account's minute of this night has come, and the night is not over."""
    into = timedelta(hours=local.hour, minutes=local.minute)
    minutes = int((LAST - FIRST).total_seconds()) // 60
    return FIRST + timedelta(minutes=crc32(account_id.encode()) % minutes) <= into < LAST
