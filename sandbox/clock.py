"""Times as Salesforce writes them."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current time, UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """A datetime as in REST answers: whole seconds, UTC, `2026-11-22T13:30:00.000+0000`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def now_stamp() -> str:
    """`stamp` of the current time."""
    return stamp(now())
