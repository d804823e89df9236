"""Missed-call loops in words: whose they are, how long they took, how they ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import get_locale
from flask_babel import gettext as _

from core.call import Direction
from core.loops import LoopState
from core.models import CallRow, CallState, LoopRow
from core.store.journal import Wanted
from core.texts import written_span
from portal.salesforce.saving import org_of_request
from portal.web.services import store

MOST_CALLS = 50


@dataclass(frozen=True)
class Step:
    """Of a loop's story. Without a call it happened in Salesforce."""

    at: datetime
    says: str
    call: str = ""
    """Its public id."""


@dataclass(frozen=True)
class Story:
    """All that belongs to a missed call, oldest first; while it is open, whose it is."""

    steps: tuple[Step, ...]
    is_open: bool
    employee: str
    due_at: datetime


def employee(user_id: str) -> str:
    """The name that the org shows; empty for nobody."""
    return org_of_request().user_name(user_id) if user_id else ""


def lasted(span: timedelta) -> str:
    """In the language of the page."""
    return written_span(span, str(get_locale()))


def ending(loop: LoopRow) -> str:
    """How a closed loop ended; empty for an open one."""
    if loop.closed_at is None:
        return ""
    name, span = employee(loop.closed_by), lasted(loop.closed_at - loop.missed_at)
    with_name = {
        LoopState.CALLED_BACK: _("called back after %(span)s by %(name)s", span=span, name=name),
        LoopState.CALLED_AGAIN: _(
            "called again after %(span)s, answered by %(name)s", span=span, name=name
        ),
        LoopState.COMPLETED: _("task completed in Salesforce by %(name)s", name=name),
    }
    without = {
        LoopState.CALLED_BACK: _("called back after %(span)s", span=span),
        LoopState.CALLED_AGAIN: _("called again after %(span)s and was answered", span=span),
        LoopState.COMPLETED: _("task completed in Salesforce"),
        LoopState.GONE: _("task no longer to be found in Salesforce"),
    }
    state = LoopState(loop.state)
    return (with_name if name else {}).get(state) or without[state]


def story(loop: LoopRow) -> Story:
    until = loop.closed_at + timedelta(seconds=1) if loop.closed_at else None
    wanted = Wanted(numbers=(loop.number,), since=loop.missed_at, until=until)
    calls = store().journal.page(loop.account_id, wanted, None, MOST_CALLS)
    told = ((call, _of_call(loop, call)) for call in calls)
    steps = [Step(call.started_at, says, call.public_id) for call, says in told if says]
    steps += _beside_calls(loop)
    return Story(
        steps=tuple(sorted(steps, key=lambda one: one.at)),
        is_open=loop.state == LoopState.OPEN,
        employee=employee(loop.responsible),
        due_at=loop.due_at,
    )


def _beside_calls(loop: LoopRow) -> Iterator[Step]:
    """What happened in Salesforce."""
    if loop.handed_over_at:
        whom = employee(loop.responsible)
        yield Step(loop.handed_over_at, _("handed over to %(name)s", name=whom))
    if loop.closed_at and loop.closed_by_call is None:
        yield Step(loop.closed_at, ending(loop))


def _of_call(loop: LoopRow, call: CallRow) -> str:
    """Empty for a call that changed nothing."""
    if call.id == loop.call_id:
        return _("missed: waits for a call back")
    if call.id == loop.closed_by_call:
        return ending(loop)
    if call.state == CallState.SKIPPED:
        return _of_skipped(loop) if call.answered else ""
    if call.direction == Direction.OUT:
        return _("called back") if call.answered else _("called, no answer")
    return _("called again, answered") if call.answered else _("missed again")


def _of_skipped(loop: LoopRow) -> str:
    """Somebody spoke with the client, and nothing was written of it."""
    if loop.state == LoopState.OPEN:
        return _("spoken to, but such calls are not written: complete the task in Salesforce")
    return _("spoken to, but such calls are not written")
