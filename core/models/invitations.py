"""Invitations to an account: nobody belongs to it before they accept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Identity
from core.secrets import new_name


class Invitation(Base):
    """One that waits for its answer; it is gone once it was answered or withdrawn."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("account_id", "email"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(22), unique=True, index=True, default=new_name)
    """What stands in addresses and forms: it cannot be guessed and counts nothing."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    email: Mapped[str] = mapped_column(String(320), index=True)
    """Lower case. Whether anybody signs in with it, an invitation does not tell."""
    called: Mapped[str] = mapped_column(String(255))
    """The person's name, as whoever invites typed it; it becomes that of somebody new."""
    role: Mapped[str] = mapped_column(String(16))
    """`owner` or `member`."""
    language: Mapped[str] = mapped_column(String(8), default="")
    """Of the letter, and of somebody new; empty = as whoever invites."""
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """None = the telephony cabinet."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 in hex of the 256 random bits in the letter's link."""
