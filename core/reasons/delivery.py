"""What happened to a call on its way."""

from __future__ import annotations

from core.reasons.declare import reason


@reason("Somebody pressed “try again”.")
def asked_again() -> None: ...


@reason("Salesforce is connected again; the call is back in the queue.")
def reconnected() -> None: ...


@reason("What the call waited for has changed; it is back in the queue.")
def freed() -> None: ...


@reason("Somebody has made a record with this number by now; the call is back in the queue.")
def client_found() -> None: ...


@reason("Our database did not answer. The call is kept and tried again.")
def database() -> None: ...


@reason("A setting of ours is broken ({detail}). The call is kept; write to support.")
def broken_setting(detail: str) -> None: ...


@reason("An error of ours ({detail}). The call is kept and tried again.")
def unexpected(detail: str) -> None: ...


@reason(
    "An error of ours ({detail}) met every attempt, and the attempts are used up. The call is"
    " kept: press “try again”, and write to support if it does not help."
)
def gave_up(detail: str) -> None: ...


@reason("The event as kept cannot be read: {detail}. Write to support.")
def unreadable(detail: str) -> None: ...
