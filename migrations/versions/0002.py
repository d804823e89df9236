"""a queue apart from the journal of calls, and months

How a PostgreSQL in use gets there stands in `migrations.live`; here is what both databases get,
and the way for SQLite, which has one writer anyway.
"""

from __future__ import annotations

from importlib import import_module

import sqlalchemy as sa
from alembic import op
from sqlalchemy import JSON, Boolean, Column, Integer, String

from migrations import live
from migrations.copying import DERIVED, STANDING, copy_keys, copy_queue

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

before = import_module("migrations.versions.0001")
account, optional, required, row_id = (
    before.account,
    before.optional,
    before.required,
    before.row_id,
)
INSTANT, ROW = before.INSTANT, before.ROW

JOURNAL = (
    *("id", "received_at", "public_id", "account_id", "call_key", "event", "direction"),
    *("answered", "number", "line", "external_line", "started_at", "written"),
)
"""Columns of `calls`, beside how it stands."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        upgrade_at_once()
    else:
        if not sa.inspect(op.get_bind()).has_table("queue"):  # else interrupted: it goes on
            create_keys()
            create_queue()
        with op.get_context().autocommit_block():
            end = live.prepare(op.get_bind().engine)
        live.swap(op.get_bind(), end, create_calls)
        widen_leases()


def upgrade_at_once() -> None:
    set_aside("call_events", "calls")
    create_keys()
    create_queue()
    create_calls()
    create_events()
    columns = ", ".join((*JOURNAL, *STANDING))
    op.execute(f"INSERT INTO calls ({columns}) SELECT {columns} FROM calls_aside")
    op.execute(copy_keys("calls_aside"))
    op.execute(copy_queue("calls_aside"))
    op.execute(
        f"INSERT INTO call_events SELECT e.* FROM call_events_aside e"
        f" JOIN calls c ON c.id = e.call_id WHERE NOT ({DERIVED})"
    )
    remove("call_events_aside", "calls_aside")
    op.create_index("ix_client_records_created_at", "client_records", ["created_at"])
    widen_leases()


def set_aside(*tables: str) -> None:
    """Keep the rows, free the names. (Those that point to others come first.)"""
    for table in tables:
        op.execute(f"CREATE TABLE {table}_aside AS SELECT * FROM {table}")
        op.drop_table(table)


def remove(*tables: str) -> None:
    for table in tables:
        op.drop_table(table)


def create_keys() -> None:
    op.create_table(
        "call_keys",
        row_id(),
        account(),
        *required(String(64), "call_key"),
        *required(INSTANT, "received_at"),
        sa.UniqueConstraint("account_id", "call_key"),
    )


def standing() -> list[Column]:
    return [
        *required(String(16), "state"),
        *required(String(64), "reason_code", "unmapped_line"),
        *required(JSON, "reason_params", "trace"),
        *required(Integer, "api_calls", "batch"),
        *optional(INSTANT, "finished_at"),
    ]


def create_queue() -> None:
    op.create_table(
        "queue",
        Column("call_id", ROW, primary_key=True, autoincrement=False),
        account(),
        *required(INSTANT, "received_at", "started_at", "due_at"),
        *required(String(64), "number"),
        *required(Integer, "attempts", "turn_of"),
        *required(String(32), "lease"),
        *required(JSON, "lessons"),
        *required(Boolean, "unsure"),
        *standing(),
        sa.Index("ix_queue_number", "account_id", "number", "call_id"),
        sa.Index("ix_queue_state", "account_id", "state", "started_at", "call_id"),
    )
    unfinished = sa.text("state IN ('waiting', 'retry', 'delivering')")
    only = {"sqlite_where": unfinished, "postgresql_where": unfinished}
    op.create_index("ix_queue_account", "queue", ["account_id", "call_id"], **only)
    op.create_index("ix_queue_due", "queue", ["due_at", "account_id"], **only)


def create_calls() -> None:
    op.create_table(
        "calls",
        Column("id", ROW, primary_key=True, autoincrement=False),
        Column("received_at", INSTANT, primary_key=True),
        account(),
        *required(String(22), "public_id"),
        *required(String(64), "call_key", "number", "line"),
        *required(INSTANT, "started_at"),
        *required(String(8), "direction"),
        *required(Boolean, "answered"),
        *required(String(255), "external_line"),
        *required(JSON, "event", "written"),
        *standing(),
        sa.Index("ix_calls_public_id", "public_id"),
        sa.Index("ix_calls_journal", "account_id", "started_at", "id"),
        sa.Index("ix_calls_journal_state", "account_id", "state", "started_at", "id"),
        sa.Index("ix_calls_journal_direction", "account_id", "direction", "started_at", "id"),
        sa.Index("ix_calls_journal_number", "account_id", "number", "started_at", "id"),
        postgresql_partition_by="RANGE (received_at)",
    )


def create_events() -> None:
    op.create_table(
        "call_events",
        row_id(),
        Column("call_id", ROW, nullable=False, index=True),
        *required(INSTANT, "at"),
        *required(String(16), "state"),
        *required(String(64), "reason_code"),
        *required(JSON, "reason_params"),
    )


def widen_leases() -> None:
    columns = {"wanted": Boolean, "failures": Integer, "bears": Integer}
    with op.batch_alter_table("delivery_leases") as leases:
        for name, kind in columns.items():
            leases.add_column(Column(name, kind, nullable=False, server_default=sa.text("'0'")))
        leases.add_column(Column("shrunk_at", INSTANT))
    with op.batch_alter_table("delivery_leases") as leases:
        for name in columns:
            leases.alter_column(name, server_default=None)


def downgrade() -> None:
    """Back into one table: all calls are copied, and nothing may run meanwhile."""
    with op.batch_alter_table("delivery_leases") as leases:
        for name in ("wanted", "failures", "bears", "shrunk_at"):
            leases.drop_column(name)
    op.drop_index("ix_client_records_created_at", "client_records")
    set_aside("call_events", "calls")
    before.create_calls()
    before.create_call_events()
    own = ("due_at", "attempts", "lease", "lessons", "unsure", "turn_of")
    settled = ("c.received_at", "0", "''", "'{}'", "false", "0")
    op.execute(
        f"INSERT INTO calls ({', '.join((*JOURNAL, *STANDING, *own))})"
        f" SELECT {', '.join(f'c.{name}' for name in JOURNAL)}"
        + "".join(f", CASE WHEN q.call_id IS NULL THEN c.{n} ELSE q.{n} END" for n in STANDING)
        + "".join(f", COALESCE(q.{n}, {v})" for n, v in zip(own, settled, strict=True))
        + " FROM calls_aside c LEFT JOIN queue q ON q.call_id = c.id"
    )
    op.execute(
        "INSERT INTO call_events (call_id, at, state, reason_code, reason_params)"
        " SELECT call_id, at, state, reason_code, reason_params FROM ("
        " SELECT e.*, 1 AS part FROM call_events_aside e JOIN calls c ON c.id = e.call_id"
        " UNION ALL SELECT 0, id, received_at, 'waiting', '', '{}', 0 FROM calls"
        " UNION ALL SELECT 0, id, finished_at, state, reason_code, reason_params, 2 FROM calls"
        " WHERE state IN ('done', 'skipped')) told ORDER BY call_id, part, id"
    )
    if op.get_bind().dialect.name == "postgresql":
        last = "SELECT last_value, is_called FROM call_keys_id_seq"
        op.execute(f"SELECT setval('calls_id_seq', last_value, is_called) FROM ({last}) keys")
    remove("call_events_aside", "calls_aside", "queue", "call_keys")
