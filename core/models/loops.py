"""Missed calls that somebody has to answer for, and calls whose client may be found later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.loops import LoopState
from core.models.base import Base, Identity

_OPEN = text("state = 'open'")


class LoopRow(Base):
    """From a client's missed call with an open Task until the client was spoken to."""

    __tablename__ = "loops"
    __table_args__ = (
        Index(
            "uq_loops_open", "account_id", "number", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        Index("ix_loops_look", "look_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        # A call's loop, and those closed lately.
        Index("ix_loops_number", "account_id", "number", "missed_at"),
        Index("ix_loops_closed", "account_id", "closed_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[str] = mapped_column(String(64))
    """The client's, in E.164."""
    external_line: Mapped[str] = mapped_column(String(255))
    call_id: Mapped[int] = mapped_column(Identity)
    """The missed call that opened it: `CallRow.id`."""
    task_id: Mapped[str] = mapped_column(String(18))
    responsible: Mapped[str] = mapped_column(String(18))
    """The Task's owner, as far as we know: a Salesforce user id, or empty."""
    missed_at: Mapped[datetime]
    """When the first missed call began; `last_missed_at` the last."""
    last_missed_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    """Missed calls so far."""
    due_at: Mapped[datetime]
    """Until when somebody should have called back."""
    handed_over_at: Mapped[datetime | None]
    look_at: Mapped[datetime]
    """When its Task is looked at next, by the database's clock."""
    state: Mapped[str] = mapped_column(String(16), default=LoopState.OPEN)
    closed_at: Mapped[datetime | None]
    """When the call that closed it began, or when we noticed that a person had."""
    closed_by_call: Mapped[int | None] = mapped_column(Identity)
    closed_by: Mapped[str] = mapped_column(String(18), default="")
    """The employee who spoke with the client, or who completed the Task; empty = nobody known."""


class LateMatch(Base):
    """A call to an unknown number, looked for again until somebody has made a record of it."""

    __tablename__ = "late_matches"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    call_id: Mapped[int] = mapped_column(Identity, unique=True)
    """`CallRow.id`."""
    until: Mapped[datetime]
    """By the database's clock, as `look_at`."""
    look_at: Mapped[datetime] = mapped_column(index=True)
