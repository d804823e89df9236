"""How people prove who they are: sessions, links by e-mail, the second factor."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Identity


class PersonSession(Base):
    """One browser in which a person is signed in. Ending it here signs that browser out."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(22), unique=True)
    """What the signed cookie carries; worthless without the signature."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(255))
    """The browser's own words about itself."""


class PasswordLink(Base):
    """A link sent by e-mail to choose a new password for a forgotten one. Works once."""

    __tablename__ = "password_links"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 in hex of the 256 random bits in the link."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SecondFactor(Base):
    """A person's authenticator app (TOTP, RFC 6238)."""

    __tablename__ = "second_factors"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    secret_sealed: Mapped[str] = mapped_column(String(512))
    confirmed_at: Mapped[datetime | None]
    """None while it is being set up: it is not asked for yet."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The 30-second step of the code used last: no code works twice."""


class RecoveryCode(Base):
    """A code for the day the phone is lost; each works once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 in hex: a code is 80 random bits, so no slow hash is needed."""
