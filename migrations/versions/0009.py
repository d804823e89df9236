"""what stands in addresses and forms has unguessable names instead of row numbers"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("intake_keys", "missed_call_responsibles", "setting_changes", "audit_log")
AT_ONCE = 1000
EVENTS = sa.text("visit_id IS NULL")


def upgrade() -> None:
    for table in TABLES:
        # No table is made anew: on SQLite dropping the old one would take along what hangs on it.
        name = sa.Column("name", sa.String(length=22), nullable=False, server_default="")
        op.add_column(table, name)
        _give_names(table)
        op.create_index(op.f(f"ix_{table}_name"), table, ["name"], unique=True)
    op.create_index(
        "ix_audit_log_events",
        "audit_log",
        ["account_id", "id"],
        unique=False,
        sqlite_where=EVENTS,
        postgresql_where=EVENTS,
    )


def _give_names(name: str) -> None:
    """A name for each row that is there, some at a time: a log can be long."""
    table = sa.table(name, sa.column("id", sa.BigInteger), sa.column("name", sa.String))
    put = table.update().where(table.c.id == sa.bindparam("row")).values(name=sa.bindparam("new"))
    connection, last = op.get_bind(), 0
    while ids := list(
        connection.scalars(
            sa.select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(AT_ONCE)
        )
    ):
        connection.execute(put, [{"row": one, "new": secrets.token_urlsafe(16)} for one in ids])
        last = ids[-1]


def downgrade() -> None:
    op.drop_index("ix_audit_log_events", "audit_log")
    for table in reversed(TABLES):
        op.drop_index(op.f(f"ix_{table}_name"), table)
        op.drop_column(table, "name")
