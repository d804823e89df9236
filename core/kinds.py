"""Kinds of calls, and what each does in Salesforce: the grid of the settings (docs/rules.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Grid:
    """What each kind of call does: the manual's switch, and what was chosen otherwise."""

    create_on_outgoing: bool = False
    """What outgoing calls of both kinds do with unknown clients, where no row says otherwise."""
    rows: tuple[KindRow, ...] = ()
    """At most one a kind, and none that says what is usual."""

    def known(self, kind: Kind) -> Known:
        """What a call of this kind leaves of a client who is in Salesforce."""
        return self._row(kind).known or choices_of(kind)[0]

    def unknown(self, kind: Kind) -> Unknown:
        """What becomes of a client who is not."""
        return self._row(kind).unknown or self._usual(kind)

    @property
    def creates_on_outgoing(self) -> bool | None:
        """What the manual's switch says; None = partly."""
        chosen = {self.unknown(kind) is Unknown.CREATE for kind in OUTGOING}
        return chosen.pop() if len(chosen) == 1 else None

    @property
    def opens_without_table(self) -> bool:
        """Whether a missed call leaves an open Task, though the table of missed calls names
        nobody."""
        return any(self.known(kind) is Known.OPEN for kind in MISSED)

    def with_known(self, kind: Kind, known: Known) -> Grid:
        return self._with(kind, known=None if known is choices_of(kind)[0] else known)

    def with_unknown(self, kind: Kind, unknown: Unknown) -> Grid:
        """Where outgoing calls of both kinds do the same, the switch says so."""
        changed = self._with(kind, unknown=None if unknown is self._usual(kind) else unknown)
        both = changed.creates_on_outgoing
        return changed if both is None else changed.with_create_on_outgoing(both)

    def with_create_on_outgoing(self, create: bool) -> Grid:
        """The manual's switch: it holds for both kinds."""
        changed = replace(self, create_on_outgoing=create)
        for kind in OUTGOING:
            changed = changed._with(kind, unknown=None)
        return changed

    def _usual(self, kind: Kind) -> Unknown:
        creates = kind not in OUTGOING or self.create_on_outgoing
        return Unknown.CREATE if creates else Unknown.NOTHING

    def _row(self, kind: Kind) -> KindRow:
        return next((one for one in self.rows if one.kind == kind), KindRow(kind=kind))

    def _with(self, kind: Kind, **choice: Known | Unknown | None) -> Grid:
        row = self._row(kind).model_copy(update=choice)
        others = tuple(one for one in self.rows if one.kind != kind)
        return replace(self, rows=others if row == KindRow(kind=kind) else (*others, row))


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
