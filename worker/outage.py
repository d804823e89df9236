"""When not one record but the whole org is the matter: pause, hold, try later."""

from __future__ import annotations

from datetime import timedelta

import httpx
import structlog
from sqlalchemy.exc import DBAPIError

from core.connection import Connection, ConnectionState
from core.facts import WaitingCall
from core.models import CallState
from core.plan import Reason
from core.salesforce.errors import (
    ConnectionDead,
    Paused,
    RecordRefused,
    SalesforceError,
    ShapeStale,
)
from core.secrets import CannotUnseal
from core.store import Store
from core.store.database import utc_now
from core.store.deliveries import Result
from worker.batches import Batch
from worker.outcomes import mistaken, retry
from worker.runtime import Runtime

log = structlog.get_logger()

CEILING_PAUSE = timedelta(minutes=15)
"""The quota is a rolling day: it eases all the time, so it is worth looking again soon."""

TRIES_TO_READ = 6

OUTAGES = (SalesforceError, CannotUnseal, httpx.InvalidURL, DBAPIError)
"""What the world does to a delivery. Anything else is a mistake of ours: see `settle_mistake`."""


def wait_for_quota(account_id: str, store: Store) -> None:
    """Raise Paused while the account waits for its API quota; end the pause when it is over."""
    connection = store.connections.get(account_id)
    now = utc_now()
    if connection.state is ConnectionState.PAUSED:
        if connection.paused_until and connection.paused_until > now:
            left = int((connection.paused_until - now).total_seconds()) + 1
            cause = connection.reason_code.removeprefix("connection.")
            raise Paused("PAUSED", seconds=left, cause=cause)
        # One batch goes through and brings fresh figures: over the ceiling, the next one waits.
        store.connections.resumed(account_id)
        return
    ceiling, used = connection.ceiling, connection.api_used
    if ceiling is not None and used is not None and used >= ceiling:
        raise Paused("CEILING", seconds=int(CEILING_PAUSE.total_seconds()), cause="ceiling")


def settle_outage(
    batch: Batch,
    waiting: list[WaitingCall],
    outage: Exception,
    runtime: Runtime,
    connection: Connection,
    api_calls: int,
) -> None:
    """Write down that these calls wait, and what for. `connection` is as the delivery found it."""
    if isinstance(outage, ConnectionDead):
        results = _dead(waiting, outage, runtime.store, connection)
    elif isinstance(outage, Paused):
        results = _paused(batch.account_id, waiting, outage, runtime.store)
    else:
        results = _later(batch.account_id, waiting, outage, runtime.store)
    log.warning(
        "org not available",
        account=batch.account_id,
        error=type(outage).__name__,
        code=getattr(outage, "code", ""),
        calls=len(waiting),
    )
    batch.record(runtime.store, results, api_calls)


def settle_mistake(
    batch: Batch, waiting: list[WaitingCall], mistake: Exception, store: Store, api_calls: int
) -> None:
    """A bug must not lose a call, nor keep its account busy: it waits, and says so."""
    log.error("delivery failed unexpectedly", account=batch.account_id, exc_info=mistake)
    batch.record(store, [mistaken(one.id, one.attempts, mistake) for one in waiting], api_calls)


def _dead(
    waiting: list[WaitingCall], outage: ConnectionDead, store: Store, connection: Connection
) -> list[Result]:
    reason = outage.reason
    if (
        not store.connections.died(
            connection.account_id, reason.code, dict(reason.params), connection.connected_at
        )
        and store.connections.get(connection.account_id).usable
    ):
        # Somebody reconnected while we were at it: these go again at once.
        return [Result(one.id, CallState.WAITING) for one in waiting]
    return [Result(one.id, CallState.HELD, reason.code, dict(reason.params)) for one in waiting]


def _paused(
    account_id: str, waiting: list[WaitingCall], outage: Paused, store: Store
) -> list[Result]:
    until = utc_now() + timedelta(seconds=outage.seconds)
    code = outage.reason.code
    store.connections.paused(account_id, until, code, {})
    return [Result(one.id, CallState.WAITING, code, due_at=until) for one in waiting]


def _later(
    account_id: str, waiting: list[WaitingCall], outage: Exception, store: Store
) -> list[Result]:
    if isinstance(outage, ShapeStale):
        store.shapes.forget(account_id)
    reason = _reason(outage)
    if isinstance(outage, RecordRefused):
        return [_refused_reading(one, reason) for one in waiting]
    return [retry(one.id, one.attempts, reason) for one in waiting]


def _refused_reading(waiting: WaitingCall, reason: Reason) -> Result:
    # Salesforce would not answer the question; that seldom mends itself.
    if waiting.attempts < TRIES_TO_READ:
        return retry(waiting.id, waiting.attempts, reason)
    return Result(waiting.id, CallState.ATTENTION, reason.code, dict(reason.params))


def _reason(outage: Exception) -> Reason:
    if isinstance(outage, SalesforceError):
        return outage.reason
    if isinstance(outage, DBAPIError):
        return Reason("delivery.database")
    return Reason("delivery.broken_setting", {"detail": type(outage).__name__})
