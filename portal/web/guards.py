"""Requests that are refused before anything looks at them: another host's name, a NUL character."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, request

from core.addresses import LOOPBACK
from portal.web.services import config

NUL = "\0"
"""PostgreSQL keeps none, and nobody types one."""
WATCHED = frozenset({"health.alive", "health.ready", "health.metrics"})
"""Watchers ask by the machine's address."""


def attach_host(app: Flask) -> None:
    app.before_request(_refuse_other_hosts)


def attach_nul(app: Flask) -> None:
    app.before_request(_refuse_nul)


def _refuse_other_hosts() -> None:
    """400 for a host that is not PORTAL_URL's, before anything makes an address of it: nobody is
    led to another one by what a request says of it."""
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


def _refuse_nul() -> None:
    """400 for a query that is no UTF-8, and for a NUL in the address, the query or a form. (JSON is
    read by the programs' doors.)"""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        abort(400)
    values = [request.path, *request.args.values(), *request.args]
    if request.path.startswith("/api/"):
        values = values[:1]
    else:
        values += [one for name in request.form for one in (name, *request.form.getlist(name))]
    if any(NUL in one for one in values):
        abort(400)
