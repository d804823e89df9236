"""Flask's extensions, each made once, and the security headers of every answer."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask_babel import Babel
from flask_compress import Compress
from flask_htmx import HTMX
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin
from flask_talisman import Talisman
from flask_wtf import CSRFProtect

from core.config import Config
from portal.cookies import Sessions

csrf = CSRFProtect()
login = LoginManager()
limiter = Limiter(get_remote_address)
babel = Babel()
htmx = HTMX()

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": ["'self'", "data:"],  # data: for the icons inside Bootstrap's CSS
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""Everything from our own origin; nothing inline, no eval."""


def attach(
    app: Flask,
    config: Config,
    load_person: Callable[[str], UserMixin | None],
    language: Callable[[], str],
    time_zone: Callable[[], str | None],
) -> None:
    app.session_interface = Sessions()
    csrf.init_app(app)
    login.init_app(app)
    login.user_loader(load_person)
    limiter.init_app(app)
    htmx.init_app(app)
    babel.init_app(app, locale_selector=language, timezone_selector=time_zone)
    Compress(app)
    Talisman(
        app,
        force_https=config.secure,
        session_cookie_secure=config.secure,
        strict_transport_security=config.secure,
        content_security_policy=CONTENT_SECURITY_POLICY,
        content_security_policy_nonce_in=["script-src"],
        frame_options="DENY",
        referrer_policy="same-origin",
        permissions_policy={"geolocation": "()", "microphone": "()", "camera": "()"},
    )
