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
    "Salesforce does not let us see {fields}: nobody who calls could be recognised, so"
    " nothing is created. In Setup, give the connected user the permission set “UniTalk"
    " Integration”, or access to these fields. Calls wait and go on by themselves."
)
def blind(fields: str) -> None: ...


@reason(
    "{fields} are encrypted in Salesforce and cannot be searched: nobody who calls could be"
    " recognised. Leave one phone field unencrypted, or choose other fields to search. Calls wait"
    " and go on by themselves."
)
def encrypted(fields: str) -> None: ...


@reason(
    "The connected user may not fill {fields}: a new record would carry no number, and each call"
    " would create one more, so nothing is created. In Setup, give the user the permission set"
    " “UniTalk Integration”, or choose other phone fields to search. Calls wait and go on by"
    " themselves."
)
def no_number(fields: str) -> None: ...


@reason(
    "The connected user may not fill Task.WhoId: a call could hang on no lead or contact, so"
    " nothing is written. In Setup, give the user the permission set “UniTalk Integration”. Calls"
    " wait and go on by themselves."
)
def no_who() -> None: ...
