"""Tokens: what two renewals at the same time do to each other. Asked last."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from core.salesforce.errors import SalesforceError
from core.salesforce.http import TOKEN, send
from core.salesforce.oauth import OAuthApp, Tokens, refresh
from dev.check_org.assertions import Found, NotAsked, asserts
from dev.check_org.login import by_credentials
from dev.check_org.org import Org

T = TypeVar("T")
_WITHOUT_APP = "the log-in has no key and secret (ORG_KEY, ORG_SECRET)"


@asserts(
    "Two tokens by client credentials at once are both good",
    expected="both, and the one we had",
)
def two_by_credentials(org: Org) -> Found:
    """Source: Salesforce Help, "OAuth 2.0 Client Credentials Flow". There is nothing to rotate."""
    app = _app(org)
    got = _at_once(lambda: _token(app, org))
    tokens = [one for one in (*got, org.login.access.token) if one and _is_good(org, one)]
    return Found(len(tokens) == 3, f"{len(tokens)} of 3 are good")


@asserts(
    "Two renewals at once with one refresh token: both good, or one not",
    expected="2 good; or 1 and “already being processed”; or 1 and invalid_grant, which ends both",
    spends=True,
)
def two_renewals(org: Org) -> Found:
    """Source: Salesforce Help, "OAuth 2.0 Refresh Token Flow", "OAuth 2.0 Errors": `token request
    is already being processed`. That a used token ends the connection is told of rotation, and
    played by the stand-in; whether there are seconds of grace is told nowhere."""
    app, token = _app(org), org.login.refresh_token
    if not token:
        raise NotAsked("the log-in has no refresh token (ORG_REFRESH_TOKEN)")
    got = _at_once(lambda: _renewed(app, token, org))
    answered = [one for one in got if isinstance(one, Tokens)]
    refused = [one for one in got if isinstance(one, str)]
    alive = [one for one in answered if _is_good(org, one.access_token)]
    text = f"{len(answered)} answered, {', '.join(refused) or 'none refused'}, {len(alive)} good"
    said = refused[0] if len(answered) == len(refused) == 1 else ""
    waits = "already being processed" in said and len(alive) == 1
    ended = said.startswith("invalid_grant") and not alive
    return Found(len(alive) == 2 or waits or ended, text)


def _app(org: Org) -> OAuthApp:
    if org.login.app is None:
        raise NotAsked(_WITHOUT_APP)
    return org.login.app


def _at_once(ask: Callable[[], T]) -> list[T]:
    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(ask), pool.submit(ask)]]


def _token(app: OAuthApp, org: Org) -> str:
    try:
        return by_credentials(app, org.http).token
    except SalesforceError:
        return ""


def _renewed(app: OAuthApp, token: str, org: Org) -> Tokens | str:
    try:
        return refresh(app, token, org.http)
    except SalesforceError as error:
        return str(error)


def _is_good(org: Org, token: str) -> bool:
    url = f"{org.login.access.instance_url}{org.client.base}/limits"
    headers = {"Authorization": f"Bearer {token}"}
    return send(org.http, "GET", url, headers=headers, patience=TOKEN).status != 401
