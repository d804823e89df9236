"""Telephony's wall clock as a moment: over the hour that comes twice, and the one that is left out.

`datetime.fold` (PEP 495) says which of two moments a wall clock means; a call carries it in
`started_at`. What lasts is added in UTC: on a zone's own clock an hour may last two, or none.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from core.call import Call

APART = timedelta(minutes=5)
"""How far telephony's clock may be ahead of ours."""


def on_the_clock(call: Call, zone: tzinfo, received_at: datetime) -> Call:
    """The call with the side of a clock change on which it began.

    A call is handed over once it is over, mostly at once: it began at the later of both moments,
    unless it could not be over by then. Nothing is to be chosen where its sender named the zone.
    """
    if call.started_at.tzinfo is not None:
        return call
    lasted = timedelta(seconds=max(call.seconds_total, call.seconds_talk))  # either may be unknown
    by = received_at - lasted + APART
    both = [call.started_at.replace(fold=fold) for fold in (0, 1)]
    moments = {one.replace(tzinfo=zone).astimezone(UTC): one for one in reversed(both)}
    began = max((one for one in moments if one <= by), default=min(moments))
    return call.model_copy(update={"started_at": moments[began]})


def started(call: Call, zone: tzinfo) -> datetime:
    """When it began, in the zone whose wall clock telephony sent."""
    return call.started_at.replace(tzinfo=zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    """When the day begins there, be it at an hour that is left out, or comes twice."""
    return datetime.combine(day, time(), zone)


def later(moment: datetime, span: timedelta) -> datetime:
    """The moment when so much time has passed, in the same zone."""
    return (moment.astimezone(UTC) + span).astimezone(moment.tzinfo)
