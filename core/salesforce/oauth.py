"""OAuth 2.0: web server flow with PKCE (ask, exchange, refresh), client credentials; revoke.

Source: Salesforce Help, "OAuth 2.0 Web Server Flow", "OAuth 2.0 Refresh Token Flow" and "OAuth 2.0
Client Credentials Flow for Server-to-Server Integration".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from core import reasons
from core.salesforce.codes import WITHOUT_A_PERSON
from core.salesforce.errors import ConnectionDead, Transient
from core.salesforce.hosts import HostRefused, check_salesforce_url, stand_in_of
from core.salesforce.http import TOKEN, Answer, Patience, send
from core.salesforce.ids import is_id, to_18
from core.salesforce.translate import oauth_error

SCOPE = "api refresh_token id"
_VERIFIER_LENGTH = 64


@dataclass(frozen=True)
class OAuthApp:
    """An External Client App: the product's own, or one that a customer made.

    `login_url` is an origin that `hosts.check_login_host` passed.
    """

    client_id: str
    client_secret: str = field(repr=False)
    login_url: str
    redirect_uri: str


@dataclass(frozen=True)
class Tokens:
    """What the token endpoint gave. There is no lifetime in it: expiry shows as a 401."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    """None = unchanged: sent on the exchange, and on a refresh only under rotation, when the
    old one is dead from that moment. Never sent for client credentials."""
    instance_url: str
    identity_url: str

    @property
    def whose(self) -> tuple[str, str]:
        """Ids of org and user, 18 characters each: the last parts of the identity URL. Empty when
        they are no ids."""
        org_id, user_id = ["", *self.identity_url.split("/")][-2:]
        return (to_18(org_id), to_18(user_id)) if is_id(org_id) and is_id(user_id) else ("", "")


def new_verifier() -> str:
    """A PKCE code verifier of 64 letters and digits (RFC 7636 allows 43 to 128)."""
    return str(generate_token(_VERIFIER_LENGTH))  # type: ignore[no-untyped-call]


def authorize_url(app: OAuthApp, state: str, code_verifier: str) -> str:
    """Where to send the person's browser."""
    return str(
        prepare_grant_uri(  # type: ignore[no-untyped-call]
            f"{app.login_url}/services/oauth2/authorize",
            client_id=app.client_id,
            response_type="code",
            redirect_uri=app.redirect_uri,
            scope=SCOPE,
            state=state,
            code_challenge=create_s256_code_challenge(code_verifier),  # type: ignore[no-untyped-call]
            code_challenge_method="S256",
        )
    )


def exchange(
    app: OAuthApp, code: str, code_verifier: str, http: httpx.Client, patience: Patience = TOKEN
) -> Tokens:
    """Trade the callback's code for tokens. Raises `ConnectionDead`, `Paused`, `Transient`."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": app.redirect_uri,
        "code_verifier": code_verifier,
    }
    body = _token_request(app, form, http, patience)
    _check_signature(app, body)
    return _tokens(app, body)


def refresh(
    app: OAuthApp, refresh_token: str, http: httpx.Client, patience: Patience = TOKEN
) -> Tokens:
    """A new access token. The caller makes a new refresh token durable before using either.

    Never call it twice at once with one refresh token: under rotation Salesforce takes the
    second use for theft and revokes everything. Raises as `exchange` does. The signature
    is not checked here: a refusal would throw away the only refresh token left.
    """
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _tokens(app, _token_request(app, form, http, patience))


def client_credentials(app: OAuthApp, http: httpx.Client, patience: Patience = TOKEN) -> Tokens:
    """Access as the user that the app runs as; renewed by asking again. Raises as `exchange` does.

    Salesforce answers at My Domain only, gives the app's own scopes (asking for some is refused),
    and may give one token to several who ask.
    """
    form = {"grant_type": "client_credentials"}
    try:
        body = _token_request(app, form, http, patience)
    except ConnectionDead as dead:
        cause = WITHOUT_A_PERSON.get(dead.cause, dead.cause)
        raise ConnectionDead(
            dead.code, dead.message, http_status=dead.http_status, cause=cause
        ) from dead
    _check_signature(app, body)
    return _tokens(app, body)


def revoke(instance_url: str, token: str, http: httpx.Client, patience: Patience = TOKEN) -> None:
    """End a refresh token and its access tokens, or an access token; one already dead is fine.
    Another org than the token's own would call it invalid, too, so `instance_url` is the one that
    came with it.

    Raises `Transient` when Salesforce did not answer, or refused.
    """
    answer = send(
        http,
        "POST",
        f"{instance_url}/services/oauth2/revoke",
        headers={"Accept": "application/json"},
        patience=patience,
        form={"token": token},
    )
    dead = answer.status == 400 and "invalid_token" in answer.text  # form-encoded or JSON
    if answer.status != 200 and not dead:
        raise Transient(f"HTTP_{answer.status}", http_status=answer.status)


def _token_request(
    app: OAuthApp, form: dict[str, str], http: httpx.Client, patience: Patience
) -> Mapping[str, Any]:
    form["client_id"] = app.client_id
    if app.client_secret:
        form["client_secret"] = app.client_secret
    answer = send(
        http,
        "POST",
        f"{app.login_url}/services/oauth2/token",
        headers={"Accept": "application/json"},
        patience=patience,
        form=form,
    )
    return _token_body(answer)


def _token_body(answer: Answer) -> Mapping[str, Any]:
    body = answer.body
    if not isinstance(body, Mapping):
        raise Transient(f"HTTP_{answer.status}", http_status=answer.status)
    if "error" in body:
        raise oauth_error(
            str(body["error"]), str(body.get("error_description") or ""), answer.status
        )
    if answer.status != 200 or not body.get("access_token"):
        raise Transient(f"HTTP_{answer.status}", http_status=answer.status)
    return body


def _tokens(app: OAuthApp, body: Mapping[str, Any]) -> Tokens:
    stand_in = stand_in_of(app.login_url)
    try:
        instance_url = check_salesforce_url(str(body.get("instance_url")), stand_in).rstrip("/")
        identity_url = check_salesforce_url(str(body.get("id")), stand_in)
    except HostRefused as elsewhere:
        raise ConnectionDead(
            elsewhere.code, http_status=200, cause=reasons.connection.wrong_host
        ) from elsewhere
    return Tokens(
        access_token=str(body["access_token"]),
        refresh_token=body.get("refresh_token") or None,
        instance_url=instance_url,
        identity_url=identity_url,
    )


def _check_signature(app: OAuthApp, body: Mapping[str, Any]) -> None:
    """`signature` is Base64(HMAC-SHA256(`id` + `issued_at`, client secret)); a public client
    has no secret to check it with."""
    if not app.client_secret:
        return
    signed = f"{body.get('id')}{body.get('issued_at')}".encode()
    digest = hmac.new(app.client_secret.encode(), signed, hashlib.sha256).digest()
    if not hmac.compare_digest(base64.b64encode(digest), str(body.get("signature") or "").encode()):
        raise ConnectionDead(
            "SIGNATURE_MISMATCH", http_status=200, cause=reasons.connection.signature
        )
