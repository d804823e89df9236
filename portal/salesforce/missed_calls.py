"""Responsible for missed calls: whose turn it is, for each external line or for any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.models import Account
from core.policy import Hours, MissedCallRow, Overdue, Policy
from core.same_text import folded
from portal.salesforce import reading
from portal.salesforce.block import Block
from portal.salesforce.examples import RECORDS_OWNER, missed_now
from portal.salesforce.org_view import OrgView
from portal.salesforce.reading import Refused
from portal.salesforce.saving import common, org_of_request, refuse, save
from portal.salesforce.setting import Setting, choice, number
from portal.salesforce.words import isolated
from portal.web.dates import moment
from portal.web.named import Words
from portal.web.services import store

MOST_ROWS = 200
MOST_USERS = 50


def block(account: Account) -> dict[str, Any]:
    """Variables of `_missed_calls.html`."""
    shared = common(BLOCK)
    return {
        **shared,
        "hours": HOURS,
        "owner_calls_back": shared["policy"].grid.opens_without_table,
        "example": _example(shared["policy"], shared["org"]),
        "seen_lines": store().seen.external_lines(account.id),
    }


def _example(policy: Policy, org: OrgView) -> str:
    """What becomes of a call that is missed now; empty where no task stays open."""
    found = missed_now(policy, org)
    if found is None:
        return ""
    opened, following = found
    line = opened.external_line
    words = {
        "call": _("a call to %(line)s missed now", line=isolated(line))
        if line
        else _("a call missed now"),
        "name": _name(opened.responsible, org),
        "time": moment(opened.due),
    }
    if policy.overdue is Overdue.NOTHING or not following:
        return _("%(call)s: %(name)s is to call back until %(time)s.", **words)
    return _(
        "%(call)s: %(name)s is to call back until %(time)s, then %(other)s.",
        **words,
        other=_name(following, org),
    )


def _name(user_id: str, org: OrgView) -> str:
    if user_id == RECORDS_OWNER:
        return _("the owner of the record")
    return isolated(org.user_name(user_id))


def _turns(row: MissedCallRow, org: OrgView) -> str:
    people = ", ".join(isolated(org.user_name(one)) for one in row.user_ids)
    line = row.external_line or _("any external line")
    when = "" if row.hours is Hours.ALWAYS else f", {HOURS[row.hours]}"
    return f"{line}{when} ({people})"


HOURS: dict[Hours, Words] = {
    Hours.ALWAYS: _l("always"),
    Hours.WORKING: _l("in working hours"),
    Hours.OUTSIDE: _l("outside working hours"),
}
MISSED_CALLS = Setting("missed_calls", _l("Responsible for missed calls"), in_words=_turns)
DUE = number(
    "missed_task_due_minutes",
    _l("Call back within"),
    1,
    60 * 24 * 30,
    label_on_page=lambda _policy: _l("Call back within, in minutes"),
)
OVERDUE = choice(
    "overdue",
    _l("When nobody called back in time"),
    {Overdue.NOTHING: _l("Nothing"), Overdue.HAND_OVER: _l("Hand over")},
    {
        Overdue.NOTHING: _l("The task stays with whoever has it."),
        Overdue.HAND_OVER: _l(
            "Once, to the next in turn, else to the default responsible. Looked after every hour."
        ),
    },
)
BLOCK = Block(
    "missed_calls",
    block,
    (MISSED_CALLS, DUE, OVERDUE),
    shows=("kinds", "working_hours", "days_off", "default_responsible", "region", "time_zone"),
)


@BLOCK.post("/add", MISSED_CALLS)
def add_responsible() -> Response:
    """A user for an external line (empty = any) and some hours: a new row, or one more turn in its
    row."""
    typed = " ".join(request.form.get("external_line", "").replace("\0", "").split())[:255]
    line = typed if folded(typed) else ""
    when = request.form.get("hours", Hours.ALWAYS)
    if when not in set(Hours):
        return refuse(BLOCK, "add", _("Choose one of the options."))
    hours = Hours(when)

    def add(policy: Policy, user_id: str) -> Policy:
        known = {(folded(row.external_line), row.hours): row for row in policy.missed_calls}
        new = MissedCallRow(id=0, external_line=line, hours=hours, user_ids=())
        row = known.get((folded(line), hours), new)
        if len(known) >= MOST_ROWS:
            raise Refused(_("At most %(most)s rows.", most=MOST_ROWS))
        return _with(policy, _one_more(row, user_id))

    return _save_user("add", add)


@BLOCK.post("/<row_id>/users", MISSED_CALLS)
def add_turn(row_id: str) -> Response:
    """One more user who takes turns."""

    def add(policy: Policy, user_id: str) -> Policy:
        return _with(policy, _one_more(_row(policy, row_id), user_id))

    return _save_user(f"row-{row_id}", add)


@BLOCK.post("/<row_id>/users/<user_id>/remove", MISSED_CALLS)
def remove_turn(row_id: str, user_id: str) -> Response:
    """One user less; the row goes with its last user."""

    def remove(policy: Policy) -> Policy:
        row = _row(policy, row_id)
        left = tuple(one for one in row.user_ids if one != user_id)
        return _with(policy, row.model_copy(update={"user_ids": left}))

    return save(BLOCK, f"row-{row_id}", remove)


@BLOCK.post("/<row_id>/remove", MISSED_CALLS)
def remove_row(row_id: str) -> Response:
    def remove(policy: Policy) -> Policy:
        rows = tuple(row for row in policy.missed_calls if row.name != row_id)
        return policy.model_copy(update={"missed_calls": rows})

    return save(BLOCK, "removed", remove)


def _save_user(key: str, change: Callable[[Policy, str], Policy]) -> Response:
    try:
        user_id = reading.user(request.form.get("user", ""), org_of_request())
    except Refused as refusal:
        return refuse(BLOCK, key, str(refusal))
    return save(BLOCK, key, lambda policy: change(policy, user_id))


def _row(policy: Policy, row_id: str) -> MissedCallRow:
    row = next((one for one in policy.missed_calls if one.name == row_id), None)
    if row is None:
        raise Refused(_("Somebody removed this row meanwhile."))
    return row


def _one_more(row: MissedCallRow, user_id: str) -> MissedCallRow:
    """The same user again changes nothing, so that a double click is harmless."""
    users = tuple(dict.fromkeys((*row.user_ids, user_id)))
    if len(users) > MOST_USERS:
        raise Refused(_("At most %(most)s users take turns.", most=MOST_USERS))
    return row.model_copy(update={"user_ids": users})


def _with(policy: Policy, row: MissedCallRow) -> Policy:
    """The policy with this row in place of the one for its external line and hours; without it
    when it has no users."""
    rows = {one.key: one for one in policy.missed_calls} | {row.key: row}
    return policy.model_copy(
        update={"missed_calls": tuple(one for one in rows.values() if one.user_ids)}
    )
