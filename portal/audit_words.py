"""The audit log in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from core.models import AuditEntry, SupportVisit
from core.store.database import utc_now
from portal.salesforce.org_view import org_view
from portal.salesforce.words import what
from portal.services import store

VIEW, CHANGE = "view", "change"
PARTS = {
    "salesforce": "salesforce.page",
    "calls": "calls.journal",
    "preview": "preview.form",
    "team": "team.page",
    "keys": "keys.page",
    "me": "me.page",
    "factor": "me.page",
}
"""By blueprint, the page its other routes belong to."""


@dataclass(frozen=True)
class Line:
    """One thing done: when, by whom, what."""

    at: datetime
    who: str
    what: str
    kind: str = ""
    """`view`, `change` or `refused`: how it looks."""


@dataclass(frozen=True)
class Visit:
    """A support visit as the customer reads it."""

    staff: str
    seat: str
    reason: str
    began: datetime
    ended: datetime
    is_running: bool
    lines: Sequence[Line]
    changed: Sequence[str]
    """The settings that were changed, from what to what."""


def group_visits(
    account_id: str, visits: Sequence[SupportVisit], entries: Sequence[AuditEntry]
) -> list[Visit]:
    """Each visit with its entries, oldest first."""
    return [_visit(account_id, one, [e for e in entries if e.visit_id == one.id]) for one in visits]


def event_line(entry: AuditEntry) -> Line:
    """Something an owner, or telephony's program, did to keys and people."""
    return Line(entry.at, _name(entry.person_id), _event(entry))


def _visit(account_id: str, visit: SupportVisit, entries: list[AuditEntry]) -> Visit:
    staff, now = _name(visit.staff_id), utc_now()
    asked = [one for one in reversed(entries) if one.action in (VIEW, CHANGE)]
    return Visit(
        staff=staff,
        seat=_name(visit.person_id),
        reason=visit.reason,
        began=visit.started_at,
        ended=visit.ends_at,
        is_running=visit.ends_at > now,
        lines=[Line(one.at, staff, *_asked(one)) for one in asked],
        changed=_settings_changed(account_id, visit),
    )


def _asked(entry: AuditEntry) -> tuple[str, str]:
    """What was asked for, and how it looks in the list."""
    endpoint, path = entry.params.get("endpoint", ""), entry.params.get("path", "")
    names = pages()
    page = names.get(endpoint) or names.get(PARTS.get(endpoint.partition(".")[0], "")) or path
    if entry.status in (400, 403, 404, 409, 422, 429):
        return gettext("Refused: %(page)s", page=page), "refused"
    if entry.action == CHANGE:
        return gettext("Changed: %(page)s", page=page), CHANGE
    if entry.times > 1:
        return gettext("Looked at: %(page)s (%(times)s times)", page=page, times=entry.times), VIEW
    return gettext("Looked at: %(page)s", page=page), VIEW


def _settings_changed(account_id: str, visit: SupportVisit) -> list[str]:
    changes = [
        one
        for one in store().policies.history(account_id)
        if one.staff_id == visit.staff_id and visit.started_at <= one.at <= visit.ends_at
    ]
    org = org_view(store(), account_id)
    return [what(one, org) for one in reversed(changes)]


def _event(entry: AuditEntry) -> str:
    values = {"email": "", "role": "", "ending": "", **entry.params}
    words = {
        "key.issued": gettext("A new intake key was issued, ending in %(ending)s", **values),
        "key.ended": gettext("The intake key ending in %(ending)s was ended", **values),
        "person.invited": gettext("%(email)s was invited as %(role)s", **values),
        "person.removed": gettext("%(email)s was removed", **values),
        "person.role": gettext("%(email)s became %(role)s", **values),
    }
    return words.get(entry.action, entry.action)


def pages() -> dict[str, str]:
    """By endpoint, the page's name as the navigation has it."""
    return {
        "salesforce.page": gettext("Salesforce settings"),
        "salesforce.history": gettext("Settings history"),
        "preview.form": gettext("What a call would do"),
        "calls.journal": gettext("Calls"),
        "calls.show": gettext("A call"),
        "audit.page": gettext("Access log"),
        "team.page": gettext("People"),
        "keys.page": gettext("Intake keys"),
        "me.page": gettext("Password and sign-in"),
        "index": gettext("Start"),
    }


def _name(person_id: int | None) -> str:
    person = store().accounts.person(person_id) if person_id else None
    return (person.name or person.email) if person else gettext("The telephony cabinet")
