"""The ledger: every call that telephony handed over, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Identity


class CallState(StrEnum):
    WAITING = "waiting"
    DELIVERING = "delivering"
    RETRY = "retry"
    """Waiting for `due_at` after a transient failure."""
    HELD = "held"
    """Waiting for the connection to be mended."""
    DONE = "done"
    SKIPPED = "skipped"
    ATTENTION = "attention"


UNFINISHED = (CallState.WAITING, CallState.RETRY, CallState.DELIVERING)
"""Still on its way by itself."""
UNWRITTEN = (*UNFINISHED, CallState.HELD)
"""A later call of the same number must not overtake these."""


def _of_unwritten(name: str, *columns: str) -> Index:
    """An index that only holds UNWRITTEN calls."""
    only = text("state IN ('waiting', 'retry', 'delivering', 'held')")  # as in UNWRITTEN
    return Index(name, *columns, sqlite_where=only, postgresql_where=only)


class CallRow(Base):
    """One call. The unique key is what makes a repeated hand-over harmless."""

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("account_id", "call_key"),
        # The journal pages through an account's calls, newest first.
        Index("ix_calls_journal", "account_id", "started_at", "id"),
        Index("ix_calls_journal_state", "account_id", "state", "started_at", "id"),
        Index("ix_calls_journal_direction", "account_id", "direction", "started_at", "id"),
        Index("ix_calls_journal_number", "account_id", "number", "started_at", "id"),
        # The sweeper and the deliverer look for calls that are due.
        Index("ix_calls_due", "state", "due_at"),
        # An account's queue, and what comes before a call of a number: short, however many calls
        # are done.
        _of_unwritten("ix_calls_unwritten", "account_id", "id"),
        _of_unwritten("ix_calls_unwritten_number", "account_id", "number", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    """What stands in URLs: cannot be guessed."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    call_key: Mapped[str] = mapped_column(String(64))
    event: Mapped[dict[str, Any]]
    """As telephony sent it."""
    received_at: Mapped[datetime]

    direction: Mapped[str] = mapped_column(String(8))
    answered: Mapped[bool]
    number: Mapped[str] = mapped_column(String(64))
    """As `core.phone.client_number` makes it, once: E.164 with its plus, else as sent."""
    line: Mapped[str] = mapped_column(String(64))
    external_line: Mapped[str] = mapped_column(String(255))
    started_at: Mapped[datetime]
    """In UTC, read in the account's time zone."""

    state: Mapped[str] = mapped_column(String(16), default=CallState.WAITING)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str] = mapped_column(String(32), default="")
    lessons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason_code: Mapped[str] = mapped_column(String(64), default="")
    reason_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    trace: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{"steps": [[code, params], …]}` of the last plan."""
    written: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{"task": id, "records": [[object, id, created, name], …]}`."""
    api_calls: Mapped[int] = mapped_column(default=0)
    """API calls of the batch that wrote it, shared by `batch` calls."""
    batch: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    unmapped_line: Mapped[str] = mapped_column(String(64), default="")
    unsure: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its last write had no answer: Salesforce is asked for its Task before all else."""
    turn_of: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """With `unsure`: the missed-call row whose turn that write took; 0 = none."""

    @property
    def e164(self) -> str:
        """The client number in E.164; empty when what came is none."""
        return self.number if self.number.startswith("+") else ""


class CallEvent(Base):
    """A call's history: each time its state changed, and why."""

    __tablename__ = "call_events"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    reason_code: Mapped[str] = mapped_column(String(64), default="")
    reason_params: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ClientRecord(Base):
    """A lead or contact that we created for a number, in case a search cannot see it yet."""

    __tablename__ = "client_records"
    __table_args__ = (UniqueConstraint("account_id", "number", "record_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[str] = mapped_column(String(64))
    object: Mapped[str] = mapped_column(String(16))
    record_id: Mapped[str] = mapped_column(String(18))
    created_at: Mapped[datetime]


class DeliveryLease(Base):
    """At most one deliverer per account; a crash costs at most the time left on the lease."""

    __tablename__ = "delivery_leases"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
    expires_at: Mapped[datetime]
