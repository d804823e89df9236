"""What customers choose, a column or rows per field of `Policy`, and the history of changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Identity
from core.policy import LISTS, Policy
from core.secrets import new_name

_COLUMNS: dict[Any, Any] = {bool: Boolean(), int: Integer()}
"""By a setting's type; all others are words."""
_CAME_LATER: dict[str, Any] = {"overdue": "nothing", "tell_owner": false(), "find_later": true()}
"""What the database says where an older version, still running, makes a row."""


class PolicyRow(Base):
    """The single-valued settings, a column each. A row exists once anything was changed."""

    __table__ = Table(
        "policies",
        Base.metadata,
        Column("account_id", ForeignKey("accounts.id"), primary_key=True),
        *(
            Column(
                name,
                _COLUMNS.get(field.annotation, String(255)),
                nullable=False,
                server_default=_CAME_LATER.get(name),
            )
            for name, field in Policy.model_fields.items()
            if name not in LISTS
        ),
    )


class SettingRow(Base):
    """A row of a setting that is a list."""

    __tablename__ = "setting_rows"
    __table_args__ = (UniqueConstraint("account_id", "setting", "key"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(22), unique=True, index=True, default=new_name)
    """What stands in addresses and forms: it cannot be guessed and counts nothing."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    setting: Mapped[str] = mapped_column(String(64))
    """A field of `core.policy.Policy`."""
    key: Mapped[str] = mapped_column(String(255))
    """`core.policy.key_of` the row."""
    position: Mapped[int]
    value: Mapped[Any] = mapped_column(JSON)
    """What the customer chose; whose turn it is changes by itself."""
    turn: Mapped[int] = mapped_column(default=0)


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
    """The same for all that were changed at once."""
    setting: Mapped[str] = mapped_column(String(64))
    """A field of `core.policy.Policy`, or `api_ceiling` of the connection."""
    old: Mapped[dict[str, Any]]
    """`{"value": …}`, as JSON."""
    new: Mapped[dict[str, Any]]
