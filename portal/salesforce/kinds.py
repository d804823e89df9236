"""Which calls are written, and how: a table of kinds of calls, each with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.kinds import OUTGOING, Kind, KindRow, Known, Unknown, choices_of
from core.models import Account
from core.policy import Policy
from core.rules.later import LOOKED_FOR
from portal.salesforce.block import Block
from portal.salesforce.org_view import OrgView
from portal.salesforce.saving import common, refuse, save
from portal.salesforce.setting import Setting, switch
from portal.salesforce.words import isolated
from portal.web.dates import moment
from portal.web.named import Words

KINDS: Mapping[Kind, Words] = {
    Kind.INCOMING_ANSWERED: _l("Incoming, answered"),
    Kind.INCOMING_MISSED: _l("Incoming, missed"),
    Kind.INCOMING_MISSED_OUTSIDE: _l("Missed outside working hours"),
    Kind.OUTGOING_ANSWERED: _l("Outgoing, answered"),
    Kind.OUTGOING_UNANSWERED: _l("Outgoing, not answered"),
}
KNOWN: Mapping[Known, Words] = {
    Known.AS_TABLE: _l("as the table below says"),
    Known.COMPLETED: _l("completed task"),
    Known.OPEN: _l("open task"),
    Known.NOTHING: _l("nothing"),
}
UNKNOWN: Mapping[Unknown, Words] = {
    Unknown.CREATE: _l("create a record"),
    Unknown.NOTHING: _l("nothing"),
}


def block(_account: Account) -> dict[str, Any]:
    """Variables of `_kinds.html`."""
    shared = common(BLOCK)
    policy = shared["policy"]
    rows = [
        {
            "kind": kind,
            "title": title,
            "known": policy.grid.known(kind),
            "known_choices": {one: KNOWN[one] for one in choices_of(kind)},
            "unknown": policy.grid.unknown(kind),
            "sentence": _sentence(policy, kind),
            "needs_hours": kind is Kind.INCOMING_MISSED_OUTSIDE and not policy.working_hours,
        }
        for kind, title in KINDS.items()
    ]
    return {
        **shared,
        "rows": rows,
        "unknown_choices": UNKNOWN,
        "examples": {
            "tell_owner": _example_of_owner(policy, shared["org"]),
            "find_later": _example_of_later(policy),
        },
    }


def _example_of_owner(policy: Policy, org: OrgView) -> str:
    """With two of the account's own employees; empty where there are none."""
    users = list(dict.fromkeys(row.user_id for row in policy.lines))
    if not policy.tell_owner or len(users) < 2:
        return ""
    owner, other = (isolated(org.user_name(one)) for one in users[:2])
    return _(
        "%(other)s answers a client of %(owner)s: %(owner)s gets a task.", owner=owner, other=other
    )


def _example_of_later(policy: Policy) -> str:
    """Empty where no number is looked for."""
    if not any(_is_looked_for(policy, kind) for kind in OUTGOING):
        return ""
    until = moment(datetime.now(UTC) + LOOKED_FOR)
    return _("call an unknown number now, and it is looked for until %(time)s.", time=until)


def _is_looked_for(policy: Policy, kind: Kind) -> bool:
    """Whether the number of such a call is, when nobody has it (`core.rules.later`)."""
    known, unknown = policy.grid.known(kind), policy.grid.unknown(kind)
    creates_nothing = known is not Known.NOTHING and unknown is Unknown.NOTHING
    return policy.find_later and kind in OUTGOING and creates_nothing


def _in_words(row: KindRow, _org: OrgView) -> str:
    parts = [str(KINDS[row.kind])]
    if row.known:
        parts.append(_("known: %(choice)s", choice=KNOWN[row.known]))
    if row.unknown:
        parts.append(_("unknown: %(choice)s", choice=UNKNOWN[row.unknown]))
    return ", ".join(parts)


SETTING = Setting("kinds", _l("Which calls are written"), in_words=_in_words)
TELL_OWNER = switch(
    "tell_owner",
    _l("Tell the owner when a colleague answered"),
    _l(
        "If the employee who answered is not the owner of the client’s record, its owner gets an"
        " open task “your client spoke with …”, due as after a missed call."
    ),
)
FIND_LATER = switch(
    "find_later",
    _l("Look again for unknown numbers"),
    _l(
        "A call of yours to a number that nobody in Salesforce has, and for which nothing is"
        " created, waits for 24 hours: once somebody makes a record with the number, the call is"
        " written there. It costs one API call an hour, and only while there is such a call."
    ),
)
BLOCK = Block(
    "kinds",
    block,
    (SETTING, TELL_OWNER, FIND_LATER),
    shows=("create_on_outgoing", "working_hours", "lines"),
)


@BLOCK.post("/<kind>/<column>", SETTING)
def set_cell(kind: str, column: str) -> Response:
    """What calls of one kind do with known clients, or with unknown ones."""
    if kind not in set(Kind) or column not in ("known", "unknown"):
        abort(404)
    wanted, value = Kind(kind), request.form.get("value", "")
    offered = set(choices_of(wanted)) if column == "known" else set(Unknown)
    if value not in offered:
        return refuse(BLOCK, f"{kind}-{column}", _("Choose one of the options."))

    def change(policy: Policy) -> Policy:
        if column == "known":
            return policy.with_grid(policy.grid.with_known(wanted, Known(value)))
        return policy.with_grid(policy.grid.with_unknown(wanted, Unknown(value)))

    return save(BLOCK, f"{kind}-{column}", change)


def _sentence(policy: Policy, kind: Kind) -> str:
    """What will happen, in words."""
    known, unknown = policy.grid.known(kind), policy.grid.unknown(kind)
    if known is Known.NOTHING and unknown is Unknown.NOTHING:
        return _("Such calls are not written at all.")
    first = {
        Known.AS_TABLE: _(
            "A known client gets an open task for whoever is responsible, else a completed one."
        ),
        Known.COMPLETED: _("A known client gets a completed task."),
        Known.OPEN: _("A known client gets an open task with a due time."),
        Known.NOTHING: _("Nothing is written for a known client."),
    }[known]
    second = {
        Unknown.CREATE: _("For an unknown one a record is created, with the same task."),
        Unknown.NOTHING: _("For an unknown one nothing is created or written."),
    }[unknown]
    if _is_looked_for(policy, kind):
        second = _(
            "For an unknown one nothing is created or written while nobody in Salesforce has the"
            " number."
        )
    if known is Known.NOTHING:
        second = _("For an unknown one a record is created, with a task.")
    return f"{first} {second}"
