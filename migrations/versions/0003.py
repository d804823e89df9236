"""refused events

Made empty, so that it locks nothing that anybody uses.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "refused_events"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", ROW, nullable=False),
        sa.Column("name", sa.String(22), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("is_known", sa.Boolean(), nullable=False),
        sa.Column("door", sa.String(8), nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("why", sa.String(255), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_refused_events"),
        sa.UniqueConstraint("name", name="uq_refused_events_name"),
    )
    op.create_index("ix_refused_events_account_at", TABLE, ["account", "at"])
    op.create_index("ix_refused_events_at", TABLE, ["at"])
    op.create_index(
        "ix_refused_events_of_nobody",
        TABLE,
        ["at"],
        sqlite_where=sa.text("is_known = 0"),
        postgresql_where=sa.text("NOT is_known"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
