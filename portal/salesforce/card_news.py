"""Tells a tab that stood open what became of the connection and of the switch meanwhile."""

from __future__ import annotations

from flask import make_response, request
from werkzeug import Response

from portal import replies
from portal.people import account_required, current_account
from portal.salesforce import connection_card
from portal.salesforce.blueprint import bp
from portal.salesforce.settings import settings_now


@bp.get("/connection")
@account_required
def tell_connection() -> Response:
    """All settings as they are now: with the switch and the connection, blocks come and go."""
    is_news = request.args.get("shown", "") != connection_card.shown(current_account())
    if replies.wants_fragment() and not is_news:
        return make_response("", 204)
    return settings_now()
