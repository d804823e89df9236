"""The client credentials flow: an app gets tokens by its key and secret alone, as its run-as user.

Sources: help, "OAuth 2.0 Client Credentials Flow for Server-to-Server Integration" (My Domain only,
the app's scopes, no refresh token) and "OAuth Error Codes"; the words of the refusals as vendors'
manuals quote them (Splunk SOAR, Sumo Logic, AWS Quick). That a `scope` is refused: help of users of
external credentials, who have to clear it.
"""

from flask import request

from sandbox.apps import ConnectedApp
from sandbox.org import Org
from sandbox.services import Services
from sandbox.tokens import Grant, OAuthError

_LOGIN_HOSTS = {"login", "test"}
_NOT_GIVEN = {"full", "web", "refresh_token", "offline_access"}
"""Scopes of an app that this flow leaves out."""
_POLICIES = {
    "not_installed": ("app_not_found", "External client app is not installed in this org"),
    "uninstalled": ("invalid_client", "app must be installed into org"),
    "blocked": ("OAUTH_APP_BLOCKED", "this app is blocked by admin"),
    "not_approved": ("invalid_app_access", "user is not admin approved to access this app"),
}


def check_domain() -> None:
    """Refuse a host that is no org's own: `login.…` and `test.…` stand for Salesforce's two."""
    if request.host.partition(".")[0] in _LOGIN_HOSTS:
        raise OAuthError("invalid_grant", "request not supported on this domain")


def by_client_credentials(found: Services, app: ConnectedApp) -> Grant:
    """An access token for the app's run-as user. Raises OAuthError.

    Every address of the stand-in but the login hosts counts as My Domain of the run-as user's org.
    """
    if "scope" in request.form:
        raise OAuthError("invalid_request", "scope parameter not supported")
    org, user_id = _run_as(found, app)
    if org.settings.app_policy in _POLICIES:
        raise OAuthError(*_POLICIES[org.settings.app_policy])
    found.tokens.check_people(org, user_id)
    scope = " ".join(one for one in app.scopes if one not in _NOT_GIVEN)
    if not scope:
        raise OAuthError("invalid_grant", "no valid scopes")
    approval = found.tokens.standing(app.client_id, org.id, user_id, scope)
    return found.tokens.grant(approval, with_refresh=False)


def _run_as(found: Services, app: ConnectedApp) -> tuple[Org, str]:
    org_name, username = app.client_credentials_user or ("", "")
    org = found.orgs.named(org_name)
    users = found.rows.find(org, "User", Username=username) if org else []
    if org is None or not users:
        raise OAuthError("invalid_grant", "no client credentials user enabled")
    return org, str(users[0]["Id"])
