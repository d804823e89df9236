"""Takes one change of the settings back, leaving alone what was changed after it elsewhere."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from core.models import SettingChange
from core.policy import Policy
from core.store.ceilings import API_CEILING
from portal.salesforce.reading import Refused, some_of_each
from portal.salesforce.words import KEYS


def can_undo(change: SettingChange) -> bool:
    return change.setting in Policy.model_fields or change.setting == API_CEILING


def undone(policy: Policy, change: SettingChange) -> Policy:
    """The policy without this change. Of a list, only the rows the change touched go back."""
    if not can_undo(change):
        raise Refused(_("This cannot be undone."))
    values = policy.model_dump(mode="json")
    old, new = change.old["value"], change.new["value"]
    if change.setting in KEYS:
        old = _rows_back(change.setting, values[change.setting], old, new)
    if change.setting == "phone_fields":
        some_of_each(old, policy.phone_fields)
    return Policy.model_validate(values | {change.setting: old})


def _rows_back(setting: str, present: Any, old: list[Any], new: list[Any]) -> list[Any]:
    key = KEYS[setting]
    before, after = {key(row): row for row in old}, {key(row): row for row in new}
    rows = {key(row): row for row in present}
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) == after.get(name):
            continue
        if name in before:
            rows[name] = _with_identity(before[name], rows.get(name))
        else:
            rows.pop(name, None)
    return list(rows.values())


def _with_identity(row: Any, present: Any) -> Any:
    """A row of the missed-call table that is still there keeps its id; one that went gets a new
    one, because its old id may be another row's by now."""
    if not isinstance(row, dict) or "id" not in row:
        return row
    identity = {"id": present["id"], "name": present["name"]} if present else {"id": 0, "name": ""}
    return {**row, **identity}
