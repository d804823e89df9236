"""A finished telephone call, as telephony described it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.reasons import Reason


class Direction(StrEnum):
    """Which way a call went, in telephony's own words."""

    IN = "IN"
    OUT = "OUT"
    INNER = "INNER"


NOBODY_TALKED = frozenset({
    "BUSY", "FAIL", "NOANSWER", "CHANUNAVAIL", "NOMONEY", "BUSYOUT", "WRONGDIR", "WRONG_DIR",
    "BLOCKED", "DIALING", "UNREACHABLE", "NOT_EXIST", "CANCEL", "AUTOCANCEL",
})  # fmt: skip
"""Final states in which nobody picked up (telephony's API reference). With the auto-dialler's
others, such as `ANSW_NF_OP`, a person or a machine did; of states unknown to us nobody knows."""


def call_object(key: str) -> str:
    """What a Task's `CallObject` holds of a call's key. Other vendors' packages write their own
    numbers there, so ours say whose they are."""
    return f"UniTalk {key}"


class Call(BaseModel):
    """One finished call (`CALL_END`), normalised but not interpreted.

    Numbers stay as telephony sent them: to give them one form takes the account's region.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    """The dedupe key: telephony's `dbid`, else `id`. At most 64 characters."""
    direction: Direction
    client_number: str
    """The outside party, as sent; empty or a word such as `anonymous` when withheld."""
    lines: tuple[str, ...] = ()
    """The company's internal lines (SIP numbers), in order; the last one took the call."""
    external_line: str = ""
    """The company's own number or site name that the call went through."""
    started_at: datetime
    """Wall clock in the account's time zone, which it carries only where the sender named one. Its
    `fold` says which of two moments, where clocks were put back."""
    state: str
    """Telephony's final state, upper case; only `ANSWER` is answered."""
    seconds_total: int = 0
    seconds_talk: int = 0
    recording_url: str = ""
    group: str = ""
    cause: str = ""
    """Why telephony hung up: a cause code (ITU-T Q.850), as sent."""
    source: str = ""
    """How the call came to be, in telephony's own word, such as `REGULAR`."""
    changes: tuple[Reason, ...] = ()
    """What of the event was left out or changed on the way in, for the trace."""

    @property
    def answered(self) -> bool:
        return self.state == "ANSWER"

    @property
    def missed(self) -> bool:
        """An incoming call that nobody answered."""
        return self.direction is Direction.IN and not self.answered

    @property
    def way(self) -> str:
        """`incoming` or `outgoing`: the client's call, or ours."""
        return "outgoing" if self.direction is Direction.OUT else "incoming"

    @property
    def status(self) -> str:
        """`answered`, `missed`, or `unanswered`: our own call that nobody took."""
        if self.answered:
            return "answered"
        return "missed" if self.missed else "unanswered"

    @property
    def line(self) -> str:
        """The employee's line: the one that answered (after a transfer, the last one)."""
        return self.lines[-1] if self.lines else ""
