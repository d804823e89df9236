"""Where clocks change: no call is lost or moved, and due times are moments that pass."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import APART, later, midnight, on_the_clock, started
from core.own_fields.template import variables
from core.rules import decide
from tests.core.helpers import cases as a

ZONES = (
    "Europe/Kyiv", "America/New_York", "Europe/London", "Africa/Cairo", "America/Havana",
    "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "Asia/Kathmandu",
    "America/Asuncion", "Africa/Casablanca", "Atlantic/Azores", "America/Caracas",
    "Asia/Tehran", "UTC",
)  # fmt: skip


def changes(zone: str) -> list[datetime]:
    """Hours at whose beginning the zone's clock changed, or will."""

    def offset(at: datetime) -> timedelta | None:
        return at.astimezone(ZoneInfo(zone)).utcoffset()

    hour, first = timedelta(hours=1), datetime(2000, 1, 2, tzinfo=UTC)
    days = (first + timedelta(days=day) for day in range(36_000))
    changed = (day for day in days if offset(day) != offset(day + 24 * hour))
    hours = (day + n * hour for day in changed for n in range(1, 25))
    return [at for at in hours if offset(at) != offset(at - hour)]


CHANGES = {zone: changes(zone) for zone in ("Europe/Kyiv", "Australia/Lord_Howe", "Pacific/Apia")}


def near_changes() -> st.SearchStrategy[tuple[str, datetime]]:
    near = st.sampled_from(sorted(CHANGES)).flatmap(
        lambda zone: st.tuples(
            st.just(zone),
            st.builds(
                lambda at, seconds: at + timedelta(seconds=seconds),
                st.sampled_from(CHANGES[zone]),
                st.integers(-10_000, 10_000),
            ),
        )
    )
    anywhere = st.tuples(
        st.sampled_from(ZONES),
        st.datetimes(datetime(2000, 2, 1), datetime(2099, 11, 1), timezones=st.just(UTC)),
    )
    return near | anywhere.map(lambda one: (one[0], one[1].replace(microsecond=0)))


def missed(wall: datetime, zone: str, received_at: datetime, due: int = 60):
    call = on_the_clock(a.missed(started_at=wall, seconds_total=0), ZoneInfo(zone), received_at)
    policy = a.policy(time_zone=zone, missed_calls=(a.row(a.OLENA),), missed_task_due_minutes=due)
    (plan,) = decide([a.waiting(call)], policy, a.facts(a.lead()))
    return a.task(plan).fields


@pytest.mark.parametrize("known", ["seconds_total", "seconds_talk"])
@given(where=near_changes(), seconds=st.integers(0, 4000))
def test_a_call_that_is_handed_over_at_once_began_when_it_did(known, where, seconds):
    zone, began = ZoneInfo(where[0]), where[1]
    wall = began.astimezone(zone).replace(tzinfo=None, fold=0)
    lasted = {"seconds_total": 0, "seconds_talk": 0, known: seconds}
    call = a.call(started_at=wall, **lasted)
    handed_over = began + timedelta(seconds=seconds + 2)
    assert started(on_the_clock(call, zone, handed_over), zone).astimezone(UTC) == began


@given(near_changes(), st.integers(0, 10_000))
def test_a_due_time_is_so_many_minutes_after_the_call(where, minutes):
    zone, began = where
    fields = missed(began.astimezone(ZoneInfo(zone)).replace(tzinfo=None), zone, began, minutes)
    due = datetime.fromisoformat(fields["ReminderDateTime"])
    assert due - began == timedelta(minutes=minutes)
    assert fields["ActivityDate"] == due.astimezone(ZoneInfo(zone)).date().isoformat()
    assert fields["ReminderDateTime"][:10] == fields["ActivityDate"]


@given(st.sampled_from(ZONES), st.datetimes(datetime(2000, 2, 1), datetime(2099, 11, 1)), st.data())
def test_any_wall_clock_is_a_moment_that_has_passed_if_it_can(zone, wall, data):
    info = ZoneInfo(zone)
    both = [wall.replace(tzinfo=info, fold=fold).astimezone(UTC) for fold in (0, 1)]
    received = data.draw(st.sampled_from(both)) + timedelta(seconds=data.draw(st.integers(0, 9999)))
    call = on_the_clock(a.call(started_at=wall, seconds_total=0), info, received)
    assert call.started_at == wall
    assert started(call, info).astimezone(UTC) in both
    assert started(call, info) <= received + APART


@given(near_changes())
def test_every_moment_is_of_one_day(where):
    zone, at = ZoneInfo(where[0]), where[1]
    day = at.astimezone(zone).date()
    assert midnight(day, zone).astimezone(UTC) <= at
    assert at < midnight(day + timedelta(days=1), zone).astimezone(UTC)


@given(near_changes(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_spans_add_up(where, first, second):
    moment = where[1].astimezone(ZoneInfo(where[0]))
    one, other = timedelta(seconds=first), timedelta(seconds=second)
    assert later(later(moment, one), other).astimezone(UTC) == where[1] + one + other


DUE = """
    # An hour is left out, and its wall clocks with it.
    Europe/Kyiv 2026-03-29T02:50:00 2026-03-29T00:50:30Z 90 2026-03-29T05:20:00+03:00
    Europe/Kyiv 2026-03-29T02:50:00 2026-03-29T00:50:30Z 20 2026-03-29T04:10:00+03:00
    Europe/Kyiv 2026-03-29T03:30:00 2026-03-29T01:30:30Z 60 2026-03-29T05:30:00+03:00
    Europe/Kyiv 2026-03-29T03:30:00 2026-03-29T00:30:30Z 60 2026-03-29T04:30:00+03:00
    # An hour comes twice.
    Europe/Kyiv 2026-10-25T03:50:00 2026-10-25T00:50:30Z 30 2026-10-25T03:20:00+02:00
    Europe/Kyiv 2026-10-25T03:50:00 2026-10-25T01:50:30Z 30 2026-10-25T04:20:00+02:00
    Europe/Kyiv 2026-10-25T02:50:00 2026-10-24T23:50:30Z 120 2026-10-25T03:50:00+02:00
    Europe/Kyiv 2026-10-25T03:50:00 2026-10-29T09:00:00Z 30 2026-10-25T04:20:00+02:00
    America/New_York 2026-11-01T01:30:00 2026-11-01T05:31:00Z 60 2026-11-01T01:30:00-05:00
    America/New_York 2026-03-07T09:00:00 2026-03-07T14:01:00Z 1440 2026-03-08T10:00:00-04:00
    America/Havana 2026-11-01T00:30:00 2026-11-01T04:30:30Z 30 2026-11-01T00:00:00-05:00
    # A day that was left out.
    Pacific/Apia 2011-12-29T23:30:00 2011-12-30T09:30:30Z 60 2011-12-31T00:30:00+14:00
    Pacific/Kiritimati 2026-01-01T00:10:00 2025-12-31T10:10:30Z 60 2026-01-01T01:10:00+14:00
"""
"""Zone, wall clock, when it came, minutes until it is due; the reminder."""


@pytest.mark.parametrize(
    ("zone", "wall", "received_at", "due", "reminder"),
    [line.split() for line in DUE.strip().splitlines() if "#" not in line],
)
def test_due_over_a_change(zone, wall, received_at, due, reminder):
    received = datetime.fromisoformat(received_at)
    fields = missed(datetime.fromisoformat(wall), zone, received, int(due))
    assert fields["ReminderDateTime"] == reminder
    assert fields["ActivityDate"] == reminder[:10]


def test_own_fields_say_which_of_two_hours_it_was():
    zone, wall = ZoneInfo("Europe/Kyiv"), datetime(2026, 10, 25, 3, 50)
    said = []
    for hour in (0, 1):
        received = datetime(2026, 10, 25, hour, 51, tzinfo=UTC)
        call = on_the_clock(a.call(started_at=wall), zone, received)
        said.append(variables(call, a.NUMBER, a.policy(), a.facts())["datetime"])
    assert said == ["2026-10-25T03:50:00+03:00", "2026-10-25T03:50:00+02:00"]
