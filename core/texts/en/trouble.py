"""English: what went wrong with the connection or with a write, and what to do."""

TROUBLE: dict[str, str] = {
    # The connection needs somebody
    "connection.refresh_refused": "Salesforce no longer accepts our access: it was revoked,"
    " expired or replaced. Press Connect again.",
    "connection.revoked": "Access was revoked in Salesforce. Press Connect again.",
    "connection.session_refused": "Salesforce refuses our session again and again. Press Connect"
    " again.",
    "connection.keys_lost": "We can no longer read our access to your Salesforce: the keys it was"
    " locked with are gone. Press Connect again.",
    "connection.inactive_user": "The Salesforce user who connected is inactive. Connect again as"
    " an active user.",
    "connection.inactive_org": "Your Salesforce organisation is inactive (trial over, locked or"
    " closed). Ask Salesforce, then connect again.",
    "connection.app_not_installed": "The UniTalk package is not installed in your Salesforce."
    " Install it (step 1), then press Connect.",
    "connection.app_blocked": "An administrator blocked the UniTalk app in Salesforce. Ask for it"
    " to be unblocked (Setup → Connected Apps OAuth Usage), then connect again.",
    "connection.app_not_attached": "Salesforce does not let this app use the API. Check the app's"
    " settings in Setup, then connect again.",
    "connection.not_approved": "An administrator has not admitted this user to the UniTalk app. In"
    " Setup, add the user's profile or permission set to the app's policies, then connect again.",
    "connection.client_id": "Salesforce does not know the app's key. Check the consumer key; a new"
    " app needs up to 10 minutes. Then connect again.",
    "connection.client_secret": "Salesforce does not accept the app's secret. Enter the current"
    " consumer secret, then connect again.",
    "connection.scope": "The app may not ask for this access. Allow the scopes api, refresh_token"
    " and id in the app's settings, then connect again.",
    "connection.secret_unreadable": "The consumer secret of your own app can no longer be read"
    " here. Enter it again (disconnect first if you still can), then press Connect.",
    "connection.no_refresh_token": "Salesforce gave access for a few hours only. Allow the scope"
    " refresh_token in the app's settings and set its refresh token policy to “valid until"
    " revoked”, then connect again.",
    "connection.redirect_uri": "The app does not list our callback address. Add the address shown"
    " here to the app's settings, then connect again.",
    "connection.misconfigured": "Salesforce did not understand our request ({code}: {message})."
    " Check the app's settings; if they are right, write to support.",
    "connection.denied": "Access was not granted. Press Connect and allow access on Salesforce's"
    " page.",
    "connection.state": "This answer does not belong to the connection you started."
    " Press Connect once more, in one browser window.",
    "connection.code_expired": "Too much time passed on Salesforce's page. Press Connect again.",
    "connection.code_verifier": "Salesforce could not tell that it was us who asked. Press Connect"
    " again.",
    "connection.another_org": "You were connected to {before}; this consent came from {now}."
    " Nothing was changed. Sign in to the same organisation, or confirm the change.",
    "connection.wrong_host": "Salesforce answered from an unexpected address. Check the My Domain"
    " you entered, then connect again.",
    "connection.identity": "Salesforce did not tell who connected. Allow the scope id in the app's"
    " settings, then connect again.",
    "connection.signature": "Salesforce's answer carries a wrong signature. Check the consumer"
    " secret, then connect again.",
    "connection.ip_restricted": "Salesforce does not accept our network address. Ask your"
    " administrator to relax IP restrictions for the app, then connect again.",
    "connection.login_hours": "Salesforce does not let this user in at this hour. Lift the login"
    " hours of the user's profile, then connect again.",
    "connection.api_disabled": "The API is off for your Salesforce edition or for this user. The"
    " integration needs Enterprise, Unlimited, Performance or Developer Edition, and the user"
    " needs the permission “API Enabled”. Then connect again.",
    "connection.api_version": "Your Salesforce does not know this version of the API. Write to"
    " support.",
    "connection.session_not_for_api": "Salesforce does not let this user use the API. Give the"
    " permission “API Enabled”, then connect again.",
    "connection.unknown": "Salesforce refused the connection: {code}, {message}. Connect again; if"
    " it does not help, write to support.",
    "connection.busy": "Salesforce asks us to wait: too many log-ins or API calls in a short time."
    " Try again in an hour.",
    "connection.unreachable": "Salesforce could not be reached. Try again in a minute.",
    # The whole account waits, and goes on by itself
    "connection.limit": "Your Salesforce has used up its API calls for the day. Calls wait and go"
    " on by themselves.",
    "connection.concurrent": "Too many long requests run in your Salesforce at once. Calls wait and"
    " go on by themselves within a minute.",
    "connection.storage": "Your Salesforce has no room left for data. Free some, or buy more."
    " Calls wait and go on by themselves.",
    "connection.login_rate": "Salesforce sees too many sign-ins of this user within an hour. Calls"
    " wait and go on by themselves.",
    "connection.ceiling": "The daily API call limit in your settings is reached. Calls wait"
    " and go on by themselves; you can raise the limit.",
    # Salesforce and one record
    "salesforce.refused": "Salesforce refused: {message} ({code}). Fix the cause in Salesforce or"
    " in the settings, then press “try again”.",
    "salesforce.transient": "Salesforce is busy or out of reach ({code}). It is tried again by"
    " itself.",
    "salesforce.session_expired": "The session ended and is being renewed.",
    "salesforce.shape_stale": "Fields changed in Salesforce ({message}). They are read anew, then"
    " the call is tried again.",
    "salesforce.halted": "Held up by another call of the same group; it is tried again by itself.",
    "salesforce.gave_up": "Salesforce stayed busy or out of reach ({code}) until the attempts were"
    " used up. Press “try again”.",
    "salesforce.gave_up_halted": "Another call of the same group kept this one from being written"
    " until the attempts were used up. Fix that one first, then press “try again”.",
    # Delivery
    "delivery.asked_again": "Somebody pressed “try again”.",
    "delivery.reconnected": "Salesforce is connected again; the call is back in the queue.",
    "delivery.database": "Our database did not answer. The call is kept and tried again.",
    "delivery.broken_setting": "A setting of ours is broken ({detail}). The call is kept; write to"
    " support.",
    "delivery.unexpected": "An error of ours ({detail}). The call is kept and tried again.",
    "delivery.gave_up": "An error of ours ({detail}) met every attempt, and the attempts are used"
    " up. The call is kept: press “try again”, and write to support if it does not help.",
    "delivery.unreadable": "The event as kept cannot be read: {detail}. Write to support.",
    "transient": "A passing trouble: {detail}. It is tried again by itself.",
}
