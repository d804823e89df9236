"""A missed-call loop as the page and the file show it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from core.models import LoopRow
from core.objects import CONTACT, LEAD, TASK, object_of
from core.phone import display, e164
from core.store.database import utc_now
from core.store.loops import Told
from portal.calls import loops
from portal.calls.values import record_link
from portal.calls.words import line_text
from portal.salesforce.names import object_names
from portal.web.csv_file import guarded
from portal.web.dates import moment, sortable
from portal.web.who import current_place


@dataclass(frozen=True)
class Client:
    """Whom a missed call is from, as far as the journal knows."""

    name: str = ""
    object: str = ""
    """Lead or contact, in the words of the page's language."""
    link: str = ""


@dataclass(frozen=True)
class Row:
    loop: LoopRow
    call: str
    """Public id of the missed call that began it."""
    client: Client
    employee: str
    task: str
    """The Task's page in Salesforce."""
    is_overdue: bool
    due: str
    again: str
    """How often, before when last; empty for a client who was missed once."""
    ending: str
    closed_by: str
    """Public id of the call that ended it."""


def row_of(told: Told) -> Row:
    loop = told.loop
    return Row(
        loop=loop,
        call=told.opened_by.public_id,
        client=_client(told),
        employee=loops.employee(loop.responsible),
        task=record_link(TASK, loop.task_id),
        is_overdue=told.is_overdue,
        due=_due(told),
        again=_again(loop),
        ending=loops.ending(loop),
        closed_by=told.closed_by,
    )


def headings() -> list[str]:
    """Of the file."""
    return [
        _("Client number"), _("Client"), _("Employee"), _("External line"), _("First missed"),
        _("Last missed"), _("Missed calls"), _("Due"), _("Overdue"), _("Task"),
    ]  # fmt: skip


def cells_of(row: Row) -> list[str]:
    """A row of the file, below its `headings`."""
    loop, region = row.loop, current_place().region
    words = (
        display(loop.number, region),
        row.client.name,
        row.employee,
        line_text(loop.external_line, region),
        sortable(loop.missed_at),
        sortable(loop.last_missed_at),
        str(loop.times),
        sortable(loop.due_at),
        _("yes") if row.is_overdue else _("no"),
        row.task,
    )
    return [guarded(one) for one in words]


def _client(told: Told) -> Client:
    """Whom the missed call was logged on: created by it, or found."""
    written = told.opened_by.written or {}
    made = [(one[1], one[3]) for one in written.get("records", []) if one[0] in (LEAD, CONTACT)]
    record_id, name = next(iter([*made, written.get("client")]), None) or ("", "")
    if e164(name, current_place().region) == told.loop.number:  # nobody has named them yet
        name = ""
    known = object_of(record_id)
    link = record_link(known, record_id) if known else ""
    return Client(name, object_names().get(known, ""), link)


def _due(told: Told) -> str:
    due = told.loop.due_at
    if told.is_overdue:
        return _("overdue by %(span)s", span=loops.lasted(utc_now() - due))
    return _("until %(time)s", time=moment(due))


def _again(loop: LoopRow) -> str:
    if loop.times == 1:
        return ""
    return ngettext("called %(num)s time, last", "called %(num)s times, last", loop.times)
