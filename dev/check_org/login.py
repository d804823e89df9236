"""The log-in: an access token, or the key and secret of an app by client credentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from core.salesforce.client import Access
from core.salesforce.errors import SalesforceError
from core.salesforce.hosts import GENERIC_LOGINS, HostRefused, check_login_host
from core.salesforce.oauth import OAuthApp, client_credentials

ASKED_FOR = """\
Say which org, by its My Domain, and how to log in:

  ORG_URL=https://….my.salesforce.com  and either
  ORG_TOKEN=…                an access token (`sf org auth show-access-token`), or
  ORG_KEY=… ORG_SECRET=…     an app's key and secret (client credentials)

With ORG_REFRESH_TOKEN=… as well, two renewals at once are tried. They use it up."""


class CouldNotRun(Exception):
    """Nothing could be asked; the text says why, in a sentence for the operator."""


@dataclass(frozen=True)
class Login:
    """`app` is None when there is only a token. `refresh_token` is spent by the last assertion."""

    access: Access
    app: OAuthApp | None = field(default=None, repr=False)
    refresh_token: str = field(default="", repr=False)

    def current(self) -> Access:
        return self.access

    def renew(self, stale: Access) -> Access:
        """The same again: a run is shorter than a session, so a refusal is to be seen."""
        return stale


def log_in(environment: Mapping[str, str], http: httpx.Client) -> Login:
    """Reads the variables that `ASKED_FOR` tells of. Raises `CouldNotRun`."""
    names = ("ORG_URL", "ORG_TOKEN", "ORG_KEY", "ORG_SECRET", "ORG_REFRESH_TOKEN")
    url, token, key, secret, refresh_token = (environment.get(name, "").strip() for name in names)
    if not url or not (token or (key and secret)):
        raise CouldNotRun(ASKED_FOR)
    origin = _origin(url)
    app = OAuthApp(key, secret, origin, "") if key and secret else None
    if token:
        return Login(Access(token, origin, 1), app, refresh_token if app else "")
    assert app is not None  # noqa: S101  there is a token, or a key with its secret
    try:
        return Login(by_credentials(app, http), app, refresh_token)
    except SalesforceError as refused:
        said = f"{origin} gave no token for the key and secret: {refused}"
        raise CouldNotRun(said) from refused


def by_credentials(app: OAuthApp, http: httpx.Client) -> Access:
    """A token for the app's own user. Raises as `client_credentials` does."""
    tokens = client_credentials(app, http)
    return Access(tokens.access_token, tokens.instance_url, 1)


def _origin(url: str) -> str:
    """Where token and secret may be sent: Salesforce alone, or a stand-in on this machine."""
    local = url.startswith(("http://127.0.0.1:", "http://localhost:"))
    try:
        origin = check_login_host(url, url if local else None)
    except HostRefused as refused:
        raise CouldNotRun(f"ORG_URL is not an org's My Domain ({refused.code}).") from refused
    if origin.partition("://")[2] in GENERIC_LOGINS:
        raise CouldNotRun("ORG_URL has to be the org's My Domain, not the common log-in page.")
    return origin
