"""Flask's own settings, derived from the environment's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.config import Config
from core.queues import redis_patience
from core.store.sessions import LONGEST
from portal.web.services import REDIS_SECONDS

LARGEST_REQUEST = 1024 * 1024
"""Bytes of any request; the intake's own limit is lower."""

PAGES_LIMIT = "300 per minute"
"""Pages and changes, by session or address. A list that renews itself asks 30 times a minute."""


def flask_settings(config: Config) -> dict[str, Any]:
    return {
        "SECRET_KEY": config.secret_key,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "SESSION_COOKIE_NAME": "__Host-session" if config.secure else "session",
        "SESSION_COOKIE_SECURE": config.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        # Lax, not Strict: Salesforce sends people back to us by a link, signed in.
        "SESSION_COOKIE_SAMESITE": "Lax",
        # How long a person stays signed in, the stored session decides; the cookie outlasts it.
        "PERMANENT_SESSION_LIFETIME": LONGEST,
        # A late answer must not bring the cookie of an earlier moment back.
        "SESSION_REFRESH_EACH_REQUEST": False,
        # A form stays good as long as the session it belongs to.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": config.secure,
        "BABEL_DEFAULT_LOCALE": "ru",
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        "PAGES_LIMIT": PAGES_LIMIT,
        "RATELIMIT_STORAGE_URI": _limits_storage(config.redis_url),
        "RATELIMIT_STORAGE_OPTIONS": redis_patience(REDIS_SECONDS),
        "RATELIMIT_KEY_PREFIX": "limits",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        # Of requests that find Redis gone at one moment, flask-limiter would let one go on.
        "RATELIMIT_SWALLOW_ERRORS": True,
        "RATELIMIT_HEADERS_ENABLED": True,
        "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/javascript", "application/json"],
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_ALGORITHM_STREAMING": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 7,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
    }


def _limits_storage(redis_url: str) -> str:
    """The same Redis, as the limits library spells a Unix socket."""
    return f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url
