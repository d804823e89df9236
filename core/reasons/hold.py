"""Why a call waits for a person."""

from __future__ import annotations

from core.reasons.declare import reason


@reason(
    "The connection to Salesforce is lost. The call waits until you reconnect, then it is"
    " delivered."
)
def connection_dead() -> None: ...


@reason(
    "Salesforce was disconnected while this call waited. Connect it again and the call is"
    " delivered."
)
def disconnected() -> None: ...
