"""Pages to look at an org as in a CRM: lists, records with their call history, the switches.

They need no sign-in, for the stand-in listens on this machine only.
"""

import re
from typing import Any

from flask import Blueprint, render_template, request
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from sandbox.ids import to_18
from sandbox.org import Org
from sandbox.rows import Record
from sandbox.services import services

pages = Blueprint("pages", __name__)
LISTS: dict[str, list[str]] = {
    "Lead": ["Name", "Company", "Phone", "Status", "OwnerId", "CreatedDate"],
    "Contact": ["Name", "Phone", "MobilePhone", "AccountId", "OwnerId", "CreatedDate"],
    "Account": ["Name", "Phone", "OwnerId", "CreatedDate"],
    "Opportunity": ["Name", "StageName", "CloseDate", "AccountId", "OwnerId", "CreatedDate"],
    "Task": ["Subject", "Status", "WhoId", "WhatId", "OwnerId", "CreatedDate"],
}
ON_PAGE = 200
_LINK = re.compile(r"https?://[^\s<>\"']+")


@pages.app_template_filter("linked")
def linked(text: str) -> Markup:
    """A text with its web addresses clickable."""
    parts, at = Markup(""), 0
    for match in _LINK.finditer(text):
        address = escape(match.group().rstrip(".,;)"))
        parts += escape(text[at : match.start()])
        parts += Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(address)
        at = match.start() + len(match.group().rstrip(".,;)"))
    return parts + escape(text[at:])


@pages.app_template_filter("moment")
def moment(text: str) -> str:
    """2026-11-22T13:30:00.000+0000 as `2026-11-22 13:30`."""
    return text[:16].replace("T", " ")


@pages.app_template_filter("duration")
def duration(seconds: int) -> str:
    """Seconds as minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def org_or_404(org_id: str) -> Org:
    """The org of a path."""
    org = services().orgs.get(org_id)
    if org is None:
        raise NotFound
    return org


def names(org: Org, records: list[Record]) -> dict[str, str]:
    """What to show for the ids that records refer to: id → name."""
    found = services().rows
    ids = {v for r in records for v in r.values() if isinstance(v, str) and to_18(v) == v}
    rows = [row for i in ids if (row := found.get(org, i))]
    return {row.id: str(row.data.get("Name") or row.data.get("Subject") or row.id) for row in rows}


def can_open(record_id: str) -> bool:
    """Whether there is a page for a record of that id."""
    return record_id[:3] in {"00Q", "003", "001", "006", "00T"}


@pages.get("/")
def home() -> str:
    """Every org, with how many records of each object it has."""
    found = services()
    counts = {
        org.id: {name: len(found.rows.all(org, name)) for name in LISTS} for org in found.orgs.all()
    }
    return render_template("home.html", orgs=found.orgs.all(), counts=counts)


@pages.get("/o/<org_id>/<object_name>")
def records(org_id: str, object_name: str) -> str:
    """The newest records of one object."""
    org = org_or_404(org_id)
    if object_name not in LISTS:
        raise NotFound
    everything = services().rows.all(org, object_name)
    wanted = request.args.get("q", "").strip()
    shown = [r for r in reversed(everything) if not wanted or _mentions(r, wanted)][:ON_PAGE]
    return render_template(
        "records.html",
        org=org,
        schema=org.whole.object(object_name),
        columns=LISTS[object_name],
        records=shown,
        total=len(everything),
        wanted=wanted,
        names=names(org, shown),
        can_open=can_open,
        lists=LISTS,
    )


@pages.get("/<record_id>")
def record(record_id: str) -> str:
    """One record, at the address that Salesforce gives it: /<id>."""
    found = services()
    full = to_18(record_id)
    for org in found.orgs.all():
        row = found.rows.get(org, full) if full and can_open(full) else None
        if row is None:
            continue
        calls = _calls(org, row.object, row.id)
        return render_template(
            "record.html",
            org=org,
            row=row,
            fields=_fields(org, row.object, row.data),
            calls=calls,
            names=names(org, [row.data, *calls]),
            can_open=can_open,
            lists=LISTS,
        )
    raise NotFound


def _mentions(record: Record, wanted: str) -> bool:
    return any(wanted.casefold() in v.casefold() for v in record.values() if isinstance(v, str))


def _fields(org: Org, object_name: str, data: Record) -> list[tuple[str, str, Any]]:
    """(label, type, value) of the fields that say something."""
    schema = org.whole.object(object_name)
    fields = schema.fields.values() if schema else []
    return [
        (field.label, field.type, data[field.name])
        for field in fields
        if data.get(field.name) not in (None, "", False) and field.name not in {"Name", "Id"}
    ]


def _calls(org: Org, object_name: str, record_id: str) -> list[Record]:
    """The tasks about a record, newest first."""
    found = services().rows
    if object_name == "Task":
        return []
    tasks = found.find(org, "Task", WhoId=record_id) + found.find(org, "Task", WhatId=record_id)
    unique = {task["Id"]: task for task in tasks}
    return sorted(unique.values(), key=lambda t: (t["CreatedDate"], t["Id"]), reverse=True)
