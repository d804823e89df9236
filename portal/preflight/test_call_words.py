"""What a test call found, in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from core import reasons
from core.objects import ACCOUNT, CONTACT_ROLE, object_of
from core.plan import Outcome
from core.test_call import Field, Record, Report
from portal.calls.values import in_words, label_of, record_link
from portal.calls.words import said
from portal.salesforce.names import object_names
from portal.salesforce.saving import org_of_request

_NOT_OVER = (reasons.test_call.broken_off, reasons.test_call.unanswered)


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


def shown(report: Report) -> Shown:
    look, verdict = _verdict(report)
    return Shown(
        look,
        verdict,
        tuple(_record(one, report) for one in report.records),
        tuple(
            Standing(
                _name(one.object), record_link(one.object, one.id), said(one.why) if one.why else ""
            )
            for one in report.left
        ),
        record_link(object_of(report.existing), report.existing) if report.existing else "",
    )


def _verdict(report: Report) -> tuple[str, str]:
    """A pill's look and words."""
    differ = sum(not field.is_same for one in report.records for field in one.fields)
    if report.trouble and report.trouble.is_one_of(*_NOT_OVER):
        return "bad", _("Broken off")
    if report.trouble:
        return "bad", _("Not written")
    if report.outcome == Outcome.SKIP:
        return "idle", _("Such a call is skipped")
    if report.left:
        return "bad", _("Not all was removed")
    if differ:
        return "wait", ngettext("%(num)s field differs", "%(num)s fields differ", differ)
    if any(not one.is_read for one in report.records):
        return "wait", _("Written, not all seen again")
    return "good", _("All as written")


def _name(object_name: str) -> str:
    names = {**object_names(), CONTACT_ROLE: _("Contact role"), ACCOUNT: _("Account")}
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
