"""Months: in PostgreSQL each month of calls is a table of its own, made ahead.

`calls_2027_01` holds what was received in January 2027 (UTC), `calls_before_2027_01` all that was
before months were parted, and `calls_other` whatever has no month yet: an insert never fails.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Connection, text

from core.store.database import Database

AHEAD = 3
"""Months that are made before they begin."""
PATIENCE = "2s"
"""For how long a change of tables may wait for others, who wait behind it."""


class Months:
    def __init__(self, database: Database) -> None:
        self._db = database

    def make_ahead(self) -> list[str]:
        """Make what is missing of this month and the next; returns the names of the new tables.

        Raises OperationalError when somebody holds a lock for too long: nothing is made then.
        SQLite has one table for all.
        """
        if self._db.engine.dialect.name == "sqlite":
            return []
        with self._db.read() as session:
            if not _missing(session.connection()):
                return []
        with self._db.write() as session:
            return make_ahead(session.connection())


def make_ahead(connection: Connection) -> list[str]:
    """As `Months.make_ahead`, within the caller's transaction."""
    # One maker at a time. Who writes calls goes on, unless into `calls_other`.
    connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
    connection.execute(text("LOCK TABLE ONLY calls IN SHARE UPDATE EXCLUSIVE MODE"))
    months = _missing(connection)
    for month in months:
        _make(connection, month)
    return [_name(month) for month in months]


def partitions(connection: Connection) -> set[str]:
    """The tables that `calls` consists of; none on SQLite."""
    if connection.dialect.name == "sqlite":
        return set()
    names = text(
        "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
        " WHERE inhparent = to_regclass('calls')"
    )
    return set(connection.scalars(names))


def after(month: date, months: int = 1) -> date:
    """The first day of the month that comes so many months later."""
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)


def midnight(day: date) -> str:
    """As PostgreSQL reads it, whatever the session's time zone."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat()


def _missing(connection: Connection) -> list[date]:
    connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
    made = partitions(connection)
    this = connection.scalar(text("SELECT date_trunc('month', now() AT TIME ZONE 'UTC')::date"))
    strays = text(
        "SELECT DISTINCT date_trunc('month', received_at AT TIME ZONE 'UTC')::date FROM calls_other"
    )
    wanted = {after(this, number) for number in range(AHEAD + 1)} | set(connection.scalars(strays))
    return sorted(month for month in wanted if not _stands(month, made))


def _stands(month: date, made: set[str]) -> bool:
    before = f"calls_before_{month:%Y_%m}"
    return _name(month) in made or any(
        one > before for one in made if one.startswith("calls_before_")
    )


def _make(connection: Connection, month: date) -> None:
    """Make one month's table, with the rows of `calls_other` that belong there."""
    name, begin, end = _name(month), midnight(month), midnight(after(month))
    for statement in (
        "LOCK TABLE calls_other IN ACCESS EXCLUSIVE MODE",
        f"CREATE TABLE {name} (LIKE calls INCLUDING ALL)",
        f"WITH moved AS (DELETE FROM calls_other WHERE received_at >= '{begin}'"  # noqa: S608
        f" AND received_at < '{end}' RETURNING *) INSERT INTO {name} SELECT * FROM moved",
        # Attached rather than made as a part: that would lock all of `calls`.
        f"ALTER TABLE calls ATTACH PARTITION {name} FOR VALUES FROM ('{begin}') TO ('{end}')",
    ):
        connection.execute(text(statement))


def _name(month: date) -> str:
    return f"calls_{month:%Y_%m}"
