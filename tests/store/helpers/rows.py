"""Tables as they are, whatever the models of today say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, MetaData, Table

Row = dict[str, Any]


def table(engine: Engine, name: str) -> Table:
    """As the database describes it at this moment."""
    return Table(name, MetaData(), autoload_with=engine)


def put(engine: Engine, name: str, *rows: Row) -> None:
    with engine.begin() as connection:
        connection.execute(table(engine, name).insert(), list(rows))


def rows(engine: Engine, name: str, order: str = "id") -> list[Row]:
    """All of them, with moments in UTC. (SQLite keeps no zone.)"""
    chosen = table(engine, name)
    with engine.connect() as connection:
        found = connection.execute(chosen.select().order_by(chosen.c[order]))
        return [{key: _plain(value) for key, value in row.items()} for row in found.mappings()]


def _plain(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
