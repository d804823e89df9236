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


@reason(
    "Salesforce does not let us see or search {fields}: nobody who calls could be recognised, so"
    " nothing is created. In Setup, give the connected user the permission set “UniTalk"
    " Integration”, or access to these fields. Calls wait and go on by themselves."
)
def blind(fields: str) -> None: ...
