"""Browsers that a person got in with before: strangers' wrong tries do not count against them.

A cookie for each such browser, signed for one e-mail (OWASP calls it a device cookie). It opens
nothing: it only has the browser's tries counted apart, so that nobody is shut out of their own
account by those who guess at it from elsewhere.
"""

from __future__ import annotations

from datetime import timedelta

from flask import after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug import Response

from core.emails import normalised
from core.secrets import new_name

LASTS = timedelta(days=365)


def remember(email: str) -> None:
    """Have the answer to this request make the browser known for that e-mail, and no other."""
    value = _seal(email).dumps(new_name())
    secure = current_app.config["SESSION_COOKIE_SECURE"]

    @after_this_request
    def _set(response: Response) -> Response:
        response.set_cookie(_cookie(), value, LASTS, secure=secure, httponly=True, samesite="Lax")
        return response


def counted_by(email: str) -> str:
    """What tries with that e-mail are counted by: this browser if it is known, else the e-mail."""
    name = _known_as(email)
    return f"browser:{name}" if name else f"name:{normalised(email)}"


def is_known(email: str) -> bool:
    return bool(_known_as(email))


def _known_as(email: str) -> str:
    """The browser's name; empty when it is not known for that e-mail."""
    try:
        name: str = _seal(email).loads(
            request.cookies.get(_cookie(), ""), max_age=int(LASTS.total_seconds())
        )
    except BadData:
        return ""
    return name


def _seal(email: str) -> URLSafeTimedSerializer:
    # The e-mail is in the signature rather than in the cookie: others may look into that.
    return URLSafeTimedSerializer(
        current_app.secret_key or "",
        salt=f"known-browser:{normalised(email)}",
        signer_kwargs={"key_derivation": "hmac"},
    )


def _cookie() -> str:
    return "__Host-browser" if current_app.config["SESSION_COOKIE_SECURE"] else "browser"
