"""Working hours: a week to fill in, and days off."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import holidays
from babel.dates import get_day_names
from flask import abort, request
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.models import Account
from core.policy import Policy
from core.working import Span
from portal.salesforce.block import Block
from portal.salesforce.org_view import OrgView
from portal.salesforce.reading import Refused
from portal.salesforce.saving import common, save
from portal.salesforce.setting import Setting
from portal.web.dates import moment

SPANS_A_DAY = 2
"""So many can be filled in: a break in the middle is one."""
WEEKDAYS = range(5)
MOST_DAYS_OFF = 400
KEPT = timedelta(days=31)
"""So long a day that is over still counts: a call may be written days after it was missed."""
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
PRESETS = {
    "five": [Span(weekday=day, begins="09:00", ends="18:00") for day in WEEKDAYS],
    "seven": [Span(weekday=day, begins="09:00", ends="21:00") for day in range(7)],
    "always": [],
}
PRESET_WORDS = {
    "five": _l("Monday to Friday, 9 to 18"),
    "seven": _l("Every day, 9 to 21"),
    "always": _l("Always"),
}


def block(_account: Account) -> dict[str, Any]:
    """Variables of `_hours.html`."""
    shared = common(BLOCK)
    policy = shared["policy"]
    week = [
        {"day": day, "name": _day_name(day), "spans": _spans_of(policy, day)} for day in range(7)
    ]
    known, are_off = public_holidays(policy)
    return {
        **shared,
        "example": _example(policy),
        "week": week,
        "presets": PRESET_WORDS,
        "days_off": [
            {"first": first, "last": last, "words": _days(first, last)}
            for first, last in _runs(policy.days_off)
            if last >= _today(policy).isoformat()
        ],
        "holidays": {
            day: f"{_day(day)}: {name}" for day, name in known.items() if day not in policy.days_off
        },
        "holidays_are_off": are_off,
    }


def _example(policy: Policy) -> str:
    """What the hours make of a call missed now; empty where it is always working time."""
    if not (policy.working_hours or policy.days_off):
        return ""
    now = datetime.now(policy.zone)
    due = policy.hours.later(now, timedelta(minutes=policy.missed_task_due_minutes))
    if policy.hours.includes(now):
        return _(
            "a call missed now is missed in working hours, and due %(time)s.", time=moment(due)
        )
    return _(
        "a call missed now is missed outside working hours, and due %(time)s.", time=moment(due)
    )


def _today(policy: Policy) -> date:
    return datetime.now(policy.zone).date()


def _runs(days: Iterable[str]) -> list[tuple[str, str]]:
    """First and last of the days that follow each other."""
    runs: list[tuple[str, str]] = []
    for day in sorted(days):
        before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
        if runs and runs[-1][1] == before:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _spans_of(policy: Policy, day: int) -> list[tuple[str, str]]:
    """As many as can be filled in, empty ones last."""
    spans = [(one.begins, one.ends) for one in policy.working_hours if one.weekday == day]
    return (sorted(spans) + [("", "")] * SPANS_A_DAY)[:SPANS_A_DAY]


def public_holidays(policy: Policy) -> tuple[dict[str, str], bool]:
    """Those of the account's country from today until the end of next year: ISO date and name, in
    the reader's language where the library has it, else in the country's own. Not every country's
    are known. And whether people are off then: under martial law Ukraine's are working days."""
    try:
        country = holidays.country_holidays(policy.region)
    except NotImplementedError:
        return {}, True
    if named := _holidays(policy, country, holidays.PUBLIC):
        return named, True
    if holidays.WORKDAY in country.supported_categories:
        return _holidays(policy, country, holidays.WORKDAY), False
    return {}, True


def _holidays(policy: Policy, country: holidays.HolidayBase, category: str) -> dict[str, str]:
    now, reader = _today(policy), str(get_locale())
    spoken = (one for one in country.supported_languages if one.partition("_")[0] == reader)
    found = holidays.country_holidays(
        policy.region,
        years=(now.year, now.year + 1),
        language=next(spoken, country.default_language),
        categories=(category,),
    )
    return {day.isoformat(): name for day, name in sorted(found.items()) if day >= now}


def _day_name(day: int) -> str:
    return str(get_day_names("wide", context="stand-alone", locale=get_locale())[day])


def _day(iso: str) -> str:
    return str(format_date(date.fromisoformat(iso), "d MMMM y"))


def _days(first: str, last: str) -> str:
    """A day, or several that follow each other."""
    return _day(first) if first == last else f"{_day(first)} – {_day(last)}"


def _in_words(span: Span, _org: OrgView) -> str:
    return f"{_day_name(span.weekday)} {span.begins}–{span.ends}"


HOURS = Setting("working_hours", _l("Working hours"), in_words=_in_words)
DAYS_OFF = Setting("days_off", _l("Days off"), in_words=lambda one, _org: _day(one))
BLOCK = Block(
    "hours", block, (HOURS, DAYS_OFF), shows=("region", "time_zone", "missed_task_due_minutes")
)


@BLOCK.post("/week", HOURS)
def set_week() -> Response:
    """The whole week at once: two times a span, both empty where there is none. With `as_monday`
    the other weekdays have Monday's."""

    def change(policy: Policy) -> Policy:
        return policy.model_copy(update={"working_hours": tuple(_typed_week())})

    return save(BLOCK, "week", change)


@BLOCK.post("/week/<preset>", HOURS)
def preset_week(preset: str) -> Response:
    """Hours that many keep, to begin with."""
    if preset not in PRESETS:
        abort(404)

    def change(policy: Policy) -> Policy:
        return policy.model_copy(update={"working_hours": tuple(PRESETS[preset])})

    return save(BLOCK, "week", change)


def _typed_week() -> Iterable[Span]:
    """Raises Refused."""
    for day in range(7):
        row = 0 if day in WEEKDAYS and "as_monday" in request.form else day
        ended = ""
        for place in range(SPANS_A_DAY):
            begins, ends = (
                request.form.get(f"{side}-{row}-{place}", "") for side in ("from", "to")
            )
            if not (begins or ends):
                continue
            ends = "24:00" if ends == "00:00" else ends
            if not (TIME.fullmatch(begins) and TIME.fullmatch(ends)):
                raise Refused(_("%(day)s: enter both times, such as 09:00.", day=_day_name(day)))
            if begins >= ends:
                raise Refused(_("%(day)s: the end is not after the beginning.", day=_day_name(day)))
            if begins < ended:
                raise Refused(_("%(day)s: the two spans overlap.", day=_day_name(day)))
            ended = ends
            yield Span(weekday=day, begins=begins, ends=ends)


@BLOCK.post("/off/add", DAYS_OFF)
def add_days_off() -> Response:
    """Days as `value`, several of them; `until` makes a span of the first. Those that were over
    long ago go, as no page shows them."""

    def change(policy: Policy) -> Policy:
        today = _today(policy)
        typed = {one for one in _typed_days() if one >= today.isoformat()}
        if not typed:
            raise Refused(_("This day is over: choose one from today on."))
        kept = {one for one in policy.days_off if one >= (today - KEPT).isoformat()}
        days = tuple(sorted(kept | typed))
        if len(days) > MOST_DAYS_OFF:
            raise Refused(_("At most %(most)s days.", most=MOST_DAYS_OFF))
        return policy.model_copy(update={"days_off": days})

    return save(BLOCK, "off", change)


@BLOCK.post("/off/remove", DAYS_OFF)
def remove_day_off() -> Response:
    """One, or with `until` several that follow each other."""

    def change(policy: Policy) -> Policy:
        gone = set(_typed_days())
        left = tuple(one for one in policy.days_off if one not in gone)
        return policy.model_copy(update={"days_off": left})

    return save(BLOCK, "off", change)


def _typed_days() -> list[str]:
    """Raises Refused."""
    try:
        days = [date.fromisoformat(one) for one in request.form.getlist("value") if one]
        until = request.form.get("until", "")
        last = date.fromisoformat(until) if until else None
    except ValueError:
        raise Refused(_("Choose a day.")) from None
    if not days:
        raise Refused(_("Choose a day."))
    if last and last < days[0]:
        raise Refused(_("The end is before the beginning."))
    if last and (last - days[0]).days > MOST_DAYS_OFF:
        raise Refused(_("At most %(most)s days.", most=MOST_DAYS_OFF))
    while last and days[-1] < last:
        days.append(days[-1] + timedelta(days=1))
    return [one.isoformat() for one in days]
