"""What happens in an account is written down, for the customer to read: see `access_log.py`."""

from __future__ import annotations

from typing import Any

from core.models import SupportVisit
from core.store.policies import Actor
from portal.web.services import store
from portal.web.who import actor

ENTERED, LEFT, SHOWN_OUT = "support.entered", "support.left", "support.shown_out"
KEY_ISSUED, KEY_ENDED = "key.issued", "key.ended"
INVITED, REMOVED, ROLE = "person.invited", "person.removed", "person.role"
ADDED, ACCEPTED, DECLINED = "person.added", "person.accepted", "person.declined"
WITHDRAWN = "invitation.withdrawn"
FACTOR_ON, FACTOR_OFF, FACTOR_RESET = "factor.on", "factor.off", "factor.reset"
CONNECTED, DISCONNECTED = "salesforce.connected", "salesforce.disconnected"
ENVIRONMENT = "salesforce.environment"
TESTED = "salesforce.tested"
REFUSED_READ = "refused.read"

BY_OPERATOR = {"by": "operator"}
"""Of what a command did."""


def note(
    account_id: str, action: str, params: dict[str, Any], here: SupportVisit | None = None
) -> None:
    """Write down what the person of this request does; under both names on a visit."""
    who = Actor(here.person_id, here.staff_id) if here else actor()
    store().audit.note(account_id, who, action, params, here.id if here else None)


def note_of_operator(account_id: str, action: str, params: dict[str, Any]) -> None:
    """Write down what a command does: nobody is signed in there."""
    store().audit.note(account_id, Actor(), action, {**params, **BY_OPERATOR})


def note_of_person(person_id: int, action: str, *, by_operator: bool = False) -> None:
    """What concerns a person's own signing in, in each account they belong to."""
    person = store().accounts.person(person_id)
    email = {"email": person.email} if person else {}
    for account, _role in store().accounts.memberships(person_id):
        if by_operator:
            note_of_operator(account.id, action, email)
        else:
            store().audit.note(account.id, Actor(person_id), action, email)
