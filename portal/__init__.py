"""The door people use: the cabinet, and telephony's HTTP door beside it."""

from __future__ import annotations

import httpx
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from core import ROOT
from core.config import Config, read_config
from core.store import Store
from portal.account import start
from portal.blueprints import BLUEPRINTS
from portal.calls import words
from portal.commands import accounts
from portal.support import visit
from portal.web import (
    address,
    errors,
    extensions,
    flashes,
    guards,
    language,
    pages,
    replies,
    services,
    try_again,
    who,
)
from portal.web.flask_settings import flask_settings


def create_app(
    config: Config | None = None, store: Store | None = None, http: httpx.Client | None = None
) -> Flask:
    """config → extensions → blueprints → errors.

    Without arguments it reads the environment and raises `core.config.ConfigError` when that
    is incomplete. `http` carries requests to Salesforce.
    """
    config = config or read_config()
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    app.config.from_mapping(flask_settings(config))
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    services.attach(app, config, store or Store(config.database_url, config.token_keys), http)
    address.attach(app)
    visit.attach(app)
    guards.attach_host(app)
    extensions.attach(app, config, who.load, language.choose, who.time_zone)
    replies.attach(app)
    guards.attach_nul(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    start.attach(app)
    pages.attach(app)
    words.attach(app)
    try_again.attach(app)
    flashes.attach(app)
    errors.attach(app)
    accounts.attach(app)
    return app
