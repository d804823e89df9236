"""Changes of the settings in words, for the history and for whoever works in another tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import format_datetime, format_decimal
from flask_babel import gettext as _

from core.models import SettingChange
from core.phone import display
from core.store.ceilings import API_CEILING
from portal.salesforce.names import (
    closed_opportunity_names,
    converted_lead_names,
    mode_names,
    setting_names,
)
from portal.salesforce.org_view import OrgView
from portal.services import store

ARROW = "→"
Row = dict[str, Any]


def change_in_words(change: SettingChange, org: OrgView) -> str:
    """`Anna, 22 Nov 13:45: What calls create: Leads → Contacts`"""
    return f"{who(change)}, {format_datetime(change.at, 'd MMM HH:mm')}: {what(change, org)}"


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
    if setting in ("default_responsible",) and raw:
        return _isolated(org.user_name(str(raw)))
    if isinstance(raw, list):
        return ", ".join(str(one) for one in raw)
    if setting == API_CEILING:
        return format_decimal(raw) if raw else _("80 % of the org’s")
    names = _NAMES.get(setting, dict)()
    return names.get(raw, "" if raw is None else str(raw)) or _("not chosen")


_NAMES: dict[str, Callable[[], dict[str, str]]] = {
    "mode": mode_names,
    "converted_lead": converted_lead_names,
    "closed_opportunity": closed_opportunity_names,
}

KEYS: dict[str, Callable[[Any], Any]] = {
    "missed_calls": lambda row: row["external_line"],
    "lines": lambda row: row["line"],
    "own_fields": lambda row: (row["object"], row["field"]),
    "excluded_numbers": lambda row: row,
}
"""By setting that is a list: what names a row."""


def _differences(setting: str, old: list[Any], new: list[Any], org: OrgView) -> list[str]:
    """The rows that a change of a list added, removed and altered."""
    key = KEYS[setting]
    before, after = {key(row): row for row in old}, {key(row): row for row in new}
    said = []
    for one in dict.fromkeys([*before, *after]):
        if one not in after:
            said.append(_("removed %(row)s", row=_row(setting, before[one], org)))
        elif one not in before:
            said.append(_("added %(row)s", row=_row(setting, after[one], org)))
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
        return f"{row['object']}.{row['field']} = {row['template']}"
    return display(str(row), "")


def _isolated(name: str) -> str:
    """A name keeps its own direction inside a sentence (Unicode, FSI and PDI)."""
    return f"\u2068{name}\u2069"
