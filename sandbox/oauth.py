"""The OAuth endpoints that programs call: token, revoke, introspect."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import time
from typing import Any
from urllib.parse import unquote, urlencode

from flask import Blueprint, Response, request

from sandbox.answers import json_answer
from sandbox.apps import ConnectedApp
from sandbox.client_credentials import by_client_credentials, check_domain
from sandbox.cut import cut_reply
from sandbox.faults import FOR_TOKENS
from sandbox.identity import identity_url, new_id_token
from sandbox.services import Services, services
from sandbox.tokens import CODE_SECONDS, Grant, OAuthError

oauth = Blueprint("oauth", __name__, url_prefix="/services/oauth2")
_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}\Z", re.ASCII)
_FORM = "application/x-www-form-urlencoded"


@oauth.post("/token")
def token() -> Response:
    """Tokens for a code, a refresh token or an app's own credentials."""
    found = services()
    fault = found.faults.strike(FOR_TOKENS, "oauth", "POST", request.path)
    if fault is not None and fault.kind == "cut":
        return cut_reply()
    if fault is not None and fault.kind == "unavailable":
        return Response("<html><body>Service Unavailable</body></html>", 503, mimetype="text/html")
    try:
        if fault is not None and fault.kind == "refused":
            raise OAuthError(fault.code, fault.message, fault.status or 400)
        with found.storage.lock:
            answer = _token(found)
    except OAuthError as error:
        return _refused(error)
    return cut_reply() if fault is not None else json_answer(200, answer)


def _token(found: Services) -> dict[str, Any]:
    grants = {
        "authorization_code": _by_code,
        "refresh_token": _by_refresh,
        "client_credentials": by_client_credentials,
    }
    # A body of another kind is not read, so it names no grant either.
    grant_type = request.form.get("grant_type", "") if request.mimetype == _FORM else ""
    if grant_type not in grants:
        raise OAuthError("unsupported_grant_type", "grant type not supported")
    if grant_type == "client_credentials":
        check_domain()
    app = _client(found)
    grant, failure = None, None
    # A failure may have effects that have to stay: a reused refresh token kills the current one.
    with found.storage.transaction():
        try:
            grant = grants[grant_type](found, app)
        except OAuthError as error:
            failure = error
    if grant is None:
        raise failure or OAuthError("server_error", "no grant")
    return _answer(app, grant)


def _by_code(found: Services, app: ConnectedApp) -> Grant:
    code = found.tokens.code(_given("code"))
    if code is None or code["client_id"] != app.client_id:
        raise OAuthError("invalid_grant", "invalid authorization code")
    if code["approval"] is not None or time.time() - code["created"] > CODE_SECONDS:
        raise OAuthError("invalid_grant", "expired authorization code")
    if code["redirect_uri"] != _given("redirect_uri"):
        raise OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration")
    verifier = request.form.get("code_verifier", "")
    if not _VERIFIER.match(verifier) or not _fits(verifier, code["challenge"]):
        found.tokens.void_code(code)  # whoever guesses has one guess
        raise OAuthError("invalid_grant", "invalid code verifier")
    return found.tokens.spend_code(code)


def _fits(verifier: str, challenge: str) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=") == challenge.encode()


def _by_refresh(found: Services, app: ConnectedApp) -> Grant:
    return found.tokens.refresh(_given("refresh_token"), app.client_id)


def _given(name: str) -> str:
    value = request.form.get(name, "")
    if not value:
        raise OAuthError("invalid_request", f"missing required parameter: {name}")
    return value


def _client(found: Services) -> ConnectedApp:
    """The app by its key and secret, in the body or as HTTP Basic."""
    client_id, secret = _basic() or (
        request.form.get("client_id", ""),
        request.form.get("client_secret", ""),
    )
    app = found.apps.get(client_id)
    if app is None:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    if not secrets.compare_digest(secret.encode(), app.client_secret.encode()):
        raise OAuthError("invalid_client", "invalid client credentials")
    return app


def _basic() -> tuple[str, str] | None:
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind != "Basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise OAuthError("invalid_client", "invalid client credentials") from error
    return unquote(client_id), unquote(secret)


def _answer(app: ConnectedApp, grant: Grant) -> dict[str, Any]:
    identity = identity_url(grant.org.id, grant.user_id)
    issued_at = str(int(time.time() * 1000))
    signed = hmac.new(app.client_secret.encode(), (identity + issued_at).encode(), hashlib.sha256)
    answer = {
        "access_token": grant.access_token,
        "signature": base64.b64encode(signed.digest()).decode(),
        "scope": grant.scope,
        "instance_url": request.host_url.rstrip("/"),
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
    }
    if grant.refresh_token:
        answer["refresh_token"] = grant.refresh_token
    if "openid" in grant.scope.split():
        answer["id_token"] = new_id_token(app, identity, grant.nonce)
    return answer


def _refused(error: OAuthError) -> Response:
    body = {"error": error.error, "error_description": error.description}
    return json_answer(error.status, body)


@oauth.route("/revoke", methods=["GET", "POST"])
def revoke() -> Response:
    """Kill a token. An unknown one is 400, its body form-encoded."""
    found = services()
    row = found.tokens.token(request.values.get("token", ""))
    if row is None or row["state"] != "live":
        refused = {"error": "invalid_token", "error_description": "invalid token"}
        return Response(urlencode(refused), 400, content_type=_FORM)
    with found.storage.transaction():
        found.tokens.revoke(row)
    return Response(b"", 200)


@oauth.post("/introspect")
def introspect() -> Response:
    """What a token of the asking app is good for."""
    found = services()
    try:
        app = _client(found)
    except OAuthError as error:
        return _refused(error)
    row = found.tokens.token(request.form.get("token", ""))
    if row is None or row["client_id"] != app.client_id or not found.tokens.is_good(row):
        return json_answer(200, {"active": False})
    org = found.orgs.get(row["org"])
    user = found.rows.get(org, row["user"]) if org else None
    answer = {
        "active": True,
        "scope": row["scope"],
        "client_id": row["client_id"],
        "username": user.data["Username"] if user else None,
        "sub": identity_url(row["org"], row["user"]),
        "token_type": f"{row['kind']}_token",
        "iat": int(row["issued"]),
        "nbf": int(row["issued"]),
    }
    if row["expires"] is not None:
        answer["exp"] = int(row["expires"])
    return json_answer(200, answer)
