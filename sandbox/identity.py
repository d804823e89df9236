"""Who the user is: the identity URL, userinfo, discovery, the id token."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from flask import Blueprint, Response, request

from sandbox.answers import json_answer
from sandbox.apps import ConnectedApp
from sandbox.ids import to_18
from sandbox.org import Org
from sandbox.rows import Record
from sandbox.services import services
from sandbox.settings import NEWEST_API

identity = Blueprint("identity", __name__)


class Refused(Exception):
    """A plain-text refusal of the identity service, with its status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


@identity.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """These refusals are plain text."""
    return Response(error.text, error.status, content_type="text/plain")


def identity_url(org_id: str, user_id: str) -> str:
    """The `id` of a token answer; our own host stands for login.salesforce.com."""
    return f"{request.host_url}id/{org_id}/{user_id}"


def new_id_token(app: ConnectedApp, subject: str, nonce: str | None) -> str:
    """A signed statement of who logged in (HS256 with the app's secret)."""
    now = int(time.time())
    claims = {"iss": request.host_url.rstrip("/"), "sub": subject, "aud": app.client_id}
    payload = {**claims, "iat": now, "exp": now + 120, **({"nonce": nonce} if nonce else {})}
    head = _encode({"alg": "HS256", "typ": "JWT"}) + "." + _encode(payload)
    signature = hmac.new(app.client_secret.encode(), head.encode(), hashlib.sha256).digest()
    return head + "." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


def _encode(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _asker() -> tuple[Org, Record, str]:
    """Org, user and scope of the presented access token. Raises Refused."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip() if kind == "Bearer" else request.values.get("oauth_token", "")
    if not token:
        raise Refused(403, "Missing_OAuth_Token")
    found = services()
    row = found.tokens.token(token, "access")
    org = found.orgs.get(row["org"]) if row is not None and found.tokens.is_good(row) else None
    user = found.rows.get(org, row["user"]) if org is not None and row is not None else None
    if row is None or org is None or user is None or not user.data["IsActive"]:
        raise Refused(403, "Bad_OAuth_Token")
    return org, user.data, row["scope"]


@identity.get("/id/<org_id>/<user_id>")
def show_identity(org_id: str, user_id: str) -> Response:
    """The identity URL of a token answer."""
    org, user, scope = _asker()
    if not {"id", "full", "openid", "profile"} & set(scope.split()):
        raise Refused(403, "Missing_Scope")
    if to_18(org_id) != org.id:
        raise Refused(403, "Wrong_Org")
    if to_18(user_id) != user["Id"]:
        raise Refused(404, "Bad_Id")
    return json_answer(200, _identity(org, user))


def _identity(org: Org, user: Record) -> dict[str, Any]:
    origin = request.host_url.rstrip("/")
    return {
        "id": identity_url(org.id, user["Id"]),
        "asserted_user": True,
        "user_id": user["Id"],
        "organization_id": org.id,
        "username": user["Username"],
        "nick_name": user.get("CommunityNickname"),
        "display_name": user["Name"],
        "email": user["Email"],
        "email_verified": True,
        "first_name": user.get("FirstName"),
        "last_name": user["LastName"],
        "timezone": user["TimeZoneSidKey"],
        "photos": dict.fromkeys(("picture", "thumbnail"), f"{origin}/static/user.svg"),
        "mobile_phone": user.get("MobilePhone"),
        "mobile_phone_verified": False,
        "is_lightning_login_user": False,
        "status": {"created_date": None, "body": None},
        "urls": _urls(origin, user),
        "active": True,
        "user_type": user["UserType"].upper(),
        "language": user["LanguageLocaleKey"],
        "locale": user["LocaleSidKey"],
        "utcOffset": 7_200_000,
        "last_modified_date": user["LastModifiedDate"],
        "is_app_installed": org.settings.app_policy == "installed",
    }


def _urls(origin: str, user: Record) -> dict[str, str]:
    version = request.args.get("version", "{version}")
    if version == "latest":
        version = f"{NEWEST_API}.0"
    rest = f"{origin}/services/data/v{version}/"
    return {
        "rest": rest,
        **{name: f"{rest}{name}/" for name in ("sobjects", "search", "query", "recent")},
        "profile": f"{origin}/{user['Id']}",
        "custom_domain": origin,
    }


@identity.route("/services/oauth2/userinfo", methods=["GET", "POST"])
def userinfo() -> Response:
    """OpenID Connect's userinfo (help, "Query for User Information")."""
    org, user, scope = _asker()
    if not {"openid", "full", "id", "profile"} & set(scope.split()):
        raise Refused(403, "Bad_OAuth_Token")
    known = _identity(org, user)
    same = (
        "user_id organization_id email email_verified locale language utcOffset user_type active"
        " photos urls is_app_installed"
    )
    answer = {name: known[name] for name in same.split()}
    answer |= {
        "sub": known["id"],
        "preferred_username": known["username"],
        "nickname": known["nick_name"],
        "name": known["display_name"],
        "given_name": known["first_name"],
        "family_name": known["last_name"],
        "zoneinfo": known["timezone"],
        "profile": known["urls"]["profile"],
        "picture": known["photos"]["picture"],
        "address": {},
        "is_salesforce_integration_user": False,
        "updated_at": known["last_modified_date"],
    }
    return json_answer(200, answer)


@identity.get("/.well-known/openid-configuration")
def discovery() -> Response:
    """Where the OAuth endpoints are."""
    origin = request.host_url.rstrip("/")
    base = f"{origin}/services/oauth2"
    return json_answer(
        200,
        {
            "issuer": origin,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "revocation_endpoint": f"{base}/revoke",
            "userinfo_endpoint": f"{base}/userinfo",
            "introspection_endpoint": f"{base}/introspect",
            "jwks_uri": f"{origin}/id/keys",
            "scopes_supported": [
                "api",
                "id",
                "openid",
                "profile",
                "email",
                "refresh_token",
                "offline_access",
                "full",
                "web",
            ],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["HS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        },
    )


@identity.get("/id/keys")
def keys() -> Response:
    """No public keys: id tokens are signed with the app's secret."""
    return json_answer(200, {"keys": []})
