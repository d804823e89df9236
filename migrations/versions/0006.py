"""unwritten calls of a number are found without reading its history"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_calls_unwritten": ["account_id", "id"],
    "ix_calls_unwritten_number": ["account_id", "number", "id"],
}
UNWRITTEN = sa.text("state IN ('waiting', 'retry', 'delivering', 'held')")


def upgrade() -> None:
    with op.batch_alter_table("calls", schema=None) as batch_op:
        for name, columns in INDEXES.items():
            batch_op.create_index(
                name, columns, unique=False, sqlite_where=UNWRITTEN, postgresql_where=UNWRITTEN
            )
        batch_op.drop_index("ix_calls_number")


def downgrade() -> None:
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index("ix_calls_number", ["account_id", "number", "id"], unique=False)
        for name in INDEXES:
            batch_op.drop_index(name)
