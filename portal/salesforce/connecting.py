"""Connect: to Salesforce's consent page and back. However it ends, it ends on the settings page."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core import reasons
from core.connecting import app_to_connect, connect
from core.connection import Flow
from core.reasons import Words
from core.salesforce.errors import SalesforceError
from core.salesforce.oauth import authorize_url
from core.salesforce.translate import oauth_error
from portal.salesforce import consent, own_app
from portal.salesforce.access import say_connected, telling, write_down
from portal.salesforce.block import bp
from portal.salesforce.connection_card import tell_trouble
from portal.salesforce.consent import Consent
from portal.salesforce.settings import settings_now
from portal.salesforce.troubles import trouble
from portal.web import replies
from portal.web.address import go_on_in
from portal.web.named import named
from portal.web.often import not_too_often
from portal.web.services import services
from portal.web.who import (
    actor,
    current_account,
    home,
    is_owner,
    owner_required,
    person_required,
    places,
)

callback_bp = Blueprint("consent", __name__)
"""Salesforce knows one address to come back to, for every account."""


def _too_soon() -> Response:
    tell_trouble(current_account(), reasons.connection.pressed_often())
    return settings_now()


@bp.post("/connect")
@owner_required
@named(button=_l("Connect"))
@not_too_often("connect", _too_soon)
def start() -> Response:
    """Remember this try, name the account, then send the browser to Salesforce; unless the
    customer's own app gives access without a person."""
    here, account = services(), current_account()
    chosen = here.store.connections.get(account.id)
    if chosen.flow is Flow.CLIENT_CREDENTIALS:
        return own_app.connect(account)
    try:
        app = app_to_connect(chosen, here.store, here.config)
    except SalesforceError as error:
        tell_trouble(account, error.reason)
        return replies.go(url_for("salesforce.page"))
    confirmed = request.form.get("confirmed_org", "")[:18]
    attempt = consent.begin(account.public_name, confirmed_org=confirmed)
    address = authorize_url(app, attempt.state, attempt.verifier)
    # Not a redirect: browsers count where a form leads to the end, and single sign-on may
    # lead anywhere, so `form-action 'self'` would stop it. A page may lead where it likes.
    return current_app.make_response(render_template("salesforce/leaving.html", address=address))


@bp.post("/connect/cancel")
@owner_required
def cancel() -> Response:
    """The person came back without an answer; Salesforce showed its own error page."""
    consent.forget(current_account().public_name)
    return replies.go(url_for("salesforce.page"))


@callback_bp.get("/salesforce/callback")
@person_required
def callback() -> Response:
    """Salesforce's answer, by the person's browser. Which account it is for, the state says; and
    the person must own that account still. An unknown state is told where no account is meant."""
    state = request.args.get("state", "")
    attempt = consent.take(state)
    meant = attempt.account if attempt else consent.connected_by(state)
    if not meant and len(places()) > 1:
        flash(trouble(reasons.connection.state()).words, "bad")
        return replies.go(url_for("start.accounts"))
    last = home()
    go_on_in(meant or (last.account.public_name if last else ""))
    if not is_owner():
        abort(403)
    if attempt:
        _finish(attempt)
    elif not meant:
        tell_trouble(current_account(), reasons.connection.state())
    return replies.go(url_for("salesforce.page"))


def _finish(attempt: Consent) -> None:
    account = current_account()
    if not attempt.is_fresh:
        tell_trouble(account, reasons.connection.code_expired(Words()))
        return
    with telling(account):
        _connect(attempt)


def _connect(attempt: Consent) -> None:
    """Raises SalesforceError, AnotherOrg."""
    if refusal := request.args.get("error"):
        raise oauth_error(refusal[:100], request.args.get("error_description", "")[:500])
    here, account = services(), current_account()
    connection = connect(
        account.id,
        request.args.get("code", "")[:2000],
        attempt.verifier,
        here.store,
        here.config,
        here.http,
        here.waker,
        confirmed_org=attempt.confirmed_org,
    )
    write_down(here.store, actor(), connection)
    consent.connected(attempt)
    say_connected(connection)
