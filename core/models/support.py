"""Support's visits to accounts, and the log of who did what in an account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Identity
from core.secrets import new_name


class SupportVisit(Base):
    """A support person acts for a customer's, for a written reason and a limited time."""

    __tablename__ = "support_visits"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(22), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    """For whom support acts."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    session: Mapped[str] = mapped_column(String(22))
    """The `PersonSession.name` it was opened in; it goes on in no other browser."""
    reason: Mapped[str] = mapped_column(String(500))
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """Over at this moment at the latest; set to now when support leaves."""


class AuditEntry(Base):
    """What somebody looked at or changed in an account. Only ever added to."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_account", "account_id", "id"),
        Index(
            "ix_audit_log_events",
            "account_id",
            "id",
            sqlite_where=text("visit_id IS NULL"),
            postgresql_where=text("visit_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(22), unique=True, index=True, default=new_name)
    """What stands in addresses and forms: it cannot be guessed and counts nothing."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who acted, or for whom support did. None = a program with the admin key, or an
    operator."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("support_visits.id"), index=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(64))
    """`view`, `change`, or a dotted name such as `key.issued`: see `portal.web.audit`."""
    params: Mapped[dict[str, Any]]
    """Of `view` and `change`: `{"endpoint", "path"}`. Of others what they name, and
    `{"by": "operator"}` if an operator did it."""
    status: Mapped[int] = mapped_column(default=0)
    """Of `view` and `change`: the HTTP status answered; 0 = none yet."""
    times: Mapped[int] = mapped_column(default=1)
    """A page that refreshes itself is one entry."""
