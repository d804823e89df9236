"""An account's connection to its Salesforce org."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base


class ConnectionRow(Base):
    """One row per account; it outlives a disconnect, to recognise the org next time.

    Columns ending in `_sealed` are encrypted (`core.secrets`).
    """

    __tablename__ = "connections"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), default="none")
    """`none`, `active`, `paused` or `dead`: see `core.connection.ConnectionState`."""
    reason_code: Mapped[str] = mapped_column(String(64), default="")
    reason_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    paused_until: Mapped[datetime | None]

    flow: Mapped[str] = mapped_column(String(32), default="consent", server_default="consent")
    """`consent` or `client_credentials`: how access is got and renewed (`core.connection.Flow`)."""
    environment: Mapped[str] = mapped_column(String(16), default="production")
    """`production`, `sandbox` or `my_domain`."""
    my_domain: Mapped[str] = mapped_column(String(255), default="")
    client_id: Mapped[str] = mapped_column(String(512), default="")
    """The customer's own External Client App; empty = the product's."""
    client_secret_sealed: Mapped[str] = mapped_column(Text, default="")

    org_id: Mapped[str] = mapped_column(String(18), default="")
    org_name: Mapped[str] = mapped_column(String(255), default="")
    user_id: Mapped[str] = mapped_column(String(18), default="")
    user_name: Mapped[str] = mapped_column(String(255), default="")
    username: Mapped[str] = mapped_column(String(255), default="")
    instance_url: Mapped[str] = mapped_column(String(255), default="")
    connected_at: Mapped[datetime | None]

    access_token_sealed: Mapped[str] = mapped_column(Text, default="")
    refresh_token_sealed: Mapped[str] = mapped_column(Text, default="")
    token_version: Mapped[int] = mapped_column(default=0)
    """Grows with every new access token, so that a waiter sees that another refreshed."""
    refreshed_at: Mapped[datetime | None] = mapped_column(index=True)
    refresh_lease: Mapped[str] = mapped_column(String(32), default="")
    refresh_lease_until: Mapped[datetime | None]

    api_used: Mapped[int | None]
    api_allowed: Mapped[int | None]
    api_seen_at: Mapped[datetime | None]
    api_ceiling: Mapped[int | None]
    """The customer's own daily ceiling; None = 80 % of what the org allows."""
    last_written_at: Mapped[datetime | None]
    package_since: Mapped[datetime | None]
    """When the org was first seen with our package's key on Tasks; None while it is without."""


class OrgSnapshot(Base):
    """What the org looked like when last asked: fields, stages, users. A cache, not a truth."""

    __tablename__ = "org_snapshots"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    fetched_at: Mapped[datetime]
    shape: Mapped[dict[str, Any]]


class CheckRow(Base):
    """The newest look of one kind at an account's org, by button or by night."""

    __tablename__ = "checks"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    """`preflight` or `test_call`."""
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """None while it runs, or when whoever ran it died."""
    api_calls: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
