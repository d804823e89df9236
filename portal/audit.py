"""Who did what in an account: written down here, read by the customer on their own page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from core.models import SupportVisit
from core.store.policies import Actor
from portal.audit_words import Line, event_line, group_visits
from portal.people import account_required, actor, current_account
from portal.services import store

bp = Blueprint("audit", __name__, url_prefix="/access")

ENTERED, LEFT = "support.entered", "support.left"
KEY_ISSUED, KEY_ENDED = "key.issued", "key.ended"
INVITED, REMOVED, ROLE = "person.invited", "person.removed", "person.role"


def note(
    account_id: str, action: str, params: dict[str, Any], here: SupportVisit | None = None
) -> None:
    """Write down what the person of this request does; under both names on a visit."""
    who = Actor(here.person_id, here.staff_id) if here else actor()
    store().audit.note(account_id, who, action, params, here.id if here else None)


@bp.get("")
@account_required
def page() -> str:
    """Support's visits with all they looked at and changed; what happened to keys and people."""
    account = current_account()
    entries = store().audit.of(account.id)
    visits = group_visits(account.id, store().visits.of(account.id), entries)
    events: list[Line] = [event_line(one) for one in entries if one.visit_id is None]
    return render_template("audit.html", visits=visits, events=events)
