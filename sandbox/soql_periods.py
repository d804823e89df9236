"""SOQL's date literals, each a stretch of whole days: `TODAY`, `LAST_MONTH`, `LAST_N_DAYS:7`.

SOQL and SOSL Reference, "Date Formats and Date Literals in WHERE". Weeks begin on Monday, as in
the locale of the users; fiscal quarters and years are not known.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sandbox.clock import now, stamp

_DAYS = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
_NEAR = re.compile(r"(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR)\Z")
_MANY = re.compile(r"(LAST|NEXT)_(?:N_(DAY|WEEK|MONTH|QUARTER|YEAR)S:(\d+)|(90)_(DAY)S)\Z")
_AGO = re.compile(r"N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO:(\d+)\Z")
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


def is_period(text: str) -> bool:
    """Whether this is a date literal, in any letter case."""
    return _parts(text.upper()) is not None


def stretch(text: str, kind: str, zone: tzinfo) -> tuple[str, str]:
    """Where the literal's days begin and where the first day after them does, as records hold it.

    kind: `date`, or `datetime` for the midnights in the zone. Raises ValueError or OverflowError
    when one of them is outside the calendar.
    """
    parts = _parts(text.upper())
    if parts is None:
        raise ValueError(f"no date literal: {text}")
    unit, *ends = parts
    start, end = (_start(unit, now().astimezone(zone).date(), by) for by in ends)
    if kind == "date":
        return start.isoformat(), end.isoformat()
    return _midnight(start, zone), _midnight(end, zone)


def _midnight(day: date, zone: tzinfo) -> str:
    return stamp(datetime.combine(day, time(), zone).astimezone(UTC)).casefold()


def _parts(name: str) -> tuple[str, int, int] | None:
    """Unit, first and one past the last, counted in units from the present one."""
    if name in _DAYS:
        return "DAY", _DAYS[name], _DAYS[name] + 1
    if near := _NEAR.match(name):
        first = {"LAST": -1, "THIS": 0, "NEXT": 1}[near.group(1)]
        return near.group(2), first, first + 1
    if ago := _AGO.match(name):
        return ago.group(1), -int(ago.group(2)), 1 - int(ago.group(2))
    if many := _MANY.match(name):
        unit, number = many.group(2) or many.group(5), int(many.group(3) or many.group(4))
        if many.group(1) == "NEXT":
            return unit, 1, number + 1
        # The last days include today; the last weeks, months, quarters and years end before this.
        return unit, -number, 1 if unit == "DAY" else 0
    return None


def _start(unit: str, today: date, by: int) -> date:
    """The first day of the unit that is `by` units after today's."""
    if unit == "DAY":
        return today + timedelta(days=by)
    if unit == "WEEK":
        return today - timedelta(days=today.weekday()) + timedelta(weeks=by)
    months = _MONTHS[unit]
    now = today.year * 12 + today.month - 1
    year, month = divmod(now - now % months + by * months, 12)
    return date(year, month + 1, 1)
