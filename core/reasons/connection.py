"""What is wrong with the connection, and what to do."""

from __future__ import annotations

from datetime import datetime

from core.reasons.declare import Words, reason


@reason(
    "Salesforce no longer accepts our access: it was revoked, expired or replaced. Press Connect"
    " again."
)
def refresh_refused(said: Words) -> None: ...


@reason("Salesforce refuses our session again and again. Press Connect again.")
def session_refused(said: Words) -> None: ...


@reason(
    "We can no longer read our access to your Salesforce: the keys it was locked with are gone."
    " Press Connect again."
)
def keys_lost(said: Words) -> None: ...


@reason("The Salesforce user who connected is inactive. Connect again as an active user.")
def inactive_user(said: Words) -> None: ...


@reason(
    "Your Salesforce organisation is inactive (trial over, locked or closed). Ask Salesforce,"
    " then connect again."
)
def inactive_org(said: Words) -> None: ...


@reason(
    "The UniTalk package is not installed in your Salesforce. Install it (step 1), then press"
    " Connect."
)
def app_not_installed(said: Words) -> None: ...


@reason(
    "An administrator blocked the UniTalk app in Salesforce. Ask for it to be unblocked (Setup →"
    " Connected Apps OAuth Usage), then connect again."
)
def app_blocked(said: Words) -> None: ...


@reason(
    "Salesforce does not let this app use the API. Check the app's settings in Setup, then"
    " connect again."
)
def app_not_attached(said: Words) -> None: ...


@reason(
    "An administrator has not admitted this user to the UniTalk app. In Setup, add the user's"
    " profile or permission set to the app's policies, then connect again."
)
def not_approved(said: Words) -> None: ...


@reason(
    "Salesforce does not know the app's key. Check the consumer key; a new app needs up to 10"
    " minutes. Then connect again."
)
def client_id(said: Words) -> None: ...


@reason(
    "Salesforce does not accept the app's secret. Enter the current consumer secret, then connect"
    " again."
)
def client_secret(said: Words) -> None: ...


@reason(
    "The app may not ask for this access. Allow the scopes api, refresh_token and id in the app's"
    " settings, then connect again."
)
def scope(said: Words) -> None: ...


@reason(
    "The consumer secret of your own app can no longer be read here. Enter it again (disconnect"
    " first if you still can), then press Connect."
)
def secret_unreadable(said: Words) -> None: ...


@reason(
    "Salesforce gave access for a few hours only. Allow the scope refresh_token in the app's"
    " settings and set its refresh token policy to “valid until revoked”, then connect again."
)
def no_refresh_token(said: Words) -> None: ...


@reason("How to connect was changed meanwhile: nothing was connected. Press Connect again.")
def chosen_otherwise(said: Words) -> None: ...


@reason("Connect was pressed several times just now. Wait a minute, then press it again.")
def pressed_often() -> None: ...


@reason(
    "The app does not list our callback address. Add the address shown here to the app's"
    " settings, then connect again."
)
def redirect_uri(said: Words) -> None: ...


@reason(
    "Salesforce did not understand our request ({code}: {message}). Check the app's settings; if"
    " they are right, write to support."
)
def misconfigured(said: Words) -> None: ...


@reason("Access was not granted. Press Connect and allow access on Salesforce's page.")
def denied(said: Words) -> None: ...


@reason(
    "This answer does not belong to the connection you started. Press Connect once more, in one"
    " browser window."
)
def state() -> None: ...


@reason("Too much time passed on Salesforce's page. Press Connect again.")
def code_expired(said: Words) -> None: ...


@reason("Salesforce could not tell that it was us who asked. Press Connect again.")
def code_verifier(said: Words) -> None: ...


@reason(
    "You were connected to {before}; this access is to {now}. Nothing was changed. Connect to the"
    " same organisation, or confirm the change."
)
def another_org(before: str, now: str) -> None: ...


@reason(
    "Salesforce answered from an unexpected address. Check the My Domain you entered, then"
    " connect again."
)
def wrong_host(said: Words) -> None: ...


@reason(
    "Salesforce did not tell who connected. Allow the scope id in the app's settings, then"
    " connect again."
)
def identity(said: Words) -> None: ...


@reason(
    "Salesforce's answer carries a wrong signature. Check the consumer secret, then connect again."
)
def signature(said: Words) -> None: ...


@reason(
    "Salesforce does not accept our network address. Ask your administrator to relax IP"
    " restrictions for the app, then connect again."
)
def ip_restricted(said: Words) -> None: ...


@reason(
    "Salesforce does not let this user in at this hour. Lift the login hours of the user's"
    " profile, then connect again."
)
def login_hours(said: Words) -> None: ...


@reason(
    "The API is off for your Salesforce edition or for this user. The integration needs"
    " Enterprise, Unlimited, Performance or Developer Edition, and the user needs the permission"
    " “API Enabled”. Then connect again."
)
def api_disabled(said: Words) -> None: ...


@reason(
    "Your Salesforce does not have the version of its API that we use: it was switched off there,"
    " or is not there yet. Write to support. Calls wait; once we use one that your Salesforce has,"
    " press Connect again."
)
def api_version(said: Words) -> None: ...


@reason(
    "Salesforce does not let this user use the API. Give the permission “API Enabled”, then"
    " connect again."
)
def session_not_for_api(said: Words) -> None: ...


@reason(
    "Salesforce refused the connection: {code}, {message}. Connect again; if it does not help,"
    " write to support."
)
def unknown(said: Words) -> None: ...


@reason(
    "Salesforce asks us to wait: too many log-ins or API calls in a short time. Try again in an"
    " hour."
)
def busy(said: Words) -> None: ...


@reason(
    "Salesforce has not answered yet; we go on waiting. Look here again in a minute: if nothing has"
    " changed, press Connect once more."
)
def slow() -> None: ...


@reason("Salesforce could not be reached. Try again in a minute.")
def unreachable(said: Words) -> None: ...


@reason(
    "Your Salesforce gives no answer. Calls wait; we ask again by ourselves, after a longer pause"
    " each time."
)
def away(said: Words) -> None: ...


@reason(
    "Since {since} Salesforce has refused our access, though it renews it each time. Calls wait;"
    " we ask again by ourselves, after a longer pause each time. If this goes on, ask your"
    " administrator whether Salesforce locks sessions to an IP address (Setup → Session Settings),"
    " or press Connect again."
)
def refused_for_now(since: datetime) -> None: ...


@reason(
    "Your Salesforce has used up its API calls for the day. Calls wait and go on by themselves."
)
def limit(said: Words) -> None: ...


@reason(
    "Salesforce does not take our question about who calls ({message}). Calls wait, and after a"
    " while we ask again by ourselves. If it stays so, write to support."
)
def query_refused(said: Words) -> None: ...


@reason(
    "Too many long requests run in your Salesforce at once. Calls wait and go on by themselves"
    " within a minute."
)
def concurrent(said: Words) -> None: ...


@reason(
    "Your Salesforce has no room left for data. Free some, or buy more. Calls wait and go on by"
    " themselves."
)
def storage(said: Words) -> None: ...


@reason(
    "Salesforce sees too many sign-ins of this user within an hour. Calls wait and go on by"
    " themselves."
)
def login_rate(said: Words) -> None: ...


@reason(
    "The daily API call limit in your settings is reached. Calls wait and go on by themselves;"
    " you can raise the limit."
)
def ceiling(said: Words) -> None: ...
