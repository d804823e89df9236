"""missed calls to answer for, calls to look for again, and their settings

New tables are made empty; new columns have a default that the database keeps as a constant, so that
no row is rewritten.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = {"sqlite_where": sa.text("state = 'open'"), "postgresql_where": sa.text("state = 'open'")}


def settings() -> list[sa.Column]:
    return [
        sa.Column("overdue", sa.String(255), nullable=False, server_default="nothing"),
        sa.Column("tell_owner", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("find_later", sa.Boolean(), nullable=False, server_default=sa.true()),
    ]


def upgrade() -> None:
    op.create_table(
        "loops",
        sa.Column("id", ROW, nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("external_line", sa.String(255), nullable=False),
        sa.Column("call_id", ROW, nullable=False),
        sa.Column("task_id", sa.String(18), nullable=False),
        sa.Column("responsible", sa.String(18), nullable=False),
        sa.Column("missed_at", INSTANT, nullable=False),
        sa.Column("last_missed_at", INSTANT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("handed_over_at", INSTANT),
        sa.Column("look_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.Column("closed_by_call", ROW),
        sa.Column("closed_by", sa.String(18), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("uq_loops_open", "loops", ["account_id", "number"], unique=True, **OPEN)
    op.create_index("ix_loops_look", "loops", ["look_at"], **OPEN)
    op.create_index("ix_loops_number", "loops", ["account_id", "number", "missed_at"])
    op.create_index("ix_loops_closed", "loops", ["account_id", "closed_at"])
    op.create_table(
        "late_matches",
        sa.Column("id", ROW, nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("call_id", ROW, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("look_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("call_id"),
    )
    op.create_index("ix_late_matches_look_at", "late_matches", ["look_at"])
    for column in settings():
        op.add_column("policies", column)


def downgrade() -> None:
    with op.batch_alter_table("policies") as policies:
        for column in settings():
            policies.drop_column(column.name)
    op.drop_table("late_matches")
    op.drop_table("loops")
