"""how an account connects, since when its org has the package, what was looked at in the org

New columns have a default that the database keeps as a constant, so that no row is rewritten.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import live

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        change()
    else:
        live.patiently(op.get_bind(), lambda _: change(), "connections, accounts")


def change() -> None:
    op.add_column(
        "connections",
        sa.Column("flow", sa.String(32), nullable=False, server_default="consent"),
    )
    op.add_column("connections", sa.Column("package_since", sa.DateTime(timezone=True)))
    op.create_table(
        "checks",
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("api_calls", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("account_id", "kind"),
    )


def downgrade() -> None:
    op.drop_table("checks")
    with op.batch_alter_table("connections") as connections:
        connections.drop_column("package_since")
        connections.drop_column("flow")
