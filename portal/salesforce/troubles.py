"""What can be wrong with a connection, in plain words, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import get_locale

from core.plan import Reason
from core.texts import reason_codes, say

Words = Callable[[], tuple[str, str]]


@dataclass(frozen=True)
class Trouble:
    code: str
    title: str
    advice: str
    said: str = ""
    """Salesforce's own words."""
    other_org: str = ""
    """With `another_org`: the org that consent came from."""


def trouble(reason: Reason) -> Trouble:
    """What happened and what to do, in the language of the page."""
    code = reason.code.removeprefix("connection.")
    words = TROUBLES.get(code)
    if words is None and reason.code in reason_codes():
        return Trouble(code, say(reason, str(get_locale())), "")
    title, advice = (words or TROUBLES["unknown"])()
    params = reason.params
    title = title.replace("{before}", params.get("before", "")).replace(
        "{now}", params.get("now", "")
    )
    said = " ".join(filter(None, (params.get("code"), params.get("message"))))
    return Trouble(code, title, advice, said, params.get("now", ""))


TROUBLES: dict[str, Words] = {
    # On the way to a connection
    "denied": lambda: (
        _("Access was not allowed"),
        _("Somebody pressed “Deny” in Salesforce. Press Connect again and choose “Allow”."),
    ),
    "state": lambda: (
        _("This answer does not belong to your last Connect"),
        _("Perhaps Connect was pressed in two tabs. Nothing was changed; press Connect again."),
    ),
    "code_expired": lambda: (
        _("The consent is too old or was used already"),
        _("Salesforce gives fifteen minutes. Press Connect again."),
    ),
    "code_verifier": lambda: (
        _("Salesforce could not match the consent with this browser"),
        _("Press Connect again, and finish it in the same browser."),
    ),
    "another_org": lambda: (
        _("You logged in to another org: “{now}” instead of “{before}”"),
        _(
            "Nothing was changed. To stay with the present org, connect again and log in there."
            " To move to the other org, confirm it."
        ),
    ),
    "unreachable": lambda: (
        _("Salesforce did not answer"),
        _("Nothing was changed. Wait a minute and press Connect again."),
    ),
    "busy": lambda: (
        _("Salesforce asks us to wait"),
        _("Too many log-ins or API calls in a short time. Try again in an hour."),
    ),
    # The address of the org
    "host.unreadable": lambda: (
        _("This is not an address"),
        _("Enter it as in: acme.my.salesforce.com"),
    ),
    "host.not_https": lambda: (
        _("The address must start with https://"),
        _("Enter it as in: acme.my.salesforce.com"),
    ),
    "host.lightning": lambda: (
        _("This is the address where people work, not the My Domain"),
        _("In Salesforce open Setup, then My Domain, and copy “Current My Domain URL”."),
    ),
    "host.not_salesforce": lambda: (
        _("This address does not belong to Salesforce"),
        _("It must end in .my.salesforce.com"),
    ),
    "wrong_host": lambda: (
        _("Salesforce sent us to an address that is not its own"),
        _("For your safety the connection was stopped. Please tell our support."),
    ),
    # The app and the org
    "api_disabled": lambda: (
        _("This org or this user has no access to the API"),
        _(
            "The API comes with the Enterprise, Unlimited, Performance and Developer editions."
            " If yours is one of them, ask your Salesforce administrator to tick “API Enabled”"
            " for this user, then connect again."
        ),
    ),
    "api_version": lambda: (
        _("Salesforce no longer speaks the version of its API that we use"),
        _("Please tell our support."),
    ),
    "app_not_installed": lambda: (
        _("The UniTalk app is not installed in this org"),
        _("Install the package (step 1), then press Connect again."),
    ),
    "app_blocked": lambda: (
        _("An administrator blocked the UniTalk app"),
        _("In Salesforce: Setup, Connected Apps OAuth Usage, unblock UniTalk. Then connect again."),
    ),
    "not_approved": lambda: (
        _("This user may not use the UniTalk app"),
        _(
            "Ask your Salesforce administrator to allow the app for this user's profile or"
            " permission set, then connect again."
        ),
    ),
    "client_id": lambda: (
        _("Salesforce does not know the app's key"),
        _("Check the consumer key under “My own app”. A new app needs about ten minutes to work."),
    ),
    "client_secret": lambda: (
        _("The app's secret is wrong"),
        _("Copy the consumer secret again under “My own app”, then press Connect."),
    ),
    "signature": lambda: (
        _("Salesforce's answer is not signed with the app's secret"),
        _("Copy the consumer secret again under “My own app”, then press Connect."),
    ),
    "redirect_uri": lambda: (
        _("The app does not know our address"),
        _("Enter the callback address shown under “My own app” in the app's settings."),
    ),
    "scope": lambda: (
        _("The app may not ask for what we need"),
        _("Give the app the scopes api, refresh_token and id, then connect again."),
    ),
    "misconfigured": lambda: (
        _("Salesforce does not accept the app's settings"),
        _("With an app of your own, check its OAuth settings; else please tell our support."),
    ),
    # Somebody ended it
    "refresh_refused": lambda: (
        _("Salesforce ended the connection"),
        _(
            "Somebody revoked the access, the password was changed, or nobody used it for long."
            " Connect again; the calls that wait are then delivered in order."
        ),
    ),
    "session_refused": lambda: (
        _("Salesforce refuses even fresh sessions"),
        _("Connect again. If it comes back, ask your administrator about session policies."),
    ),
    "inactive_user": lambda: (
        _("The user who connected is no longer active"),
        _("Connect again as an active user, best as one made for integrations."),
    ),
    "inactive_org": lambda: (
        _("This org is closed, locked or its trial is over"),
        _("Ask Salesforce to open it, or connect another org."),
    ),
    "ip_restricted": lambda: (
        _("The org does not let our servers in"),
        _("Ask your Salesforce administrator to relax the IP restrictions of the UniTalk app."),
    ),
    "login_hours": lambda: (
        _("The user may not log in at this hour"),
        _("Ask your Salesforce administrator to widen the login hours, then connect again."),
    ),
    "identity": lambda: (
        _("Salesforce would not say who connected"),
        _("The app needs the scope id. Connect again."),
    ),
    # Waiting by itself
    "limit": lambda: (
        _("Your org has used up its API calls"),
        _("Calls wait and go on by themselves. Other programs may be using the calls, too."),
    ),
    "ceiling": lambda: (
        _("The ceiling for API calls is reached"),
        _("Calls wait and go on by themselves as soon as the day's count falls."),
    ),
    "unknown": lambda: (
        _("Salesforce said no"),
        _("Press Connect again. If it comes back, show our support the words below."),
    ),
}
