"""The connection card's own controls: environment and app, switch, disconnect."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import make_response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.connecting import disconnect
from core.connection import ConnectionState, Environment, Flow
from core.policy import Policy
from core.salesforce.hosts import HostRefused, check_login_host, check_my_domain
from core.tokens import login_url
from portal.salesforce import connection_card, own_app
from portal.salesforce.block import bp
from portal.salesforce.settings import settings_now, settings_refused
from portal.salesforce.troubles import host_refused
from portal.web import replies
from portal.web.audit import DISCONNECTED, ENVIRONMENT, note
from portal.web.connection import CONNECTION, current_connection
from portal.web.flashes import tell
from portal.web.named import named
from portal.web.once import forget
from portal.web.services import config, services, store
from portal.web.who import account_required, change_policy, current_account, owner_required


@bp.post("/switch")
@account_required
@named(about=connection_card.ENABLED.label)
def switch() -> Response:
    """On or off: whether calls are written at all."""
    wanted = request.form.get("enabled") == "1"

    def change(policy: Policy) -> Policy:
        return policy.model_copy(update={"enabled": wanted})

    change_policy(change)
    return settings_now()


@bp.post("/environment")
@owner_required
def environment() -> Response:
    """Who gives access, where, and through whose app. Only while nothing is connected: a living
    connection is renewed through the app it was made with. One without a person is connected at
    once where that is asked for."""
    account_id = current_account().id
    if current_connection().state in (ConnectionState.ACTIVE, ConnectionState.PAUSED):
        return settings_refused(errors={"environment": _("Disconnect first, then change this.")})
    choice, errors = _read_choice()
    if errors:
        typed = {name: value for name, value in request.form.items() if name != "client_secret"}
        return settings_refused(errors=errors, typed=typed)
    _note_choice(account_id, choice)
    store().connections.choose(account_id, **choice)
    forget(CONNECTION)
    if choice["flow"] == Flow.CLIENT_CREDENTIALS and request.form.get("then") == "connect":
        return own_app.connect(current_account())
    tell(_("Saved. Press Connect to use it."), "good")
    return settings_now()


@bp.post("/disconnect")
@owner_required
@named(button=_l("Disconnect"))
def end() -> Response:
    """Revoke at Salesforce, then wipe; say so when Salesforce could not be told."""
    here = services()
    known = current_connection()
    note(known.account_id, DISCONNECTED, {"org": known.org_name or known.org_id})
    told = disconnect(known.account_id, here.store, here.http)
    forget(CONNECTION)
    if told:
        tell(_("Disconnected. Salesforce has withdrawn our access."), "good")
    else:
        tell(
            _(
                "Disconnected: our keys are destroyed. Salesforce did not answer, so please"
                " withdraw the access there, too: Setup, Connected Apps OAuth Usage, UniTalk,"
                " Revoke."
            ),
            "bad",
        )
    return settings_now()


@bp.get("/connection")
@account_required
def tell_connection() -> Response:
    """To a tab that stood open: all settings as they are now, if the connection or the switch
    changed. Blocks come and go with them."""
    is_news = request.args.get("shown", "") != connection_card.shown()
    if replies.wants_fragment() and not is_news:
        return make_response("", 204)
    return settings_now()


def _note_choice(account_id: str, choice: dict[str, str]) -> None:
    """Where people will log in, and through whose app; a secret is never written down."""
    login = login_url(Environment(choice["environment"]), choice["my_domain"], config())
    params = {"host": urlsplit(login).netloc, "own_app": bool(choice["client_id"])}
    params["flow"] = choice["flow"]
    note(account_id, ENVIRONMENT, {**params, "new_secret": bool(choice.get("client_secret"))})


def _read_choice() -> tuple[dict[str, str], dict[str, str]]:
    """What the form says, for `Connections.choose`, and what is wrong with it, by field."""
    form, errors = request.form, {}
    flow, chosen = form.get("flow", Flow.CONSENT), form.get("environment", "")
    alone = flow == Flow.CLIENT_CREDENTIALS
    if flow not in set(Flow):
        errors["flow"] = _("Choose one of these.")
    if alone:  # Salesforce answers such an app at one address only
        chosen = Environment.MY_DOMAIN
    if chosen not in set(Environment):
        errors["environment"] = _("Choose one of these.")
    domain = ""
    if chosen == Environment.MY_DOMAIN:
        check = check_my_domain if alone else check_login_host
        try:
            domain = check(form.get("my_domain", "")[:300], config().stand_in)
        except HostRefused as refused:
            errors["my_domain"] = host_refused(refused.code)
    app, wrong = _read_app(needed=alone)
    return {"flow": flow, "environment": chosen, "my_domain": domain, **app}, errors | wrong


def _read_app(*, needed: bool) -> tuple[dict[str, str], dict[str, str]]:
    """The customer's own app as the form says it; none is the product's, unless it is `needed`."""
    form, errors = request.form, {}
    client_id, secret = form.get("client_id", "").strip(), form.get("client_secret", "").strip()
    if needed and not client_id:
        errors["client_id"] = _("Enter the consumer key of this app.")
    if client_id and not secret and not _keeps_secret_of(client_id):
        errors["client_secret"] = _("Enter the consumer secret of this app.")
    if len(client_id) > 512 or len(secret) > 512:
        errors["client_id"] = _("This is too long to be a key.")
    app = {"client_id": client_id}
    if secret or not client_id:
        app["client_secret"] = secret
    return app, errors


def _keeps_secret_of(client_id: str) -> bool:
    known = current_connection()
    return known.client_id == client_id and known.has_secret
