"""What a test call found, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from core import reasons
from core.objects import CONTACT_ROLE, object_of
from core.salesforce.setup_pages import setup_page
from core.test_call import Field, Record, Report
from core.test_call.call import NAMED_BY
from portal.calls.values import in_words, label_of, record_link
from portal.calls.words import said
from portal.preflight.words import SETUP, Link
from portal.salesforce.names import object_names
from portal.salesforce.saving import org_of_request
from portal.salesforce.verdict import verdict
from portal.web.connection import current_connection


@dataclass(frozen=True)
class Cell:
    label: str
    name: str
    """As the API calls the field."""
    sent: str
    found: str
    is_same: bool


@dataclass(frozen=True)
class ShownRecord:
    title: str
    became: str
    cells: tuple[Cell, ...]
    is_read: bool
    trouble: str


@dataclass(frozen=True)
class Standing:
    """What is in the org still."""

    title: str
    link: str
    why: str


@dataclass(frozen=True)
class Shown:
    look: str
    verdict: str
    records: tuple[ShownRecord, ...]
    left: tuple[Standing, ...]
    existing: str
    """Address of the customer's own record that stood in the way."""
    links: tuple[Link, ...] = ()
    """Where to mend what kept it from being written."""


def shown(report: Report) -> Shown:
    return Shown(
        *verdict(report),
        tuple(_record(one, report) for one in report.records),
        tuple(
            Standing(
                _name(one.object), record_link(one.object, one.id), said(one.why) if one.why else ""
            )
            for one in report.left
        ),
        record_link(object_of(report.existing), report.existing) if report.existing else "",
        tuple(_links(report)),
    )


def _links(report: Report) -> Iterator[Link]:
    if report.trouble is None or report.is_written:
        return
    if report.trouble.code.startswith("hold."):
        yield Link(url_for("preflight.page"), _("Pre-flight check"), is_outside=False)
    if report.trouble.is_one_of(reasons.test_call.refused):
        for name in dict.fromkeys(one.object for one in report.records if one.object in NAMED_BY):
            address = setup_page(current_connection().instance_url, f"validation_rules/{name}")
            rules = f"{SETUP['validation_rules']}, {_name(name)}"
            yield Link(address, _("In Salesforce: %(page)s", page=rules))
        own = url_for("salesforce.page", _anchor="own_fields")
        yield Link(own, _("Own fields"), is_outside=False)


def _name(object_name: str) -> str:
    names = {**object_names(), CONTACT_ROLE: _("Contact role")}
    return names.get(object_name, object_name)


def _record(record: Record, report: Report) -> ShownRecord:
    if record.id in [one.id for one in report.left]:
        became = _("still in Salesforce")
    else:
        became = _("written and removed") if record.id else _("not written")
    return ShownRecord(
        _name(record.object),
        became,
        tuple(_cell(one, report) for one in record.fields),
        record.is_read,
        said(record.trouble) if record.trouble else "",
    )


def _cell(field: Field, report: Report) -> Cell:
    return Cell(
        label_of(field.label, field.type),
        field.name,
        _("the new record: %(object)s", object=_name(field.new))
        if field.new
        else _value(field.sent, field, report),
        _value(field.found, field, report),
        field.is_same,
    )


def _value(value: Any, field: Field, report: Report) -> str:
    if value in (None, ""):
        return "—"
    made = {one.id: one.object for one in report.records if one.id}
    if value in made:
        return _("the new record: %(object)s", object=_name(made[value]))
    return in_words(value, field.name, field.type, org_of_request().shape)
