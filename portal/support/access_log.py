"""Who did what in an account, read by the customer: a list of visits and events, and each visit."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from portal.support.visits import visit_in_words, visit_lines, visits_in_words
from portal.support.words import event_line
from portal.web import replies
from portal.web.address import PREFIX
from portal.web.audit import SHOWN_OUT, note
from portal.web.named import Part, named
from portal.web.names import read_names
from portal.web.services import store
from portal.web.who import account_required, current_account, owner_required

bp = Part("audit", __name__, url_prefix=f"{PREFIX}/access", page=_l("Access log"))

VISITS, EVENTS, ENTRIES = 10, 50, 100
"""How many a page shows."""


@bp.get("")
@account_required
def page() -> str:
    """Support's visits in short; what happened to keys, people and the connection."""
    account_id = current_account().id
    visits = store().audit.visits(account_id, VISITS + 1, _place("visits"))
    events = store().audit.events(account_id, EVENTS + 1, _place("events"))
    read_names(one.person_id for one in events)
    return render_template(
        "support/access_log.html",
        visits=visits_in_words(account_id, visits[:VISITS]),
        older_visits=visits[VISITS - 1].visit.name if len(visits) > VISITS else "",
        events=[event_line(one) for one in events[:EVENTS]],
        older_events=events[EVENTS - 1].name if len(events) > EVENTS else "",
        is_newest=not (_place("visits") or _place("events")),
    )


@bp.get("/visits/<visit_id>")
@account_required
@named(_l("Support visit"))
def visit(visit_id: str) -> str:
    """All that was done on one visit, in its order."""
    account_id, after = current_account().id, _place("after")
    here = store().audit.visit(account_id, visit_id[:22])
    if here is None:
        abort(404)
    entries = store().audit.of_visit(account_id, here.visit.id, ENTRIES + 1, after)
    return render_template(
        "support/visit.html",
        shown=visit_in_words(here),
        lines=visit_lines(account_id, here, entries[:ENTRIES], entries[ENTRIES:]),
        later=entries[ENTRIES - 1].name if len(entries) > ENTRIES else "",
        after=after,
    )


@bp.post("/end-visit")
@owner_required
def end_visit() -> Response:
    """Show support out. A visit that is over, or of another account, is none to end."""
    account_id = current_account().id
    if store().visits.end(account_id, request.form.get("visit", "")[:22]):
        note(account_id, SHOWN_OUT, {})
    return replies.go(url_for("audit.page"))


def _place(name: str) -> str:
    """Where a list goes on; empty for its beginning."""
    return request.args.get(name, "")[:22]
