"""What Salesforce said to one call."""

from __future__ import annotations

from core.reasons.declare import Words, reason


@reason(
    "Salesforce refused: {message} ({code}). Fix the cause in Salesforce or in the settings, then"
    " press “try again”."
)
def refused(said: Words) -> None: ...


@reason("Salesforce is busy or out of reach ({code}). It is tried again by itself.")
def transient(said: Words) -> None: ...


@reason("Salesforce sent an answer that cannot be read ({code}). It is tried again by itself.")
def unreadable(said: Words) -> None: ...


@reason(
    "Salesforce does not accept our access, though it has only just renewed it. It is tried again"
    " by itself."
)
def session_expired(said: Words) -> None: ...


@reason(
    "Fields changed in Salesforce ({message}). They are read anew, then the call is tried again."
)
def shape_stale(said: Words) -> None: ...


@reason("Held up by another call of the same group; it is tried again by itself.")
def halted() -> None: ...


@reason(
    "Salesforce stayed busy or out of reach ({code}) until the attempts were used up. Press “try"
    " again”."
)
def gave_up(said: Words) -> None: ...


@reason(
    "Salesforce sent answers that cannot be read ({code}) until the attempts were used up. Write to"
    " support, then press “try again”."
)
def gave_up_unreadable(said: Words) -> None: ...


@reason(
    "Another call of the same group kept this one from being written until the attempts were used"
    " up. Fix that one first, then press “try again”."
)
def gave_up_halted() -> None: ...
