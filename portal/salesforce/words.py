"""Changes of the settings in words, for the history and for whoever works in another tab."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from babel import Locale
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _

from core.languages import LANGUAGES
from core.models import SettingChange
from core.phone import display
from core.store.ceilings import API_CEILING
from portal.salesforce.names import (
    closed_opportunity_names,
    converted_lead_names,
    mode_names,
    object_names,
    setting_names,
    when_names,
)
from portal.salesforce.org_view import OrgView
from portal.web.dates import moment
from portal.web.services import store

ARROW = "→"
Row = dict[str, Any]


def change_in_words(change: SettingChange, org: OrgView) -> str:
    """`Anna, 22 Nov, 13:45: What calls create: Leads → Contacts`"""
    return f"{who(change)}, {moment(change.at)}: {what(change, org)}"


def who(change: SettingChange) -> str:
    """Under both names when support acted for the customer."""
    person = _person(change.person_id)
    if change.staff_id:
        return _("%(support)s (support)", support=_person(change.staff_id))
    return person


def what(change: SettingChange, org: OrgView) -> str:
    name = setting_names().get(change.setting, change.setting)
    old, new = change.old.get("value"), change.new.get("value")
    if change.setting in KEYS:
        return f"{name}: {'; '.join(_differences(change.setting, old or [], new or [], org))}"
    before, after = value(change.setting, old, org), value(change.setting, new, org)
    return f"{name}: {before} {ARROW} {after}"


def _person(person_id: int | None) -> str:
    person = store().accounts.person(person_id) if person_id else None
    return (person.name or person.email) if person else _("The system")


def value(setting: str, raw: Any, org: OrgView) -> str:
    """One single-valued setting in words."""
    if isinstance(raw, bool):
        return _("on") if raw else _("off")
    if setting == "default_responsible":
        return _isolated(org.user_name(str(raw))) if raw else _("The user who connected")
    if setting == "open_stage":
        return _isolated(org.stage_name(raw)) if raw else _("The first open stage")
    if setting == "contact_account_id":
        return str(raw or _("None"))
    if setting == API_CEILING:
        return format_decimal(raw) if raw else _("80 % of the org’s")
    names = _NAMES.get(setting, dict)()
    return names.get(raw, "" if raw is None else str(raw)) or _("not chosen")


_NAMES: dict[str, Callable[[], Mapping[str, str]]] = {
    "mode": mode_names,
    "converted_lead": converted_lead_names,
    "closed_opportunity": closed_opportunity_names,
    "language": lambda: LANGUAGES,
    "region": lambda: Locale.parse(str(get_locale())).territories,
}

KEYS: dict[str, Callable[[Any], Any]] = {
    "missed_calls": lambda row: row["external_line"],
    "lines": lambda row: row["line"],
    "own_fields": lambda row: (row["object"], row["field"]),
    "excluded_numbers": lambda row: row,
    "phone_fields": lambda row: row,
}
"""By setting that is a list: what names a row."""


def _differences(setting: str, old: list[Any], new: list[Any], org: OrgView) -> list[str]:
    """The rows that a change of a list added, removed and altered."""
    key = KEYS[setting]
    before, after = {key(row): row for row in old}, {key(row): row for row in new}
    said = []
    for one in dict.fromkeys([*before, *after]):
        if one not in after:
            said.append(_("removed “%(row)s”", row=_row(setting, before[one], org)))
        elif one not in before:
            said.append(_("added “%(row)s”", row=_row(setting, after[one], org)))
        elif before[one] != after[one]:
            was, now = _row(setting, before[one], org), _row(setting, after[one], org)
            said.append(f"{was} {ARROW} {now}")
    most = 5
    if len(said) > most:
        return [*said[:most], _("and %(count)s more", count=len(said) - most)]
    return said


def _row(setting: str, row: Any, org: OrgView) -> str:
    if setting == "lines":
        return f"{row['line']} ({_isolated(org.user_name(row['user_id']))})"
    if setting == "missed_calls":
        people = ", ".join(_isolated(org.user_name(one)) for one in row["user_ids"])
        line = row["external_line"] or _("any external line")
        return f"{line} ({people})"
    if setting == "own_fields":
        when = when_names().get(row["when"], row["when"])
        when = when[:1].lower() + when[1:]
        return f"{_field(row['object'], row['field'], org)} = {row['template']} ({when})"
    if setting == "phone_fields":
        object_name, field = str(row).split(".", 1)
        return _field(object_name, field, org)
    return display(str(row), "")


def _field(object_name: str, field: str, org: OrgView) -> str:
    """`Lead · Description`, in the page's and the org's words."""
    shown = object_names().get(object_name, object_name)
    return f"{shown} · {_isolated(org.label_of(object_name, field))}"


def _isolated(name: str) -> str:
    """A name keeps its own direction inside a sentence (Unicode, FSI and PDI)."""
    return f"\u2068{name}\u2069"
