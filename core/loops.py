"""What happens to a missed call that somebody answers for, until the client was spoken to.

    missed, Task open → LoopOpened → MissedAgain … → LoopEnded

`core.rules` says which of these a call means, the ledger keeps the loop (`core.models.loops`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.reasons import Reason


class LoopState(StrEnum):
    OPEN = "open"
    CALLED_BACK = "called_back"
    """We called, and the client answered."""
    CALLED_AGAIN = "called_again"
    """The client called, and was answered."""
    COMPLETED = "completed"
    """A person completed the Task."""
    GONE = "gone"
    """The Task was deleted, or is hidden from us by now."""


@dataclass(frozen=True)
class LoopOpened:
    """The call's own Task waits for somebody to call back."""

    number: str
    """The client's, in E.164; all others have it, too."""
    at: datetime
    """When the call began, with a zone."""
    due: datetime
    responsible: str
    """A user's id; empty = Salesforce chose."""
    external_line: str


@dataclass(frozen=True)
class MissedAgain:
    number: str
    at: datetime
    reason: Reason
    """For the history of the calls that were missed before."""


@dataclass(frozen=True)
class LoopEnded:
    number: str
    state: LoopState
    by: str
    """Id of the user who spoke with the client or completed the Task; empty = nobody known."""
    reason: Reason
    at: datetime | None = None
    """When the call began that ended it; None = a person did, and it was noticed now."""


LoopChange = LoopOpened | MissedAgain | LoopEnded
