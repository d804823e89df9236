"""Flask's extensions, each made once, and the security headers of every answer."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, ip_address, ip_network

from flask import Flask, current_app, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import Babel
from flask_compress import Compress
from flask_htmx import HTMX
from flask_limiter import ApplicationLimit, Limiter
from flask_login import LoginManager, UserMixin
from flask_talisman import Talisman
from flask_wtf import CSRFProtect

from core.config import Config
from portal.web import static_files

csrf = CSRFProtect()
login = LoginManager()


def visitor_address() -> str:
    """What tries from one address are counted by.

    Of IPv6 the /64: every subscriber has that many addresses to try from.
    """
    found = request.remote_addr or ""
    try:
        address = ip_address(found)
    except ValueError:
        return found
    if isinstance(address, IPv4Address):
        return found
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), 64), strict=False))


def who_asks() -> str:
    """The signed-in session, else the address. Asks no database: too many requests must be cheap
    to refuse."""
    return f"session:{session['_user_id']}" if "_user_id" in session else visitor_address()


def is_a_program() -> bool:
    """Telephony and its cabinet: their doors have limits of their own."""
    return request.path.startswith("/api/")


limiter = Limiter(
    visitor_address,
    application_limits=[
        ApplicationLimit(
            limit_provider=lambda: current_app.config["PAGES_LIMIT"],
            key_function=who_asks,
            exempt_when=is_a_program,
        )
    ],
)
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


class Sessions(SecureCookieSessionInterface):
    """The session cookie: sent when it changed, never along with files that caches keep."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        return request.endpoint != "static" and super().should_set_cookie(app, session)


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
    static_files.attach(app)
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
