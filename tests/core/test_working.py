"""Working hours: what is within them, and when so much working time has passed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.working import Span, WorkingHours

KYIV = ZoneInfo("Europe/Kyiv")
WEEK = [Span(weekday=day, begins="09:00", ends="18:00") for day in range(5)]
LUNCH = [
    Span(weekday=0, begins="09:00", ends="13:00"),
    Span(weekday=0, begins="14:00", ends="18:00"),
]
NIGHT = [Span(weekday=6, begins="02:00", ends="06:00")]
HALF_AN_HOUR = [Span(weekday=0, begins="09:00", ends="09:30")]


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=KYIV)


@pytest.mark.parametrize(
    ("spans", "days_off", "moment", "within"),
    [
        ([], [], "2026-11-29 03:00", True),
        (WEEK, [], "2026-11-30 09:00", True),
        (WEEK, [], "2026-11-30 08:59:59", False),
        (WEEK, [], "2026-11-30 17:59:59", True),
        (WEEK, [], "2026-11-30 18:00", False),
        (WEEK, [], "2026-11-29 12:00", False),
        (WEEK, ["2026-11-30"], "2026-11-30 12:00", False),
        (LUNCH, [], "2026-11-30 13:30", False),
        ([Span(weekday=6, begins="22:00", ends="24:00")], [], "2026-11-29 23:59:59", True),
    ],
)
def test_what_is_working_time(spans, days_off, moment, within):
    assert WorkingHours(spans, days_off, KYIV).includes(at(moment)) is within


@pytest.mark.parametrize(
    ("spans", "days_off", "moment", "minutes", "due"),
    [
        ([], [], "2026-11-29 03:00", 60, "2026-11-29 04:00"),
        (WEEK, [], "2026-11-30 10:00", 60, "2026-11-30 11:00"),
        (WEEK, [], "2026-11-30 17:30", 60, "2026-12-01 09:30"),
        (WEEK, [], "2026-11-30 17:00", 60, "2026-11-30 18:00"),
        (WEEK, [], "2026-11-27 17:30", 60, "2026-11-30 09:30"),
        (WEEK, [], "2026-11-30 20:40", 60, "2026-12-01 10:00"),
        (WEEK, [], "2026-11-30 03:00", 60, "2026-11-30 10:00"),
        (WEEK, ["2026-12-01"], "2026-11-30 17:30", 60, "2026-12-02 09:30"),
        (LUNCH, [], "2026-11-30 12:30", 60, "2026-11-30 14:30"),
        (LUNCH, [], "2026-11-30 12:30", 8 * 60, "2026-12-07 12:30"),
        # Clocks go forward at 03:00 to 04:00 on 29 March, back at 04:00 to 03:00 on 25 October.
        (NIGHT, [], "2026-03-29 02:30", 60, "2026-03-29 04:30"),
        (NIGHT, [], "2026-10-25 02:30", 150, "2026-10-25 04:00"),
        # Half an hour a week, a year is too little: the plain time, rather than never.
        (HALF_AN_HOUR, [], "2026-11-30 10:00", 60 * 24 * 30, "2026-12-30 10:00"),
    ],
)
def test_due_times_count_working_time(spans, days_off, moment, minutes, due):
    hours = WorkingHours(spans, days_off, KYIV)
    assert hours.later(at(moment), timedelta(minutes=minutes)) == at(due)
