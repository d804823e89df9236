"""Kinds of calls, and what each does in Salesforce: the grid of the settings (docs/rules.md)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.call import Call, Direction


class Kind(StrEnum):
    """Of calls with a client. Internal ones are never written."""

    INCOMING_ANSWERED = "incoming_answered"
    INCOMING_MISSED = "incoming_missed"
    INCOMING_MISSED_OUTSIDE = "incoming_missed_outside"
    """Missed outside working hours."""
    OUTGOING_ANSWERED = "outgoing_answered"
    OUTGOING_UNANSWERED = "outgoing_unanswered"


MISSED = (Kind.INCOMING_MISSED, Kind.INCOMING_MISSED_OUTSIDE)
OUTGOING = (Kind.OUTGOING_ANSWERED, Kind.OUTGOING_UNANSWERED)


class Known(StrEnum):
    """What is written of a client who is in Salesforce: a Task, and how it stands."""

    AS_TABLE = "as_table"
    """Of a missed call: open when the table of missed calls names somebody, else completed."""
    COMPLETED = "completed"
    OPEN = "open"
    NOTHING = "nothing"


class Unknown(StrEnum):
    """What becomes of a client who is not."""

    CREATE = "create"
    NOTHING = "nothing"


class KindRow(BaseModel):
    """What the customer chose otherwise for one kind; None = as usual."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    known: Known | None = None
    unknown: Unknown | None = None

    @property
    def key(self) -> str:
        return self.kind


def kind_of(call: Call, *, working: bool) -> Kind:
    """`working`: whether it began within working hours."""
    if call.direction is Direction.OUT:
        return Kind.OUTGOING_ANSWERED if call.answered else Kind.OUTGOING_UNANSWERED
    if call.answered:
        return Kind.INCOMING_ANSWERED
    return Kind.INCOMING_MISSED if working else Kind.INCOMING_MISSED_OUTSIDE


def choices_of(kind: Kind) -> tuple[Known, ...]:
    """What may be chosen for a known client, the usual first."""
    usual = (Known.COMPLETED, Known.OPEN, Known.NOTHING)
    return (Known.AS_TABLE, *usual) if kind in MISSED else usual
