"""What telephony handed over and no door could take, for support to read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Identity
from core.secrets import new_name


class RefusedEvent(Base):
    """One event that will never be taken as it is. Kept for some days only."""

    __tablename__ = "refused_events"
    __table_args__ = (
        Index("ix_refused_events_account_at", "account", "at"),
        Index("ix_refused_events_at", "at"),
        # Those of no account share one allowance, whatever names they carry.
        Index(
            "ix_refused_events_of_nobody",
            "at",
            sqlite_where=text("is_known = 0"),
            postgresql_where=text("NOT is_known"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(22), unique=True, default=new_name)
    """What stands in addresses."""
    at: Mapped[datetime]
    account: Mapped[str] = mapped_column(String(64))
    """As it was sent, cut; empty when nothing named one."""
    is_known: Mapped[bool]
    """Whether there was such an account."""
    door: Mapped[str] = mapped_column(String(8))
    """`http` or `rq`."""
    field: Mapped[str] = mapped_column(String(64))
    """The field that is wrong, as telephony names it; `account` or `job` for a whole job."""
    why: Mapped[str] = mapped_column(String(255))
    """In English, as the door answered."""
    event: Mapped[str] = mapped_column(Text)
    """What was sent, in JSON for people to read, cut."""
    more: Mapped[int] = mapped_column(default=0)
    """How many were refused after this one of which nothing is kept: the day's allowance was
    used up."""
