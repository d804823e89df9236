"""How a test call went."""

from __future__ import annotations

from core.reasons.declare import Words, reason


@reason("Salesforce refused: {message} ({code}).")
def refused(said: Words) -> None: ...


@reason("Salesforce is busy or out of reach ({code}). Make the test call again later.")
def away(said: Words) -> None: ...


@reason(
    "Salesforce took the made-up client for “{name}”, which is yours. A test call touches no"
    " record of yours, so nothing was written."
)
def existing(name: str) -> None: ...


@reason(
    "So that it can be removed, it stays the connected user's. A real call would give it to:"
    " {users}."
)
def kept_ours(users: str) -> None: ...


@reason(
    "It hangs on no account of yours, so that nothing changes there. A real call would put it under"
    " the one that the settings name."
)
def on_no_account() -> None: ...


@reason("Each made-up number that was tried stands in your Salesforce already. Make it again.")
def taken() -> None: ...


@reason(
    "Salesforce gave no answer to the write. What came of it is looked for after three minutes,"
    " and removed, when this page is opened or the next test call is made."
)
def unanswered() -> None: ...


@reason("The test call was broken off before it was over. Make it again.")
def broken_off() -> None: ...


@reason("The connected user cannot see the record any more: {message} ({code}).")
def out_of_sight(said: Words) -> None: ...


@reason("Salesforce did not have it removed: {message} ({code}).")
def not_removed(said: Words) -> None: ...


@reason("The test call was written, and could not be removed yet ({code}).")
def not_removed_yet(said: Words) -> None: ...
