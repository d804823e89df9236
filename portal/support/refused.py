"""Events that telephony handed over and no door could take: support reads what was wrong.

The list tells of each; what was sent may be a client's, so it has a page of its own, and whoever
opens that is written down in the account's access log.
"""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from core.store.refused import FORGOTTEN_AFTER, MOST_A_DAY
from portal.web.audit import REFUSED_READ, note
from portal.web.services import store
from portal.web.who import staff_required

bp = Blueprint("refused", __name__, url_prefix="/refused")

EVENTS = 50
"""How many a page shows."""


@bp.get("")
@staff_required
def page() -> str:
    """Newest first; of one account, by the name that was sent, or of all."""
    account = request.args.get("account", "").replace("\0", "").strip()[:64]
    events = store().refused.page(account, EVENTS + 1, request.args.get("before", "")[:22])
    return render_template(
        "support/refused.html",
        wanted=account,
        events=events[:EVENTS],
        older=events[EVENTS - 1].name if len(events) > EVENTS else "",
        days=FORGOTTEN_AFTER.days,
        most=MOST_A_DAY,
    )


@bp.get("/<event_id>")
@staff_required
def show(event_id: str) -> str:
    """One event, with what was sent."""
    event = store().refused.get(event_id[:22]) or abort(404)
    if event.is_known:
        note(event.account, REFUSED_READ, {})
    return render_template("support/refused_event.html", event=event)
