"""What there is to say of the Task."""

from __future__ import annotations

from datetime import datetime

from core.reasons.declare import reason


@reason("A task to call back, due {due}.")
def open(due: datetime) -> None: ...


@reason("A task that stays open, due {due}.")
def to_do(due: datetime) -> None: ...


@reason("Missed outside working hours.")
def outside_hours() -> None: ...


@reason(
    "Salesforce shows no field for the call's number (install the package or allow CallObject):"
    " should a reply get lost, this call may be written twice."
)
def no_key() -> None: ...
