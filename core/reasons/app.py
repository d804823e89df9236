"""What is wrong with an own app that connects without a person, and what to do."""

from __future__ import annotations

from core.reasons.declare import Words, reason


@reason(
    "Salesforce gives your app no access. In Setup, open the app's policies: the client credentials"
    " flow must be on and an active user chosen in Run As. Then connect again."
)
def refused(said: Words) -> None: ...


@reason(
    "Nobody is chosen for your app to act as. In Setup, open the app's policies, switch the client"
    " credentials flow on and choose the integration user in Run As. Then connect again."
)
def no_user(said: Words) -> None: ...


@reason(
    "Your app may not connect without a person. In Setup, switch the client credentials flow on in"
    " the app's settings and in its policies. Then connect again."
)
def flow_off(said: Words) -> None: ...


@reason(
    "The user that your app acts as is inactive. In Setup, choose an active user in Run As (the"
    " app's policies), then connect again."
)
def user_inactive(said: Words) -> None: ...


@reason(
    "An administrator has not admitted the user that your app acts as. In Setup, add the user's"
    " profile or permission set to the app's policies, then connect again."
)
def user_not_approved(said: Words) -> None: ...


@reason(
    "Salesforce does not find your app in this organisation. Check My Domain and the consumer key,"
    " then connect again."
)
def not_found(said: Words) -> None: ...


@reason(
    "An app gets access without a person only at your organisation's own address. Enter My Domain"
    " as Setup shows it, then connect again."
)
def my_domain(said: Words) -> None: ...


@reason(
    "Your app gives no access that we can use. Allow the scopes api and id in the app's settings,"
    " then connect again."
)
def scopes(said: Words) -> None: ...
