"""Connect: to Salesforce's consent page and back. However it ends, it ends on the settings page."""

from __future__ import annotations

import structlog
from flask import current_app, flash, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug import Response

from core import reasons
from core.connecting import AnotherOrg, app_to_connect, connect
from core.org import open_org
from core.reasons import Reason, Words
from core.salesforce.errors import Paused, SalesforceError, SessionExpired, Transient
from core.salesforce.http import WORKER
from core.salesforce.oauth import authorize_url
from core.salesforce.translate import oauth_error
from portal.salesforce import consent
from portal.salesforce.block import bp
from portal.salesforce.connection_card import TROUBLE
from portal.web import replies
from portal.web.audit import CONNECTED, note
from portal.web.services import services
from portal.web.try_again import offer_next
from portal.web.waiting import PAGE_SECONDS, TookTooLong, within
from portal.web.who import current_account, owner_required

log = structlog.get_logger()


@bp.post("/connect")
@owner_required
def start() -> Response:
    """Remember this try, then send the browser to Salesforce."""
    here, account = services(), current_account()
    chosen = here.store.connections.get(account.id)
    try:
        app = app_to_connect(chosen, here.store, here.config)
    except SalesforceError as error:
        _failed(error.reason)
        return replies.go(url_for("salesforce.page"))
    attempt = consent.begin(account.id, confirmed_org=request.form.get("confirmed_org", "")[:18])
    address = authorize_url(app, attempt.state, attempt.verifier)
    if replies.wants_fragment():
        return replies.go(address)
    # Not a redirect: browsers count where a form leads to the end, and single sign-on may
    # lead anywhere, so `form-action 'self'` would stop it. A page may lead where it likes.
    return current_app.make_response(render_template("salesforce/leaving.html", address=address))


@bp.post("/connect/cancel")
@owner_required
def cancel() -> Response:
    """The person came back without an answer; Salesforce showed its own error page."""
    consent.forget()
    return replies.go(url_for("salesforce.page"))


@bp.get("/callback")
@owner_required
def callback() -> Response:
    """Salesforce's answer, by the person's browser."""
    try:
        _finish()
    except SalesforceError as error:
        _failed(_reason(error))
    except AnotherOrg as other:
        moved = reasons.connection.another_org(before=other.before, now=other.now)
        _failed(moved, other.now_id)
    return replies.go(url_for("salesforce.page"))


def _finish() -> None:
    account = current_account()
    attempt = consent.take(account.id, request.args.get("state", ""))
    if attempt is None:
        if not _answered_before():
            _failed(reasons.connection.state())
        return
    if not attempt.is_fresh:
        _failed(reasons.connection.code_expired(Words()))
        return
    if refusal := request.args.get("error"):
        raise oauth_error(refusal[:100], request.args.get("error_description", "")[:500])
    here = services()
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
    note(account.id, CONNECTED, {"org": connection.org_name or connection.org_id})
    _learn_shape(account.id)
    session["connected_with"] = attempt.state
    flash(_("Connected to %(org)s.", org=connection.org_name or connection.org_id), "good")
    offer_next()


def _learn_shape(account_id: str) -> None:
    """For the lists on the page that comes next. What takes longer goes on in the background."""
    here = services()
    org = open_org(account_id, here.store, here.config, here.http, WORKER)
    try:
        within(PAGE_SECONDS, org.shape)
    except (TookTooLong, SalesforceError):  # the page and the first delivery ask again
        log.warning("org not described yet", account=account_id)


def _answered_before() -> bool:
    """The browser repeated the answer that has just connected: all is well."""
    state = request.args.get("state", "")
    return bool(state) and session.get("connected_with") == state


def _failed(reason: Reason, other_org_id: str = "") -> None:
    session[TROUBLE] = {
        "code": reason.code,
        "params": dict(reason.params),
        "other_org_id": other_org_id,
    }


def _reason(error: SalesforceError) -> Reason:
    if isinstance(error, Paused):
        return reasons.connection.busy(error.words)
    if isinstance(error, Transient):
        return reasons.connection.unreachable(error.words)
    if isinstance(error, SessionExpired):
        return reasons.connection.session_refused(error.words)
    return error.reason
