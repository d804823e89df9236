"""Working hours: a week of spans and days off, on the account's wall clock (docs/rules.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from pydantic import BaseModel, ConfigDict

from core.clock import later, midnight

LONGEST_LOOK = 366
"""Days ahead that due times are looked for: a year without a working hour is a mistake."""


class Span(BaseModel):
    """Hours of one weekday, such as Monday 09:00 to 18:00."""

    model_config = ConfigDict(frozen=True)

    weekday: int
    """0 = Monday."""
    begins: str
    """`09:00`"""
    ends: str
    """`18:00`; `24:00` is the day's end. After `begins`."""

    @property
    def key(self) -> str:
        return f"{self.weekday} {self.begins}"


class WorkingHours:
    """Without spans it is always working time."""

    def __init__(self, spans: Iterable[Span], days_off: Iterable[str], zone: tzinfo) -> None:
        self._zone = zone
        self._spans = sorted(spans, key=lambda one: one.key)
        self._days_off = frozenset(date.fromisoformat(one) for one in days_off)

    def includes(self, moment: datetime) -> bool:
        spans, now = self._on(moment.astimezone(self._zone).date()), moment.astimezone(UTC)
        return not self._spans or any(begins <= now < ends for begins, ends in spans)

    def later(self, moment: datetime, span: timedelta) -> datetime:
        """The moment when so much working time has passed, in the same zone. Minutes that pass
        count, not minutes on the wall: an hour that comes twice is two hours."""
        if not self._spans:
            return later(moment, span)
        now, left = moment.astimezone(UTC), span
        today = moment.astimezone(self._zone).date()
        for ahead in range(LONGEST_LOOK):
            for begins, ends in self._on(today + timedelta(days=ahead)):
                begins = max(begins, now)
                if begins + left <= ends and begins < ends:
                    return (begins + left).astimezone(moment.tzinfo)
                left -= max(ends - begins, timedelta())
        return later(moment, span)

    def _on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The day's spans in UTC."""
        if day in self._days_off:
            return
        for span in self._spans:
            if span.weekday == day.weekday():
                yield _moment(day, span.begins, self._zone), _moment(day, span.ends, self._zone)


def _moment(day: date, text: str, zone: tzinfo) -> datetime:
    if text == "24:00":
        return midnight(day + timedelta(days=1), zone).astimezone(UTC)
    return datetime.combine(day, time.fromisoformat(text), zone).astimezone(UTC)
