"""A stand-in Salesforce org for the first run, demos and tests.

It speaks OAuth and REST over HTTP as Salesforce documents them, and is stricter where the
documentation leaves a doubt. `python -m sandbox --data DIR --port N` starts it; `create_app`
makes it inside a test.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from flask import Flask

from sandbox.apps import ConnectedApp
from sandbox.control import control
from sandbox.control_orgs import control_orgs
from sandbox.control_records import control_records
from sandbox.cut import CutReplies
from sandbox.identity import identity
from sandbox.oauth import oauth
from sandbox.oauth_pages import oauth_pages
from sandbox.pages import pages
from sandbox.rest import rest
from sandbox.secret import session_secret
from sandbox.seed import seed_demo
from sandbox.services import Services
from sandbox.setup_pages import setup_pages
from sandbox.setup_records import renew
from sandbox.soap import soap

MAX_BODY = 50 * 1024 * 1024

BLUEPRINTS = (
    rest,
    soap,
    oauth,
    oauth_pages,
    identity,
    control,
    control_orgs,
    control_records,
    setup_pages,
    pages,
)

__all__ = ["ConnectedApp", "create_app"]


def create_app(
    data_dir: str | Path,
    *,
    apps: Iterable[ConnectedApp] = (),
    cut_error: Callable[[], Exception] = ConnectionResetError,
) -> Flask:
    """The stand-in as a WSGI application that keeps its data in `data_dir`.

    apps: registered besides those that the data already hold. cut_error: what a cut reply raises
    when there is no socket to close, that is in a test without a server.
    """
    folder = Path(data_dir)
    app = Flask(__name__)
    found = Services.open(folder)
    found.attach(app)
    with found.storage.transaction():
        seed_demo(found.orgs, found.rows)
        for org in found.orgs.all():  # those of an older file lack what came since
            renew(found.rows, org)
        for connected_app in apps:
            found.apps.register(connected_app)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["SESSION_COOKIE_NAME"] = "sandbox_login"
    app.secret_key = session_secret(folder)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.wsgi_app = CutReplies(app.wsgi_app, cut_error)  # type: ignore[method-assign]
    return app
