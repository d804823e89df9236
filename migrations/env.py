"""Runs migrations against DATABASE_URL, or against a connection handed over by the caller."""

from __future__ import annotations

from typing import Any

from alembic import context

from core.config import read_database_url
from core.models import Base
from core.models.base import Instant
from core.store.database import Database
from core.store.months import partitions


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations stand on their own: our column types are written as what they are stored as."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=True,  # none keeps its locks while the next one waits for others
        render_item=render_item,
        include_name=lambda name, kind, _: kind != "table" or name not in partitions(connection),
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(read_database_url())
    with database.engine.execution_options(write=True).connect() as connection:
        run(connection)
        connection.commit()
    database.engine.dispose()
