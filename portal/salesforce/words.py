"""Changes of the settings in words, for the history and for whoever works in another tab."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from core.models import SettingChange
from core.policy import Policy, Row, key_of
from portal.salesforce.names import object_names
from portal.salesforce.org_view import OrgView
from portal.salesforce.setting import Setting
from portal.web.dates import moment
from portal.web.names import person_name

ARROW = "→"
MOST_ROWS = 5
"""So many of a list's changed rows are told one by one."""


def change_in_words(setting: Setting, change: SettingChange, org: OrgView) -> str:
    """`Anna, 22 Nov, 13:45: What calls create: Leads → Contacts`"""
    return f"{who(change)}, {moment(change.at)}: {what(setting, change, org)}"


def who(change: SettingChange) -> str:
    """Under both names when support acted for the customer."""
    if change.staff_id:
        return _("%(support)s (support)", support=person_name(change.staff_id))
    return person_name(change.person_id) or _("The system")


def what(setting: Setting, change: SettingChange, org: OrgView) -> str:
    old, new = change.old.get("value"), change.new.get("value")
    if setting.is_list:
        return f"{setting.label}: {'; '.join(_differences(setting, old, new, org))}"
    return f"{setting.label}: {setting.in_words(old, org)} {ARROW} {setting.in_words(new, org)}"


def _differences(setting: Setting, old: Any, new: Any, org: OrgView) -> list[str]:
    """The rows that a change of a list added, removed and altered."""
    before, after = rows_of(setting, old), rows_of(setting, new)
    said = []
    for key in dict.fromkeys([*before, *after]):
        was, now = (
            setting.in_words(rows[key], org) if key in rows else "" for rows in (before, after)
        )
        if key not in after:
            said.append(_("removed “%(row)s”", row=was))
        elif key not in before:
            said.append(_("added “%(row)s”", row=now))
        elif before[key] != after[key]:
            said.append(f"{was} {ARROW} {now}")
    if len(said) > MOST_ROWS:
        return [*said[:MOST_ROWS], _("and %(count)s more", count=len(said) - MOST_ROWS)]
    return said


def rows_of(setting: Setting, value: Any) -> dict[str, Row]:
    """The rows of a list that the history keeps, by key."""
    policy = Policy.model_validate({setting.name: value or ()})
    return {key_of(row): row for row in getattr(policy, setting.name)}


def field_name(object_name: str, field: str, org: OrgView) -> str:
    """`Lead · Description`, in the page's and the org's words."""
    shown = object_names().get(object_name, object_name)
    return f"{shown} · {isolated(org.label_of(object_name, field))}"


def isolated(name: str) -> str:
    """A name keeps its own direction inside a sentence (Unicode, FSI and PDI)."""
    return f"\u2068{name}\u2069"
