"""What a new contact had to do without."""

from __future__ import annotations

from core.reasons.declare import reason


@reason(
    "Salesforce does not let us create an account for the contact: it was created without one. Let"
    " the connected user create accounts, or choose otherwise in the settings."
)
def no_account_of_its_own() -> None: ...


@reason(
    "Salesforce does not take new contacts under the account you chose ({account}): the contact"
    " was created without one. Choose another in the settings."
)
def no_account(account: str) -> None: ...
