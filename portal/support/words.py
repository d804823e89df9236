"""The audit log in words, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import format_datetime, gettext, ngettext

from core.connection import Flow
from core.models import AuditEntry, CallRow
from core.store.audit import CHANGE, VIEW
from portal.calls.words import number_text
from portal.preflight.test_call import KINDS
from portal.support.names import button_name, place_name
from portal.web.audit import DECLINED
from portal.web.names import person_name, role_name
from portal.web.services import store
from portal.web.who import current_place

CALLS = frozenset({"calls.show", "calls.again"})


@dataclass(frozen=True)
class Line:
    """One thing done: when, by whom, what."""

    at: datetime
    who: str
    what: str
    kind: str = ""
    """`view`, `change` or `refused`: how it looks."""
    call: str = ""
    """The call it was about: number and time."""
    link: str = ""
    """Where that call stands."""


def asked_line(
    staff: str, entry: AuditEntry, effects: Sequence[str], calls: Mapping[str, CallRow]
) -> Line:
    """What support asked for; `effects` are the settings it changed, in words, `calls` those that
    its pages were about."""
    said, kind = _asked(entry, effects)
    if entry.times > 1:
        times = ngettext("%(num)s time", "%(num)s times", entry.times)
        said = f"{said} ({times})"
    return Line(entry.at, staff, said, kind, *_call(calls.get(_call_id(entry))))


def event_line(entry: AuditEntry) -> Line:
    """Something that an owner, an operator or telephony's program did."""
    return Line(entry.at, _author(entry), _event(entry))


def calls_of(account_id: str, entries: Sequence[AuditEntry]) -> dict[str, CallRow]:
    """By public id, the calls that the pages of these entries were about."""
    ids = {_call_id(one) for one in entries} - {""}
    return store().ledger.several(account_id, ids) if ids else {}


def _asked(entry: AuditEntry, effects: Sequence[str]) -> tuple[str, str]:
    """What was asked for, and how it looks in the list."""
    page, button = place_name(entry), button_name(entry)
    if entry.status >= 400:
        what = page
        if button:
            what = gettext("the button “%(button)s”, %(page)s", button=button, page=page)
        if entry.status >= 500:
            return gettext("Did not work: %(what)s", what=what), "refused"
        return gettext("Refused: %(what)s", what=what), "refused"
    if effects:
        return gettext("Changed: %(what)s", what="; ".join(effects)), CHANGE
    if button:
        return gettext("Pressed “%(button)s”: %(page)s", button=button, page=page), entry.action
    if entry.action == VIEW:
        return gettext("Looked at: %(page)s", page=page), VIEW
    return gettext("Saved without a change: %(page)s", page=page), VIEW


def _call_id(entry: AuditEntry) -> str:
    """Of the call that a page was about; empty for other pages."""
    if entry.params.get("endpoint") not in CALLS:
        return ""
    return str(entry.params.get("path", "")).removeprefix("/calls/").partition("/")[0]


def _call(row: CallRow | None) -> tuple[str, str]:
    """A call in words, and its address; empty when it is not there."""
    if row is None:
        return "", ""
    number = number_text(row, current_place().region)
    words = f"{number}, {format_datetime(row.started_at, 'd MMM, HH:mm')}"
    return words, url_for("calls.show", public_id=row.public_id)


def _author(entry: AuditEntry) -> str:
    if entry.params.get("by") == "operator":
        return gettext("An operator of UniTalk")
    if entry.action == DECLINED:
        return str(entry.params["email"])
    return person_name(entry.person_id) or gettext("The telephony cabinet")


def _event(entry: AuditEntry) -> str:
    values = {"email": "", "ending": "", "org": "", "environment": "", **entry.params}
    values["role"] = role_name(str(values.get("role", "")))
    words = {
        "support.shown_out": gettext("The support visit was ended", **values),
        "key.issued": gettext("A new intake key was issued, ending in %(ending)s", **values),
        "key.ended": gettext("The intake key ending in %(ending)s was revoked", **values),
        "person.invited": gettext("%(email)s was invited as %(role)s", **values),
        "person.accepted": gettext("%(email)s accepted the invitation as %(role)s", **values),
        "person.declined": gettext("%(email)s declined the invitation", **values),
        "invitation.withdrawn": gettext("The invitation of %(email)s was withdrawn", **values),
        "person.added": gettext("%(email)s was added as %(role)s", **values),
        "person.removed": gettext("%(email)s was removed", **values),
        "person.role": gettext("%(email)s became %(role)s", **values),
        "factor.on": gettext("%(email)s signs in with a code from now on", **values),
        "factor.off": gettext("%(email)s signs in without a code from now on", **values),
        "factor.reset": gettext("The second factor of %(email)s was taken away", **values),
        "salesforce.connected": _connected(values),
        "salesforce.disconnected": gettext("Salesforce was disconnected: %(org)s", **values),
        "salesforce.environment": _environment(entry),
        "salesforce.tested": _tested(entry),
        "refused.read": gettext("Support opened a call that telephony could not hand over"),
    }
    return words.get(entry.action, entry.action)


def _tested(entry: AuditEntry) -> str:
    """What was written into the customer's org, and removed."""
    kind = KINDS.get(entry.params.get("kind", ""), "")
    return gettext("A test call was made: %(kind)s", kind=str(kind))


def _connected(values: Mapping[str, str]) -> str:
    if values.get("flow") == Flow.CLIENT_CREDENTIALS:
        return gettext("Salesforce was connected by an app of your own: %(org)s", **values)
    return gettext("Salesforce was connected: %(org)s", **values)


def _environment(entry: AuditEntry) -> str:
    host = entry.params.get("host", "")
    if entry.params.get("flow") == Flow.CLIENT_CREDENTIALS:
        return gettext(
            "Salesforce is to be connected at %(host)s by an app of your own, without a person",
            host=host,
        )
    if entry.params.get("own_app"):
        return gettext(
            "Sign-in to Salesforce was set to %(host)s, with an app of your own", host=host
        )
    return gettext("Sign-in to Salesforce was set to %(host)s", host=host)
