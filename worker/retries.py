"""When a call is tried again, and what is said once it is not."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

from core import reasons
from core.models import CallState
from core.reasons import Reason, Words
from core.store.results import Result
from worker.batches import MAX_ATTEMPTS

LONGEST_PAUSE = timedelta(minutes=15)
MISTAKES = 6
"""Attempts at a call that meets a mistake of ours: time will not mend it, a newer version may."""
UNREADABLE = 6
"""Attempts at a call whose answer cannot be read: the next one is seldom better."""

_OUT_OF_REACH = (
    reasons.salesforce.transient,
    reasons.salesforce.session_expired,
)


def retry(
    call_id: int,
    attempts: int,
    reason: Reason,
    trace: dict[str, Any] | None = None,
    *,
    alone: bool = True,
) -> Result:
    """Try again after a pause that grows with the attempts; a person is asked in the end.

    `alone`: no other call was in the batch, and so none to blame.
    """
    unreadable = alone and reason.is_one_of(reasons.salesforce.unreadable)
    if attempts >= (UNREADABLE if unreadable else MAX_ATTEMPTS):
        return Result(call_id, CallState.ATTENTION, final(reason), trace)
    return Result(call_id, CallState.RETRY, reason, trace, due=pause(attempts))


def mistaken(call_id: int, attempts: int, mistake: Exception) -> Result:
    """A bug must not lose a call, nor keep others waiting: tried alone a few times, then shown."""
    reason = reasons.delivery.unexpected(detail=type(mistake).__name__)
    if attempts >= MISTAKES:
        result = Result(call_id, CallState.ATTENTION, final(reason))
    else:
        result = retry(call_id, attempts, reason)
    return replace(result, unsure=True)  # it may have happened after the write


def final(reason: Reason) -> Reason:
    """The reason once no further attempt follows: a sentence that promises one would be untrue."""
    if reason.is_one_of(*_OUT_OF_REACH):
        return reasons.salesforce.gave_up(Words(**reason.params))
    if reason.is_one_of(reasons.salesforce.unreadable):
        return reasons.salesforce.gave_up_unreadable(Words(**reason.params))
    if reason.is_one_of(reasons.salesforce.halted):
        return reasons.salesforce.gave_up_halted()
    if reason.is_one_of(reasons.delivery.database, reasons.delivery.unexpected):
        return reasons.delivery.gave_up(detail=reason.params.get("detail", reason.code))
    return reason


def pause(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s … LONGEST_PAUSE; a fifth more or less, lest retries march in step."""
    seconds = min(5 * 2 ** min(attempts - 1, 12), LONGEST_PAUSE.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311
