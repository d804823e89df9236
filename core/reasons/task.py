"""What there is to say of the Task."""

from __future__ import annotations

from datetime import datetime

from core.reasons.declare import reason


@reason("A task to call back, due {due}.")
def open(due: datetime) -> None: ...


@reason("A task that stays open, due {due}.")
def to_do(due: datetime) -> None: ...


@reason(
    "A colleague answered, {employee}: {owner}, whose record it is, gets an open task of their own,"
    " due {due}."
)
def owner_told(employee: str, owner: str, due: datetime) -> None: ...


@reason(
    "A colleague answered. Salesforce did not accept the task that tells {owner}, whose record it"
    " is: the call was written without it."
)
def owner_not_told(owner: str) -> None: ...


@reason(
    "A colleague answered; nobody is told, as “{name}” is a queue’s or that of a user who can own"
    " nothing."
)
def nobody_to_tell(name: str) -> None: ...


@reason("Missed outside working hours.")
def outside_hours() -> None: ...


@reason(
    "Salesforce shows no field for the call's number (install the package or allow CallObject):"
    " should a reply get lost, this call may be written twice."
)
def no_key() -> None: ...
