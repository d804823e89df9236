"""one table for the rows of all settings that are lists"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WORDS = {
    "mode": 16,
    "converted_lead": 16,
    "contact_account_id": 18,
    "closed_opportunity": 16,
    "default_responsible": 18,
    "region": 2,
    "time_zone": 64,
    "language": 8,
}
"""Columns, and how long they were."""
BEFORE = (
    "missed_call_users",
    "missed_call_responsibles",
    "sip_lines",
    "own_fields",
    "excluded_numbers",
)


def upgrade() -> None:
    table = op.create_table(
        "setting_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=22), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("setting", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_setting_rows_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_rows")),
        sa.UniqueConstraint(
            "account_id",
            "setting",
            "key",
            name=op.f("uq_setting_rows_account_id_setting_key"),
        ),
    )
    op.create_index(op.f("ix_setting_rows_name"), "setting_rows", ["name"], unique=True)
    rows = list(_rows())
    if rows:
        op.bulk_insert(table, rows)
    for name in BEFORE:
        op.drop_table(name)
    with op.batch_alter_table("policies", schema=None) as batch_op:
        batch_op.drop_column("phone_fields")
        for name, length in WORDS.items():
            batch_op.alter_column(
                name,
                existing_type=sa.String(length=length),
                type_=sa.String(length=255),
                existing_nullable=False,
            )


def _rows() -> Iterator[dict[str, Any]]:
    """Every row of every list, as it stands in the new table."""

    def row(account: str, setting: str, key: str, at: int, value: Any, **more: Any) -> dict:
        made = {"name": secrets.token_urlsafe(16), "turn": 0, **more}
        kept = {"account_id": account, "setting": setting, "key": key, "position": at}
        return {**kept, "value": value, **made}

    for one in _read("missed_call_responsibles", "id"):
        users = [
            user.user_id
            for user in _read("missed_call_users", "position")
            if user.responsible_id == one.id
        ]
        value = {"external_line": one.external_line, "user_ids": users}
        own = {"name": one.name, "turn": one.turn}
        yield row(one.account_id, "missed_calls", one.external_line, one.id, value, **own)
    for one in _read("sip_lines", "id"):
        value = {"line": one.line, "user_id": one.user_id}
        yield row(one.account_id, "lines", one.line, one.id, value)
    for one in _read("own_fields", "id"):
        value = {"object": one.object, "field": one.field, "template": one.template}
        value["when"] = one.fill_when
        yield row(one.account_id, "own_fields", f"{one.object}.{one.field}", one.id, value)
    for one in _read("excluded_numbers", "id"):
        yield row(one.account_id, "excluded_numbers", one.number, one.id, one.number)
    for one in _read("policies", "account_id", phone_fields=sa.JSON):
        for at, field in enumerate(one.phone_fields):
            yield row(one.account_id, "phone_fields", field, at, field)


def _read(name: str, order: str, **typed: Any) -> list[Any]:
    query = sa.text(f"SELECT * FROM {name} ORDER BY {order}")  # noqa: S608 - names of our own
    return list(op.get_bind().execute(query.columns(**typed)))


def downgrade() -> None:
    raise NotImplementedError("the five tables before are not made again")
