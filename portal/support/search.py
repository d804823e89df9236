"""Support's own pages: find an account, visit it for a reason, leave it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import login_required
from werkzeug import Response

from core.connection import ConnectionState
from core.models import Account, Person
from core.store.visits import AlreadyVisiting, VisitRefused, is_visitable
from portal.support.visit import LATELY
from portal.web import replies
from portal.web.audit import ENTERED, LEFT, note
from portal.web.services import store
from portal.web.who import current_person, myself, session_name, staff_required, visit

bp = Blueprint("support", __name__, url_prefix="/support")

SHORTEST_REASON = 5


@bp.get("")
@staff_required
def search() -> Response:
    """Accounts by whatever names them; the longest waiting call first."""
    words = request.args.get("q", "").replace("\0", "")[:200]
    state = request.args.get("state", "")
    state = state if state in list(ConnectionState) else ""
    return replies.show(
        "support/search.html",
        "support/_found.html",
        words=words,
        state=state,
        found=store().directory.search(words, state),
    )


@bp.get("/<account_id>")
@staff_required
def account(account_id: str) -> str:
    """Asks for the reason, and in whose place."""
    return _door(_known(account_id))


@bp.post("/<account_id>/visit")
@staff_required
def enter(account_id: str) -> Response | tuple[str, int]:
    """Begin a visit. Refused: without a reason, in the place of a colleague or of
    somebody who is disabled, during another visit."""
    known, reason = _known(account_id), request.form.get("reason", "").strip()
    if len(reason) < SHORTEST_REASON:
        return _door(known, gettext("Write down why, for the customer to read.")), replies.REFUSED
    person = store().members.find(known.id, request.form.get("person", ""))
    if person is None or not person[0].is_active:
        return _door(known, gettext("Choose whom to act as."), reason), replies.REFUSED
    try:
        here = store().visits.open(known.id, person[0].id, myself().id, session_name(), reason)
    except AlreadyVisiting:
        error = gettext(
            "You are in an account in another browser: end that visit, or sign out there."
        )
        return _door(known, error, reason), replies.REFUSED
    except VisitRefused:
        abort(403)
    session[LATELY] = True
    note(known.id, ENTERED, {"reason": reason[:500]}, here)
    return replies.go(url_for("salesforce.page", account=known.public_name))


@bp.post("/leave")
@login_required  # type: ignore[untyped-decorator]
def leave() -> Response:
    """One click out; also when the visit was over already."""
    person, here = current_person(), visit()
    if person is None or not person.is_staff:
        abort(403)
    if here:
        note(here.account_id, LEFT, {}, here)
        store().visits.close(person.id, session_name())
    session.pop(LATELY, None)
    flash(gettext("The visit has ended."), "good")
    return replies.go(url_for("support.search"))


def _known(account_id: str) -> Account:
    found = store().accounts.get(account_id[:64].replace("\0", ""))
    if found is None:
        abort(404)
    return found


def _door(known: Account, error: str = "", reason: str = "") -> str:
    return render_template(
        "support/account.html",
        customer=known,
        people=_visitable(known.id),
        connection=store().connections.get(known.id),
        visits=store().audit.visits(known.id, 5),
        error=error,
        reason=reason,
    )


def _visitable(account_id: str) -> list[tuple[Person, str]]:
    return [one for one in store().members.of(account_id) if is_visitable(one[0])]
