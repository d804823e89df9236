"""Whose the record or the Task is."""

from __future__ import annotations

from core.reasons.declare import reason


@reason("Internal SIP number {line} belongs to {user}.")
def line(line: str, user: str) -> None: ...


@reason("Telephony named no internal SIP number for this call.")
def no_line() -> None: ...


@reason("Internal SIP number {line} is not in the table.")
def unmapped_line(line: str) -> None: ...


@reason("{user} is responsible for calls missed on {line}.")
def missed_line(user: str, line: str) -> None: ...


@reason("{user} is responsible for missed calls.")
def missed_any(user: str) -> None: ...


@reason("The task goes to {user}, who has the open one of this client.")
def missed_again(user: str) -> None: ...


@reason("The task goes to {user}, the owner of “{name}”.")
def record(user: str, name: str) -> None: ...


@reason("“{name}” belongs to a queue, and a task needs a person.")
def queue(name: str) -> None: ...


@reason("{user} is inactive in Salesforce.")
def inactive(user: str) -> None: ...


@reason("User {user} does not exist in Salesforce any more.")
def unknown(user: str) -> None: ...


@reason("Salesforce does not accept {user} as an owner.")
def refused(user: str) -> None: ...


@reason("The default responsible is {user}.")
def default(user: str) -> None: ...


@reason("It goes to {user}, who connected Salesforce.")
def connected(user: str) -> None: ...


@reason(
    "In Salesforce we do not see what is another's, so the record was made as ours and given to its"
    " owner at the very end."
)
def given_last() -> None: ...


@reason("No user is left to choose; Salesforce decides the owner.")
def nobody() -> None: ...
