"""What a pre-flight found, in the words and with the links of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.preflight import Finding, Level, Report, Subject
from core.salesforce.setup_pages import setup_page
from portal.calls.words import said
from portal.salesforce.connection_card import is_on
from portal.salesforce.names import named
from portal.web.connection import current_connection
from portal.web.services import config

SUBJECTS = {
    Subject.ORG: _l("Your Salesforce as a whole"),
    Subject.FIELDS: _l("Fields that are searched and filled"),
    Subject.RULES: _l("Rules and lists of your Salesforce"),
    Subject.RECORDS: _l("Records and who sees them"),
    Subject.PEOPLE: _l("People"),
}
LOOKS = {
    Level.STOP: ("bad", _l("Mend first")),
    Level.WARNING: ("wait", _l("Worth knowing")),
    Level.UNKNOWN: ("idle", _l("Not known")),
    Level.GOOD: ("good", _l("Fine")),
}
"""A pill's look and words."""
SETUP = {
    "packages": _l("Installed Packages"),
    "permission_sets": _l("Permission Sets"),
    "storage": _l("Storage Usage"),
    "company": _l("Company Information"),
    "encryption": _l("Encryption Policy"),
    "duplicate_rules": _l("Duplicate Rules"),
    "sharing": _l("Sharing Settings"),
    "users": _l("Users"),
    "fields": _l("Fields & Relationships"),
    "validation_rules": _l("Validation Rules"),
}
"""As Salesforce calls its pages of Setup (`core.salesforce.setup_pages.PAGES`)."""
SETTINGS = {
    "ceiling": ("api_ceiling", _l("Change the limit")),
    "time_zone": ("time_zone", _l("Choose the time zone")),
    "contact_account_id": ("contact_account_id", _l("Choose an account for new contacts")),
    "open_stage": ("open_stage", _l("Choose the stage")),
    "own_fields": ("own_fields", _l("Change the own field")),
    "lines": ("lines", _l("Change the tables")),
}
"""Where on the settings page something is mended."""


@dataclass(frozen=True)
class Link:
    address: str
    words: str
    is_outside: bool = True


@dataclass(frozen=True)
class Shown:
    look: str
    level: str
    words: str
    links: tuple[Link, ...] = ()
    own_field: str = ""


@dataclass(frozen=True)
class Group:
    name: str
    to_mend: list[Shown] = field(default_factory=list)
    fine: list[Shown] = field(default_factory=list)


def groups(report: Report) -> list[Group]:
    """By subject, those with something to mend first."""
    found = {subject: Group(str(name)) for subject, name in SUBJECTS.items()}
    for one in report.findings:
        group = found[one.subject]
        (group.fine if one.level is Level.GOOD else group.to_mend).append(_shown(one))
    mends = (Level.STOP, Level.WARNING)
    worst = [one.subject for one in report.findings if one.level in mends]
    order = [*dict.fromkeys(worst), *(one for one in SUBJECTS if one not in worst)]
    return [found[one] for one in order if found[one].to_mend or found[one].fine]


def _shown(one: Finding) -> Shown:
    look, level = LOOKS[one.level]
    return Shown(look, str(level), said(named(one.reason)), tuple(_links(one)), one.own_field)


def _links(one: Finding) -> Iterator[Link]:
    if one.setup:
        address = setup_page(current_connection().instance_url, one.setup)
        name = SETUP[one.setup.partition("/")[0]]
        yield Link(address, _("In Salesforce: %(page)s", page=name))
    if one.setting == "package":
        yield Link(config().package_url, _("Install the package"))
    elif one.setting and is_on():
        anchor, words = SETTINGS[one.setting]
        yield Link(url_for("salesforce.page", _anchor=anchor), str(words), is_outside=False)
