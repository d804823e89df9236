"""When a call began: a wall clock as telephony sends it, or a moment that says its zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from core import reasons
from core.events.bounds import BadEvent
from core.events.values import Body
from core.same_text import plain

_EPOCH = re.compile(r"(?P<seconds>[0-9]{9,10})(\.[0-9]+)?|(?P<milliseconds>[0-9]{12,13})")
"""Since 1970, from the year 2000 on."""
_ZONE = re.compile(
    r"(?<=:[0-9]{2})(?P<fraction>[.,][0-9]+)? ?"
    r"(?:(?P<utc>Z|UTC|GMT)|(?P<sign>[ +-])(?P<offset>[0-9]{2}(:?[0-9]{2})?))(\[[\w/+-]+\])?$",
    re.IGNORECASE,
)
"""A zone in other spellings than Python's: after a space, by name (`+02:00[Europe/Kyiv]` is
Java's), or with a space for the plus, as a form reads it that was not encoded."""
_MAIL = re.compile(
    r"(?:[a-z]{3}, ?)?[0-9]{1,2} [a-z]{3} [0-9]{4} [0-9:]{5,8}"
    r"(?: (?:[+-][0-9]{4}|UTC?|GMT|Z)(?: \(\w+\))?)?",
    re.IGNORECASE,
)
"""As in mail (RFC 2822): `Sun, 22 Nov 2026 16:58:52 +0200`. Zones by other names mean several."""
_SPELT = re.compile(
    r"^(?:([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}))"
    r",?[ T]([0-9]{1,2})(?=:)"
)
"""Year first, or day first with dots. With slashes nobody knows whether the month is."""


def wall_clock(body: Body, zone: tzinfo) -> datetime:
    """To the second, in the account's time zone; with it where the sender named a zone, so that
    nobody has to guess which of two hours is meant. Raises `BadEvent`."""
    sent = body.required("date")
    seen = plain(sent)  # one space for several, and a hyphen for a minus
    try:
        moment = _epoch(seen) or _mail(seen) or datetime.fromisoformat(_iso(seen))
    except ValueError:
        raise BadEvent(body.name("date"), "must look like 2018-07-09 16:58:52") from None
    if not 2000 <= moment.year < 2100:
        raise BadEvent(body.name("date"), "must lie between the years 2000 and 2099")
    if moment.tzinfo is None:
        return moment.replace(microsecond=0)
    taken = moment.astimezone(zone).replace(microsecond=0)
    if taken.utcoffset() != moment.utcoffset():
        body.say(reasons.sent.date_converted(sent=sent, taken=taken.replace(tzinfo=None)))
    return taken


def _epoch(sent: str) -> datetime | None:
    found = _EPOCH.fullmatch(sent)
    if not found:
        return None
    seconds = int(found["seconds"] or found["milliseconds"][:-3])
    return datetime.fromtimestamp(seconds, UTC)


def _mail(sent: str) -> datetime | None:
    return parsedate_to_datetime(sent) if _MAIL.fullmatch(sent) else None


def _iso(sent: str) -> str:
    """A date as Python reads it."""
    return _ZONE.sub(_offset, _SPELT.sub(_year_first, sent))


def _year_first(date: re.Match[str]) -> str:
    year, month, day = (date[1], date[3], date[4]) if date[1] else (date[7], date[6], date[5])
    return f"{year}-{month:0>2}-{day:0>2}T{date[8]:0>2}"


def _offset(zone: re.Match[str]) -> str:
    sign = "-" if zone["sign"] == "-" else "+"
    return (zone["fraction"] or "") + ("Z" if zone["utc"] else sign + zone["offset"])
