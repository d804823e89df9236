"""Support in a customer's account: each view and change is written down first, under both names.

A visit ends by itself; the click after its end does nothing but lead back to the search.
"""

from __future__ import annotations

from flask import Flask, flash, g, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug import Response

from core.store.audit import CHANGE
from core.store.visits import LONGEST
from portal.web import replies
from portal.web.services import store
from portal.web.who import actor, current_person, visit, visited

UNSEEN = frozenset(
    {
        *("static", "index", "moved.on", "language.change", "auth.sign_out", "support.leave"),
        "missed.count",
    }
)
"""Show and change nothing of the customer's that the page they are asked from did not show."""
READS = frozenset({"preview.show", "salesforce.show_example", "salesforce.read_org"})
"""Forms that only show something."""
LATELY = "visited"
"""In the session of whoever is or was on a visit, so that its end can be told. It opens nothing."""
MINUTES = int(LONGEST.total_seconds() // 60)


def attach(app: Flask) -> None:
    """Before all else that may refuse a request, so that each refusal is written down, too."""
    app.before_request(_write_down)
    app.after_request(_note_answer)


def _write_down() -> Response | None:
    endpoint = request.endpoint or "unknown"
    if endpoint in UNSEEN or request.path.startswith("/api/"):
        return None
    here = visit()
    if here is None:
        return _over() if session.pop(LATELY, None) and current_person() else None
    if LATELY not in session:
        session[LATELY] = True
    path = _path()
    if path is None:
        return None
    asked = {"endpoint": endpoint, "path": path[:200].replace("\0", "")}
    if request.method in ("GET", "HEAD", "OPTIONS") or endpoint in READS:
        entry = store().audit.note_view(here.account_id, actor(), asked, here.id)
    else:
        entry = store().audit.note(here.account_id, actor(), CHANGE, asked, here.id)
    g.audited = (here.account_id, entry)
    return None


def _path() -> str | None:
    """What was asked for, within the account; None for another account's address, which is not
    this customer's to read, and not open anyway."""
    here = visited()
    address = here.account.address if here else ""
    if request.path.startswith("/a/") and not request.path.startswith(f"{address}/"):
        return None
    return request.path.removeprefix(address)


def _note_answer(response: Response) -> Response:
    if "audited" in g:
        account_id, entry = g.pop("audited")
        store().audit.answered(account_id, entry, response.status_code)
    return response


def _over() -> Response:
    """Too late: nothing is shown or changed."""
    flash(
        gettext(
            "The visit is over: it lasts %(count)s minutes at most, and the customer can end it.",
            count=MINUTES,
        ),
        "info",
    )
    target = url_for("support.search")
    return replies.go(target) if replies.wants_fragment() else redirect(target, 303)
