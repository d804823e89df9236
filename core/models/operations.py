"""What keeps the product observable: mails still to be sent, and counters that only grow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Identity


class Notice(Base):
    """A mail to an account's owners, written in the transaction of the change it speaks of."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(32))
    """`connection_died` or `connection_works`."""
    reason_code: Mapped[str] = mapped_column(String(64), default="")
    reason_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When to send it, or to try again; None = sent, or given up."""
    attempts: Mapped[int] = mapped_column(default=0)
    told: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """Ids of the owners who have it already."""


class Counter(Base):
    """One number of the metrics. Rows of one name and label differ in `slot`, so that workers
    rarely wait for each other; their sum counts."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    label: Mapped[str] = mapped_column(String(96), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[float] = mapped_column(Float(53))
