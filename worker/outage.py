"""When not one record but the whole org is the matter: pause, hold, try later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx
import structlog
from sqlalchemy.exc import DBAPIError

from core import reasons
from core.connection import Connection, ConnectionState
from core.facts import WaitingCall
from core.models import CallState
from core.org import Org
from core.plan import Plan
from core.reasons import Reason
from core.salesforce.errors import (
    ConnectionDead,
    Paused,
    RecordRefused,
    SalesforceError,
    SessionExpired,
    Transient,
)
from core.secrets import CannotUnseal
from core.store import Store
from core.store.database import DATABASE_AWAY, utc_now
from core.store.leases import ASKED_TOO_MUCH
from core.store.results import Result
from worker.batches import Batch
from worker.outcomes import unanswered
from worker.retries import LONGEST_PAUSE, final, mistaken, pause, retry
from worker.runtime import Runtime

log = structlog.get_logger()

CEILING_PAUSE = 15 * 60
"""Seconds. The quota is a rolling day: it eases all the time, so it is worth looking again soon."""

REFUSED_AT_MOST = timedelta(hours=6)
"""So long an org may refuse access that it renews: then it is no passing trouble, and the owners
are told within the working day."""

TRIES_TO_READ = 6

OUTAGES = (SalesforceError, CannotUnseal, httpx.InvalidURL, DBAPIError, *DATABASE_AWAY)
"""What the world does to a delivery. Anything else is a mistake of ours: see `settle_mistake`."""


class Unanswered(Transient):
    """A write was sent and no whole answer came: it may be carried out, also later."""

    def __init__(self, lost: Transient, plans: Sequence[Plan]) -> None:
        super().__init__(lost.code, lost.message, lost.fields, lost.http_status)
        self.plans = plans


class StillPaused(Paused):
    """The account waits already, until `until`; nothing was asked of Salesforce."""

    def __init__(self, until: datetime, reason: Reason) -> None:
        super().__init__("PAUSED", seconds=0, cause=lambda _: reason)
        self.until = until


def wait_for_org(connection: Connection, store: Store) -> None:
    """Raise Paused while the account waits, for its API quota or for an org that gives no answer;
    end the pause when it is over."""
    if connection.state is ConnectionState.PAUSED:
        if connection.paused_until and connection.still_paused:
            raise StillPaused(connection.paused_until, connection.reason)
        # One batch goes through and brings fresh figures: over the ceiling, the next one waits.
        store.connections.resumed(connection.account_id)
        return
    ceiling, used = connection.ceiling, connection.api_used
    if ceiling is not None and used is not None and used >= ceiling:
        raise Paused("CEILING", seconds=CEILING_PAUSE, cause=reasons.connection.ceiling)


def settle_outage(
    batch: Batch,
    waiting: list[WaitingCall],
    outage: Exception,
    runtime: Runtime,
    connection: Connection,
    org: Org,
) -> None:
    """Write down that these calls wait, and what for. `connection` is as the delivery found it."""
    refused_since = _refused_since(connection)
    if isinstance(outage, SessionExpired) and utc_now() - refused_since > REFUSED_AT_MOST:
        outage = ConnectionDead(
            outage.code, outage.message, cause=reasons.connection.session_refused
        )
    if isinstance(outage, ConnectionDead):
        results = _dead(waiting, outage, runtime.store, connection)
    elif isinstance(outage, Paused):
        results = _paused(batch.account_id, waiting, outage, runtime.store)
    else:
        results = _later(waiting, outage)
    log.warning(
        "org not available",
        account=batch.account_id,
        error=type(outage).__name__,
        code=getattr(outage, "code", ""),
        calls=len(waiting),
    )
    batch.record(runtime.store, results, org.api_calls, org.spent())
    if isinstance(outage, SessionExpired):
        _break(batch, reasons.connection.refused_for_now(since=refused_since), runtime.store)
    elif isinstance(outage, Transient) and outage.code not in ASKED_TOO_MUCH:
        _break(batch, reasons.connection.away(outage.words), runtime.store)


def settle_mistake(
    batch: Batch, waiting: list[WaitingCall], mistake: Exception, store: Store, org: Org
) -> None:
    """A bug must not lose a call, nor keep its account busy: it waits, and says so."""
    log.error("delivery failed unexpectedly", account=batch.account_id, exc_info=mistake)
    results = [mistaken(one.id, one.attempts, mistake) for one in waiting]
    batch.record(store, results, org.api_calls, org.spent())


def _dead(
    waiting: list[WaitingCall], outage: ConnectionDead, store: Store, connection: Connection
) -> list[Result]:
    reason = outage.reason
    if (
        not store.connections.died(connection.account_id, reason, connection.connected_at)
        and store.connections.get(connection.account_id).usable
    ):
        # Somebody reconnected while we were at it: these go again at once.
        return [Result(one.id, CallState.WAITING) for one in waiting]
    if store.connections.get(connection.account_id).state is ConnectionState.NONE:
        reason = reasons.hold.disconnected()
    return [Result(one.id, CallState.HELD, reason) for one in waiting]


def _paused(
    account_id: str, waiting: list[WaitingCall], outage: Paused, store: Store
) -> list[Result]:
    until: datetime | None
    if isinstance(outage, StillPaused):
        until = outage.until  # calls that come meanwhile must not put the end off
    else:
        span = timedelta(seconds=outage.seconds)
        until = store.connections.paused(account_id, span, outage.reason)
    return [Result(one.id, CallState.WAITING, outage.reason, due=until) for one in waiting]


def _break(batch: Batch, reason: Reason, store: Store) -> None:
    """An org that gives no answer twice in a row is left alone, each time for longer: it is asked
    by one batch, not by every call that comes."""
    failures = store.leases.no_answer(batch.account_id, batch.lease)
    if failures > 1:
        store.connections.paused(batch.account_id, pause(failures - 1), reason)


def _refused_since(connection: Connection) -> datetime:
    """Since when the org has refused what it renews: the reason of a pause that is just over
    remembers it."""
    until, reason = connection.paused_until, connection.reason
    is_old = until is None or utc_now() - until > 2 * LONGEST_PAUSE
    if is_old or not reason.is_one_of(reasons.connection.refused_for_now):
        return utc_now()
    return datetime.fromisoformat(reason.params["since"])


def pause_for(results: list[Result], account_id: str, store: Store) -> bool:
    """Let the account wait as a whole when one of its calls was refused for want of something
    that the whole org lacks. Returns whether it does."""
    lacking = {
        one.due: one.reason
        for one in results
        if one.state == CallState.WAITING and isinstance(one.due, timedelta) and one.reason
    }
    if not lacking:
        return False
    longest = max(lacking)
    store.connections.paused(account_id, longest, lacking[longest])
    return True


def _later(waiting: list[WaitingCall], outage: Exception) -> list[Result]:
    reason = _reason(outage)
    if isinstance(outage, RecordRefused):
        return [_refused_reading(one, reason) for one in waiting]
    if isinstance(outage, Unanswered):
        known = {one.id: one for one in waiting}
        return [unanswered(plan, known[plan.call_id], reason) for plan in outage.plans]
    alone = len(waiting) == 1
    return [retry(one.id, one.attempts, reason, alone=alone) for one in waiting]


def _refused_reading(waiting: WaitingCall, reason: Reason) -> Result:
    # Salesforce would not answer the question; that seldom mends itself.
    if waiting.attempts < TRIES_TO_READ:
        return retry(waiting.id, waiting.attempts, reason)
    return Result(waiting.id, CallState.ATTENTION, final(reason))


def _reason(outage: Exception) -> Reason:
    if isinstance(outage, SalesforceError):
        return outage.reason
    if isinstance(outage, (DBAPIError, *DATABASE_AWAY)):
        return reasons.delivery.database()
    return reasons.delivery.broken_setting(detail=type(outage).__name__)
