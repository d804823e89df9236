"""Which of their accounts a person works in."""

from __future__ import annotations

from flask import Blueprint, abort, request, session, url_for
from werkzeug import Response

from portal.web import replies
from portal.web.services import store
from portal.web.who import myself, person_required

bp = Blueprint("seats", __name__)


@bp.post("/account")
@person_required
def choose() -> Response:
    """Only an account that the person belongs to; what is shown next is that account's."""
    wanted = request.form.get("account", "")
    if wanted not in {account.id for account, _role in store().accounts.memberships(myself().id)}:
        abort(404)
    session["account"] = wanted
    return replies.go(url_for("index"))
