"""Addresses from before the account stood in them: in old letters, bookmarks and notes.

They lead to the same page of the right account. Forms that are sent there do nothing (405).
"""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask_login import login_required
from werkzeug import Response

from core.store.places import Place
from portal.web import who
from portal.web.services import store

bp = Blueprint("moved", __name__)

SECTIONS = "any(salesforce, calls, missed, preview, people, keys, access, demo)"


@bp.get(f"/<{SECTIONS}:section>")
@bp.get(f"/<{SECTIONS}:section>/<path:rest>")
@login_required  # type: ignore[untyped-decorator]
def on(section: str, rest: str = "") -> Response:
    here = _of_call(rest) if section == "calls" else None
    here = here or who.home()
    if here is None:
        return redirect(url_for("index"), 303)
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return redirect(f"{here.account.address}{request.path}{query}", 303)


def _of_call(public_id: str) -> Place | None:
    """The person's account that has this call."""
    places = {one.account.id: one for one in who.places()}
    account_id = store().ledger.account_of(places.keys(), public_id[:22]) if public_id else None
    return places[account_id] if account_id else None
