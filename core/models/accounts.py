"""Accounts (telephony's customers), the people who sign in, and telephony's intake keys."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, ForeignKey, String
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Identity
from core.secrets import new_name


class Account(Base):
    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Telephony's own name of the account: what `log_call(account_id, …)` is called with."""
    public_name: Mapped[str] = mapped_column(String(22), unique=True, index=True, default=new_name)
    """What stands in addresses: it cannot be guessed. The id may be somebody's e-mail address."""
    name: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]

    @property
    def address(self) -> str:
        """Where its pages begin, on the portal."""
        return f"/a/{self.public_name}"


class Person(Base):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    """Lower case."""
    name: Mapped[str] = mapped_column(String(255), default="")
    password_hash: Mapped[str] = mapped_column(String(255), default="")
    """argon2; empty = no password yet."""
    language: Mapped[str] = mapped_column(String(8), default="")
    is_staff: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    """Since when they may not sign in; None = they may."""

    @hybrid_property
    def is_active(self) -> bool:
        """Whether they may sign in. Nobody else gets mail, owns an account, or is visited."""
        return self.disabled_at is None

    @is_active.inplace.expression
    @classmethod
    def _is_active(cls) -> ColumnElement[bool]:
        return cls.disabled_at.is_(None)

    @property
    def called(self) -> str:
        """How pages call them."""
        return self.name or self.email

    @property
    def called_with_email(self) -> str:
        """For who does not know them: anybody may take any name, but not any address."""
        return f"{self.name} ({self.email})" if self.name else self.email


Role = Literal["owner", "member"]
OWNER: Role = "owner"
MEMBER: Role = "member"


class Membership(Base):
    __tablename__ = "memberships"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16))
    used_at: Mapped[datetime | None]
    """When the person came here from another account; the newest tells which they used last."""


class IntakeKey(Base):
    """Telephony's secret for the HTTP door, kept as a hash like a password."""

    __tablename__ = "intake_keys"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(22), unique=True, index=True, default=new_name)
    """What stands in addresses and forms: it cannot be guessed and counts nothing."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 in hex: the key itself is 256 random bits, so no slow hash is needed."""
    ending: Mapped[str] = mapped_column(String(4))
    """The key's last characters, for people to tell keys apart."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    """Set when a newer key replaced this one: both work until then."""
