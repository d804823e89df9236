"""Moments as people read them on the pages, in the account's time zone."""

from __future__ import annotations

from datetime import datetime

from flask_babel import format_datetime, to_user_timezone

from core.store.database import utc_now


def moment(at: datetime, seconds: bool = False) -> str:
    """`24 Nov, 17:23`; a day of another year says which."""
    return _written(to_user_timezone(at), "HH:mm:ss" if seconds else "HH:mm")


def sortable(at: datetime) -> str:
    """`2026-11-24 17:23`, as spreadsheets take it for a moment in any language."""
    return f"{to_user_timezone(at):%Y-%m-%d %H:%M}"


def wall_clock(text: str) -> str:
    """The same of `2026-11-24 17:23`, the account's own time, or of a moment with its offset; of a
    day alone, the day."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if at.tzinfo:
        return moment(at)
    return _written(at, "" if len(text) == len("2026-11-24") else "HH:mm")


def _written(at: datetime, clock: str) -> str:
    day = "d MMM" if at.year == to_user_timezone(utc_now()).year else "d MMM y"
    return str(format_datetime(at, f"{day}, {clock}" if clock else day, rebase=False))
