"""all tables

Constraints and indexes without a name here get it from the convention in `core.models.base`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ROW = sa.BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts rows in INTEGER only

TABLES = (
    *("accounts", "people", "memberships", "invitations", "intake_keys"),
    *("sessions", "password_links", "second_factors", "recovery_codes"),
    *("connections", "org_snapshots"),
    *("policies", "setting_rows", "setting_changes"),
    *("calls", "call_events", "client_records", "delivery_leases"),
    *("support_visits", "audit_log"),
    *("notices", "counters"),
)
"""Each after those it points to."""


def upgrade() -> None:
    create_accounts()
    create_invitations()
    create_sign_in()
    create_connections()
    create_policies()
    create_calls()
    create_call_events()
    create_deliveries()
    create_support()
    create_operations()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def required(kind, *columns: str, **options) -> list[Column]:
    return [Column(one, kind, nullable=False, **options) for one in columns]


def optional(kind, *columns: str, **options) -> list[Column]:
    return [Column(one, kind, nullable=True, **options) for one in columns]


def row_id() -> Column:
    return Column("id", ROW, primary_key=True)


def name() -> Column:
    """What stands in addresses and forms: it cannot be guessed and counts nothing."""
    return Column("name", String(22), nullable=False, unique=True, index=True)


def account(**options) -> Column:
    return Column("account_id", String(64), ForeignKey("accounts.id"), nullable=False, **options)


def person(column: str = "person_id", nullable: bool = False, **options) -> Column:
    return Column(column, ROW, ForeignKey("people.id"), nullable=nullable, **options)


def create_accounts() -> None:
    op.create_table(
        "accounts",
        Column("id", String(64), primary_key=True),
        *required(String(22), "public_name", unique=True, index=True),
        *required(String(255), "name"),
        *required(INSTANT, "created_at"),
    )
    op.create_table(
        "people",
        row_id(),
        *required(String(320), "email", unique=True),
        *required(String(255), "name", "password_hash"),
        *required(String(8), "language"),
        *required(Boolean, "is_staff"),
        *required(INSTANT, "created_at"),
        *optional(INSTANT, "disabled_at"),
    )
    op.create_table(
        "memberships",
        account(primary_key=True),
        person(primary_key=True, index=True),
        *required(String(16), "role"),
        *optional(INSTANT, "used_at"),
    )
    op.create_table(
        "intake_keys",
        row_id(),
        name(),
        account(index=True),
        *required(String(64), "key_hash", unique=True),
        *required(String(4), "ending"),
        *required(INSTANT, "created_at"),
        *optional(INSTANT, "expires_at"),
    )


def create_invitations() -> None:
    op.create_table(
        "invitations",
        row_id(),
        name(),
        account(),
        *required(String(320), "email", index=True),
        *required(String(255), "called"),
        *required(String(16), "role"),
        *required(String(8), "language"),
        person("invited_by", nullable=True),
        *required(INSTANT, "created_at", "expires_at"),
        *required(String(64), "key_hash", unique=True),
        sa.UniqueConstraint("account_id", "email"),
    )


def create_sign_in() -> None:
    op.create_table(
        "sessions",
        row_id(),
        *required(String(22), "name", unique=True),
        person(index=True),
        *required(INSTANT, "created_at", "seen_at"),
        *required(String(64), "address"),
        *required(String(255), "agent"),
    )
    op.create_table(
        "password_links",
        row_id(),
        person(index=True),
        *required(String(64), "key_hash", unique=True),
        *required(INSTANT, "created_at", "expires_at"),
    )
    op.create_table(
        "second_factors",
        person(primary_key=True),
        *required(String(512), "secret_sealed"),
        *optional(INSTANT, "confirmed_at"),
        *required(Integer, "last_step"),
    )
    code = required(String(64), "code_hash")
    op.create_table("recovery_codes", row_id(), person(index=True), *code)


def create_connections() -> None:
    op.create_table(
        "connections",
        account(primary_key=True),
        *required(String(16), "state", "environment"),
        *required(String(64), "reason_code"),
        *required(JSON, "reason_params"),
        *optional(INSTANT, "paused_until", "connected_at", "last_written_at"),
        *required(String(512), "client_id"),
        *required(Text, "client_secret_sealed", "access_token_sealed", "refresh_token_sealed"),
        *required(String(18), "org_id", "user_id"),
        *required(String(255), "org_name", "user_name", "username", "my_domain", "instance_url"),
        *required(Integer, "token_version"),
        *optional(INSTANT, "refreshed_at", index=True),
        *required(String(32), "refresh_lease"),
        *optional(INSTANT, "refresh_lease_until"),
        *optional(Integer, "api_used", "api_allowed", "api_ceiling"),
        *optional(INSTANT, "api_seen_at"),
    )
    op.create_table(
        "org_snapshots",
        account(primary_key=True),
        *required(INSTANT, "fetched_at"),
        *required(JSON, "shape"),
    )


def create_policies() -> None:
    op.create_table(
        "policies",
        account(primary_key=True),
        *required(Boolean, "enabled", "known_contact_first", "create_on_outgoing"),
        *required(Integer, "close_in_days", "missed_task_due_minutes"),
        *required(String(255), "mode", "converted_lead", "contact_account_id", "open_stage"),
        *required(String(255), "closed_opportunity", "opportunity_name", "default_responsible"),
        *required(String(255), "region", "time_zone", "language"),
    )
    op.create_table(
        "setting_rows",
        row_id(),
        name(),
        account(),
        *required(String(64), "setting"),
        *required(String(255), "key"),
        *required(Integer, "position", "turn"),
        *required(JSON, "value"),
        sa.UniqueConstraint("account_id", "setting", "key"),
    )
    op.create_table(
        "setting_changes",
        row_id(),
        name(),
        account(index=True),
        person(nullable=True),
        person("staff_id", nullable=True),
        *required(INSTANT, "at"),
        *required(String(64), "setting"),
        *required(JSON, "old", "new"),
    )


def create_calls() -> None:
    op.create_table(
        "calls",
        row_id(),
        *required(String(22), "public_id", unique=True),
        account(),
        *required(String(64), "call_key", "number", "line", "unmapped_line", "reason_code"),
        *required(INSTANT, "received_at", "started_at", "due_at"),
        *optional(INSTANT, "finished_at"),
        *required(String(8), "direction"),
        *required(Boolean, "answered"),
        *required(String(255), "external_line"),
        *required(String(16), "state"),
        *required(String(32), "lease"),
        *required(JSON, "event", "lessons", "reason_params", "trace", "written"),
        *required(Integer, "attempts", "api_calls", "batch"),
        *required(Boolean, "unsure", server_default=sa.false()),
        *required(Integer, "turn_of", server_default=sa.text("0")),
        sa.UniqueConstraint("account_id", "call_key"),
        sa.Index("ix_calls_journal", "account_id", "started_at", "id"),
        sa.Index("ix_calls_journal_state", "account_id", "state", "started_at", "id"),
        sa.Index("ix_calls_journal_direction", "account_id", "direction", "started_at", "id"),
        sa.Index("ix_calls_journal_number", "account_id", "number", "started_at", "id"),
        sa.Index("ix_calls_due", "state", "due_at"),
    )
    unwritten = sa.text("state IN ('waiting', 'retry', 'delivering', 'held')")
    only = {"sqlite_where": unwritten, "postgresql_where": unwritten}
    op.create_index("ix_calls_unwritten", "calls", ["account_id", "id"], **only)
    op.create_index("ix_calls_unwritten_number", "calls", ["account_id", "number", "id"], **only)


def create_call_events() -> None:
    call = ForeignKey("calls.id", ondelete="CASCADE")
    op.create_table(
        "call_events",
        row_id(),
        Column("call_id", ROW, call, nullable=False, index=True),
        *required(INSTANT, "at"),
        *required(String(16), "state"),
        *required(String(64), "reason_code"),
        *required(JSON, "reason_params"),
    )


def create_deliveries() -> None:
    op.create_table(
        "client_records",
        row_id(),
        account(),
        *required(String(64), "number"),
        *required(String(16), "object"),
        *required(String(18), "record_id"),
        *required(INSTANT, "created_at"),
        sa.UniqueConstraint("account_id", "number", "record_id"),
    )
    op.create_table(
        "delivery_leases",
        account(primary_key=True),
        *required(String(32), "token"),
        *required(INSTANT, "expires_at"),
    )


def create_support() -> None:
    op.create_table(
        "support_visits",
        row_id(),
        *required(String(22), "name", unique=True),
        account(index=True),
        person(),
        person("staff_id", index=True),
        *required(String(22), "session"),
        *required(String(500), "reason"),
        *required(INSTANT, "started_at", "ends_at"),
    )
    op.create_table(
        "audit_log",
        row_id(),
        name(),
        account(),
        person(nullable=True),
        person("staff_id", nullable=True),
        Column("visit_id", ROW, ForeignKey("support_visits.id"), index=True),
        *required(INSTANT, "at"),
        *required(String(64), "action"),
        *required(JSON, "params"),
        *required(Integer, "status", "times"),
        sa.Index("ix_audit_log_account", "account_id", "id"),
    )
    events = sa.text("visit_id IS NULL")
    only = {"sqlite_where": events, "postgresql_where": events}
    op.create_index("ix_audit_log_events", "audit_log", ["account_id", "id"], **only)


def create_operations() -> None:
    op.create_table(
        "notices",
        row_id(),
        account(),
        *required(String(32), "kind"),
        *required(String(64), "reason_code"),
        *required(JSON, "reason_params"),
        *required(INSTANT, "created_at"),
        *optional(INSTANT, "due_at", index=True),
        *required(Integer, "attempts"),
        *required(JSON, "told", server_default="[]"),
    )
    op.create_table(
        "counters",
        Column("name", String(48), primary_key=True),
        Column("label", String(96), primary_key=True),
        Column("slot", Integer, primary_key=True),
        *required(sa.Float(53), "value"),
    )
