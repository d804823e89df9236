"""SIP numbers and employees: who is behind each internal line, and who when nobody is."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.models import Account
from core.policy import LineRow, Policy
from core.store.seen import SeenLine
from portal.salesforce import reading
from portal.salesforce.block import Block
from portal.salesforce.lists import LINE, MOST_ROWS
from portal.salesforce.org_view import OrgView
from portal.salesforce.reading import Refused
from portal.salesforce.saving import common, org_of_request, refuse, save
from portal.salesforce.setting import Setting
from portal.salesforce.words import isolated
from portal.web.services import store


def block(account: Account) -> dict[str, Any]:
    """Variables of `_lines.html`."""
    shared = common(BLOCK)
    return {**shared, "unmapped": unmapped(account, shared["policy"]), "most_rows": MOST_ROWS}


def _line(row: LineRow, org: OrgView) -> str:
    return f"{row.line} ({isolated(org.user_name(row.user_id))})"


def _responsible(user_id: str, org: OrgView) -> str:
    return isolated(org.user_name(user_id)) if user_id else _("The user who connected")


LINES = Setting("lines", _l("SIP numbers and employees"), in_words=_line)
RESPONSIBLE = Setting(
    "default_responsible", _l("Default responsible"), reading.user_or_nobody, _responsible
)
BLOCK = Block("lines", block, (LINES, RESPONSIBLE))


def unmapped(account: Account, policy: Policy) -> list[SeenLine]:
    """Lines that took calls and are in no row."""
    seen = store().seen.unmapped_lines(account.id)
    return [one for one in seen if not policy.user_of_line(one.line)]


@BLOCK.post("/add", LINES)
def add_line() -> Response:
    """A new row. The same row again changes nothing, so that a double click is harmless."""
    line = request.form.get("line", "").strip()
    form = f"unmapped-{line}" if request.form.get("from") == "unmapped" else "add"
    if not LINE.fullmatch(line):
        why = _("Enter the employee's internal SIP number, such as 2001.")
        return refuse(BLOCK, form, why)
    try:
        user_id = reading.user(request.form.get("user", ""), org_of_request())
    except Refused as refusal:
        return refuse(BLOCK, form, str(refusal))
    row = LineRow(line=line, user_id=user_id)

    def add(policy: Policy) -> Policy:
        taken = policy.user_of_line(line)
        if taken == user_id:
            return policy
        if taken:
            name = org_of_request().user_name(taken)
            raise Refused(_("This SIP number belongs to %(name)s already.", name=name))
        return policy.model_copy(update={"lines": by_line((*policy.lines, row))})

    return save(BLOCK, f"line-{line}", add, form=form)


@BLOCK.post("/<line>/user", LINES)
def give_line(line: str) -> Response:
    """Another employee for a line."""
    try:
        user_id = reading.user(request.form.get("user", ""), org_of_request())
    except Refused as refusal:
        return refuse(BLOCK, f"line-{line}", str(refusal))

    def give(policy: Policy) -> Policy:
        if line not in {one.line for one in policy.lines}:
            raise Refused(_("Somebody removed this SIP number meanwhile."))
        rows = (
            LineRow(line=line, user_id=user_id) if one.line == line else one for one in policy.lines
        )
        return policy.model_copy(update={"lines": tuple(rows)})

    return save(BLOCK, f"line-{line}", give)


@BLOCK.post("/<line>/remove", LINES)
def remove_line(line: str) -> Response:
    def remove(policy: Policy) -> Policy:
        rows = tuple(one for one in policy.lines if one.line != line)
        return policy.model_copy(update={"lines": rows})

    return save(BLOCK, "removed", remove)


def by_line(rows: Any) -> tuple[LineRow, ...]:
    """Rows as people look for them: 2 before 10."""
    return tuple(sorted(rows, key=lambda row: (len(row.line), row.line)))
