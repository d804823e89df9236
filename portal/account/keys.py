"""Telephony's keys for the HTTP door: shown once, replaced with an overlap, ended."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.models import IntakeKey
from core.store.accounts import OVERLAP
from portal.web import replies
from portal.web.address import PREFIX
from portal.web.audit import KEY_ENDED, KEY_ISSUED, note
from portal.web.extensions import limiter
from portal.web.flashes import tell
from portal.web.named import Part, named
from portal.web.services import config, store
from portal.web.who import current_account, owner_required

bp = Part("keys", __name__, url_prefix=f"{PREFIX}/keys", page=_l("Intake keys"))


@bp.get("")
@owner_required
def page() -> str:
    return _page()


@bp.post("/issue")
@owner_required
@named(button=_l("Issue a key"))
@limiter.limit("10 per hour", key_func=lambda: f"key:{current_account().id}")
def issue() -> str:
    """A new key, on this page only; the older ones go on working for OVERLAP."""
    account = current_account()
    key = store().accounts.issue_key(account.id)
    note(account.id, KEY_ISSUED, {"ending": key[-4:]})
    return _page(key)


@bp.post("/end")
@owner_required
@named(button=_l("Revoke"))
def end() -> Response:
    """A key stops working now; another account's key is not found."""
    account, ending = current_account(), _key()
    note(account.id, KEY_ENDED, {"ending": ending.ending})
    store().accounts.end_key(account.id, ending.name)
    tell(gettext("The key ending in %(ending)s no longer works.", ending=ending.ending), "good")
    return replies.go(url_for("keys.page"))


def _key() -> IntakeKey:
    wanted = request.form.get("key", "")
    keys = store().accounts.keys(current_account().id)
    return next((one for one in keys if one.name == wanted), None) or abort(404)


def _page(new_key: str = "") -> str:
    return render_template(
        "account/keys.html",
        keys=store().accounts.keys(current_account().id),
        new_key=new_key,
        days=OVERLAP.days,
        door=f"{config().portal_url}{url_for('intake.calls')}",
    )
