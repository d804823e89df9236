"""The names this portal answers to: nobody is led to another one by what a request says of it."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, request

from core.config import LOOPBACK
from portal.services import config

WATCHED = frozenset({"health.alive", "health.ready", "health.metrics"})
"""Watchers ask by the machine's address."""


def attach(app: Flask) -> None:
    app.before_request(_refuse)


def _refuse() -> None:
    """400 for a host that is not PORTAL_URL's, before anything makes an address of it."""
    if request.endpoint in WATCHED:
        return
    ours = urlsplit(config().portal_url).hostname
    names = LOOPBACK if ours in LOOPBACK else {ours}
    try:
        asked = urlsplit(f"//{request.host}").hostname
    except ValueError:
        asked = None
    if asked not in names:
        abort(400)
