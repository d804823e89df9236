"""One call: what came in, what was decided and why, what was written, and trying again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.call import Call
from core.events import BadEvent, NotFinal, parse_call
from core.models import UNFINISHED, CallRow
from core.objects import TASK
from portal.calls.journal import bp
from portal.calls.loops import Story, story
from portal.calls.values import record_link
from portal.calls.words import is_waiting, trace_sentences
from portal.salesforce.names import object_names
from portal.web import replies
from portal.web.connection import current_connection
from portal.web.named import named
from portal.web.services import services, store
from portal.web.who import account_required, current_account, current_place

__all__ = ["bp"]

PAGE = _l("A call")


@dataclass(frozen=True)
class Record:
    """A record in Salesforce that the call wrote."""

    object: str
    """In the words of the page's language."""
    id: str
    created: bool
    name: str
    """As it was when the call was written; the id where that was not kept."""
    link: str


@bp.get("/<public_id>")
@account_required
@named(PAGE)
def show(public_id: str) -> Response:
    """The call's page; it asks for itself while the call is on its way."""
    row = _row(public_id)
    call = _call(row)
    return replies.show(
        "calls/call.html",
        "calls/_call.html",
        row=row,
        policy_region=current_place().region,
        call=call,
        event=_readable(row.event),
        trace=trace_sentences(row, call),
        records=_records(row),
        history=store().ledger.history(row),
        story=_story(row),
        is_live=row.state in UNFINISHED,
        next_try=_next_try(row),
        came_from=_came_from(),
    )


@bp.post("/<public_id>/again")
@account_required
@named(PAGE, button=_l("Try again"))
def again(public_id: str) -> Response:
    """Back to the queue, now. Pressing twice is harmless."""
    row = _row(public_id)
    if store().releases.try_again(row.account_id, [public_id]):
        services().waker.wake(row.account_id)
    return show(public_id) if replies.wants_fragment() else _back_to(public_id)


def _story(row: CallRow) -> Story | None:
    """Of the missed call that it is about; None for a call that is about none."""
    found = store().loops.of_call(row) if row.e164 else None
    return story(found) if found else None


def _next_try(row: CallRow) -> datetime | None:
    """When a call that waits goes by itself, not before the account does."""
    if row.queued is None or not is_waiting(row) or row.state not in UNFINISHED:
        return None
    account, due = current_connection(), row.queued.due_at
    return max(due, account.paused_until or due) if account.still_paused else due


def _came_from() -> tuple[str, str]:
    """Address and name of the list that the person came from, filtered as it was; else of the
    newest calls."""
    journal = url_for("calls.journal")
    lists = {journal: _("Calls"), url_for("missed.page"): _("Not called back")}
    came_from = replies.local_path(request.referrer)
    name = lists.get(came_from.partition("?")[0])
    return (came_from, name) if name else (journal, lists[journal])


def _back_to(public_id: str) -> Response:
    return replies.go(url_for("calls.show", public_id=public_id))


def _row(public_id: str) -> CallRow:
    row = store().ledger.get(current_account().id, public_id[:22])
    if row is None:
        abort(404)
    return row


def _call(row: CallRow) -> Call | None:
    """As the rules read it; None for an event that today's reader would refuse."""
    try:
        return parse_call(row.event, ZoneInfo(current_place().time_zone))
    except (BadEvent, NotFinal):
        return None


def _readable(event: dict[str, Any]) -> str:
    """As telephony sent it. Halves of characters, which no page can carry, become marks."""
    text = json.dumps(event, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode()


def _records(row: CallRow) -> list[Record]:
    written = row.written or {}
    records = written.get("records", [])
    task = written.get("task", "")
    if task and task not in [record_id for _, record_id, *_ in records]:
        records = [*records, [TASK, task, True]]
    return [_record(*one) for one in records]


def _record(object_name: str, record_id: str, created: bool, name: str = "") -> Record:
    shown = object_names().get(object_name, object_name)
    return Record(shown, record_id, created, name or record_id, record_link(object_name, record_id))
