"""What customers choose, one column or row per choice, and the history of their changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, Identity
from core.secrets import new_name


class PolicyRow(Base):
    """The single-valued settings. A row exists once anything was changed."""

    __tablename__ = "policies"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    enabled: Mapped[bool]
    mode: Mapped[str] = mapped_column(String(16))
    converted_lead: Mapped[str] = mapped_column(String(16))
    known_contact_first: Mapped[bool]
    contact_account_id: Mapped[str] = mapped_column(String(18))
    closed_opportunity: Mapped[str] = mapped_column(String(16))
    open_stage: Mapped[str] = mapped_column(String(255))
    close_in_days: Mapped[int]
    opportunity_name: Mapped[str] = mapped_column(String(255))
    create_on_outgoing: Mapped[bool]
    missed_task_due_minutes: Mapped[int]
    default_responsible: Mapped[str] = mapped_column(String(18))
    phone_fields: Mapped[list[str]]
    region: Mapped[str] = mapped_column(String(2))
    time_zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))


class MissedCallResponsible(Base):
    __tablename__ = "missed_call_responsibles"
    __table_args__ = (UniqueConstraint("account_id", "external_line"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(22), unique=True, index=True, default=new_name)
    """What stands in addresses and forms: it cannot be guessed and counts nothing."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    external_line: Mapped[str] = mapped_column(String(255))
    turn: Mapped[int] = mapped_column(default=0)
    users: Mapped[list[MissedCallUser]] = relationship(
        order_by="MissedCallUser.position", cascade="all, delete-orphan", lazy="selectin"
    )


class MissedCallUser(Base):
    __tablename__ = "missed_call_users"

    responsible_id: Mapped[int] = mapped_column(
        ForeignKey("missed_call_responsibles.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(18))


class SipLine(Base):
    __tablename__ = "sip_lines"
    __table_args__ = (UniqueConstraint("account_id", "line"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    line: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[str] = mapped_column(String(18))


class OwnFieldRow(Base):
    __tablename__ = "own_fields"
    __table_args__ = (UniqueConstraint("account_id", "object", "field"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    object: Mapped[str] = mapped_column(String(16))
    field: Mapped[str] = mapped_column(String(120))
    template: Mapped[str] = mapped_column(String(1000))
    when: Mapped[str] = mapped_column("fill_when", String(16))


class ExcludedNumber(Base):
    __tablename__ = "excluded_numbers"
    __table_args__ = (UniqueConstraint("account_id", "number"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    number: Mapped[str] = mapped_column(String(64))


class SettingChange(Base):
    """Who changed which setting, when, from what to what; an undo is a change, too."""

    __tablename__ = "setting_changes"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(22), unique=True, index=True, default=new_name)
    """What stands in addresses and forms: it cannot be guessed and counts nothing."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """The support person who acted in the account, if any."""
    at: Mapped[datetime]
    setting: Mapped[str] = mapped_column(String(64))
    """A field of `core.policy.Policy`, or `api_ceiling` of the connection."""
    old: Mapped[dict[str, Any]]
    """`{"value": …}`, as JSON."""
    new: Mapped[dict[str, Any]]
