"""A call that a door took over, about to be written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.call import Call


@dataclass(frozen=True)
class NewCall:
    call: Call
    event: dict[str, Any]
    """As telephony sent it, without what a database refuses."""
    number: str
    """As `core.phone.client_number` makes it."""
    started_at: datetime
    """With a zone."""
