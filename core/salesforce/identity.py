"""Who connected: the identity URL of a token response (Salesforce Help, "Identity URLs")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpx

from core import reasons
from core.salesforce.errors import ConnectionDead, SessionExpired, Transient
from core.salesforce.hosts import HostRefused, check_salesforce_url, stand_in_of
from core.salesforce.http import TOKEN, Answer, Patience, send
from core.salesforce.ids import to_18
from core.salesforce.oauth import Tokens

_HOPS = 2
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Identity:
    org_id: str
    """18 characters; compare it on reconnecting, so that nobody switches orgs unnoticed."""
    user_id: str
    username: str
    display_name: str
    is_active: bool


def identity(tokens: Tokens, http: httpx.Client, patience: Patience = TOKEN) -> Identity:
    """Raises `ConnectionDead`, `SessionExpired` or `Transient`."""
    body = _body(_get(tokens, http, patience))
    return Identity(
        org_id=to_18(str(body["organization_id"])),
        user_id=to_18(str(body["user_id"])),
        username=str(body.get("username") or ""),
        display_name=str(body.get("display_name") or ""),
        is_active=bool(body.get("active", True)),
    )


def _get(tokens: Tokens, http: httpx.Client, patience: Patience) -> Answer:
    """The identity host may send us on to the instance; each hop passes the host guard."""
    url = tokens.identity_url
    stand_in = stand_in_of(tokens.instance_url)
    headers = {"Authorization": f"Bearer {tokens.access_token}", "Accept": "application/json"}
    for _ in range(_HOPS + 1):
        answer = send(http, "GET", url, headers=headers, patience=patience)
        if answer.status not in _REDIRECTS:
            return answer
        try:
            url = check_salesforce_url(urljoin(url, answer.headers.get("Location", "")), stand_in)
        except HostRefused as elsewhere:
            raise ConnectionDead(
                elsewhere.code, http_status=answer.status, cause=reasons.connection.wrong_host
            ) from elsewhere
    raise Transient("MOVED", http_status=answer.status)


def _body(answer: Answer) -> Mapping[str, Any]:
    if answer.status == 200 and isinstance(answer.body, Mapping):
        if answer.body.get("organization_id") and answer.body.get("user_id"):
            return answer.body
        raise Transient("IDENTITY_INCOMPLETE", http_status=200)
    code = answer.text.strip()[:80] if answer.body is None else f"HTTP_{answer.status}"
    if answer.status in (401, 403) and code in ("Bad_OAuth_Token", "Missing_OAuth_Token"):
        raise SessionExpired(code, http_status=answer.status)
    if answer.status in (401, 403, 404):
        raise ConnectionDead(code, http_status=answer.status, cause=reasons.connection.identity)
    raise Transient(f"HTTP_{answer.status}", http_status=answer.status)
