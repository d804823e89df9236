"""The ledger: every call that telephony handed over, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, query_expression, relationship

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
SETTLED = (CallState.DONE, CallState.SKIPPED)
"""Over: all others stand in the queue."""


class Standing:
    """How a call stands. Both tables have it: the queue while the call is on its way, the journal
    for good."""

    state: Mapped[str] = mapped_column(String(16), default=CallState.WAITING)
    reason_code: Mapped[str] = mapped_column(String(64), default="")
    reason_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    trace: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{"steps": [[code, params], …]}` of the last plan."""
    unmapped_line: Mapped[str] = mapped_column(String(64), default="")
    api_calls: Mapped[int] = mapped_column(default=0)
    """API calls of the batches that it was in, the last of them shared by `batch` calls."""
    batch: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]


class CallKey(Base):
    """Telephony's key of each call. The unique key is what makes a repeated hand-over harmless.

    Apart from `calls`, since a table that is parted by time has no unique key without the time.
    It numbers the calls, too.
    """

    __tablename__ = "call_keys"
    __table_args__ = (UniqueConstraint("account_id", "call_key"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    call_key: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]


def _of_unfinished(name: str, *columns: str) -> Index:
    """An index that only holds UNFINISHED calls."""
    only = text("state IN ('waiting', 'retry', 'delivering')")  # as in UNFINISHED
    return Index(name, *columns, sqlite_where=only, postgresql_where=only)


class QueuedCall(Standing, Base):
    """A call that is neither done nor skipped: what changes while it is on its way.

    Narrow, and gone once the call is settled: what a deliverer asks costs the same, however many
    calls there were.
    """

    __tablename__ = "queue"
    __table_args__ = (
        _of_unfinished("ix_queue_account", "account_id", "call_id"),
        # What comes before a call of a number.
        Index("ix_queue_number", "account_id", "number", "call_id"),
        # The journal's filter by state, and its counts.
        Index("ix_queue_state", "account_id", "state", "started_at", "call_id"),
        # The sweeper looks for accounts with calls that are due.
        _of_unfinished("ix_queue_due", "due_at", "account_id"),
    )

    call_id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=False)
    received_at: Mapped[datetime]
    """The other half of the call's key: it names the part of `calls` to look in."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """By the database's clock, like all that deliverers wait for."""
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str] = mapped_column(String(32), default="")
    lessons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    unsure: Mapped[bool] = mapped_column(default=False)
    """Its last write had no answer: Salesforce is asked for its Task before all else."""
    turn_of: Mapped[int] = mapped_column(default=0)
    """With `unsure`: the missed-call row whose turn that write took; 0 = none."""
    waits: Mapped[bool | None] = query_expression()
    """Whether it waits for more than its turn; known where a query asks for it."""


class CallRow(Standing, Base):
    """One call of the journal: written when it comes in, and when it is settled.

    Between the two its `queued` row says how it stands. In PostgreSQL each month is a table of
    its own (`core.store.months`).
    """

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_public_id", "public_id"),
        # The journal pages through an account's calls, newest first.
        Index("ix_calls_journal", "account_id", "started_at", "id"),
        Index("ix_calls_journal_state", "account_id", "state", "started_at", "id"),
        Index("ix_calls_journal_direction", "account_id", "direction", "started_at", "id"),
        Index("ix_calls_journal_number", "account_id", "number", "started_at", "id"),
        {"postgresql_partition_by": "RANGE (received_at)"},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=False)
    """As in `CallKey`."""
    received_at: Mapped[datetime] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    """What stands in URLs: cannot be guessed."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    call_key: Mapped[str] = mapped_column(String(64))
    event: Mapped[dict[str, Any]]
    """As telephony sent it."""

    direction: Mapped[str] = mapped_column(String(8))
    answered: Mapped[bool]
    number: Mapped[str] = mapped_column(String(64))
    """As `core.phone.client_number` makes it, once: E.164 with its plus, else as sent."""
    line: Mapped[str] = mapped_column(String(64))
    external_line: Mapped[str] = mapped_column(String(255))
    started_at: Mapped[datetime]
    """In UTC, read in the account's time zone."""
    written: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{"task": id, "records": [[object, id, created, name], …], "client": [id, name]}`, the client
    where it was found rather than created."""

    queued: Mapped[QueuedCall | None] = relationship(
        QueuedCall,
        primaryjoin=lambda: and_(
            foreign(CallRow.id) == QueuedCall.call_id,
            foreign(CallRow.received_at) == QueuedCall.received_at,
        ),
        viewonly=True,
        uselist=False,
        lazy="raise",
    )

    @property
    def e164(self) -> str:
        """The client number in E.164; empty when what came is none."""
        return self.number if self.number.startswith("+") else ""


class CallEvent(Base):
    """A call's history between its coming in and its being settled: each time its state changed,
    and why. Afterwards (its state stays) what became of a client who waits to be called back."""

    __tablename__ = "call_events"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    call_id: Mapped[int] = mapped_column(Identity, index=True)
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
    created_at: Mapped[datetime] = mapped_column(index=True)


class DeliveryLease(Base):
    """At most one deliverer per account; a crash costs at most the time left on the lease."""

    __tablename__ = "delivery_leases"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
    expires_at: Mapped[datetime]
    wanted: Mapped[bool] = mapped_column(default=False)
    """Somebody came for the account meanwhile: its deliverer looks once more before it goes."""
    failures: Mapped[int] = mapped_column(default=0)
    """How often in a row the org gave no answer."""
    bears: Mapped[int] = mapped_column(default=0)
    """Calls that the org bears at once, as far as known; 0 = as many as a request may have."""
    shrunk_at: Mapped[datetime | None]
    """When more than that was too much; None = perhaps it was not the number."""
