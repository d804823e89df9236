"""Takes one change of the settings back, leaving alone what was changed after it elsewhere."""

from __future__ import annotations

from flask_babel import gettext as _

from core.models import SettingChange
from core.policy import Policy
from portal.salesforce.blocks import SETTINGS, setting_of
from portal.salesforce.general import PHONE_FIELDS
from portal.salesforce.reading import Refused, some_of_each
from portal.salesforce.words import rows_of

ONE_CHOICE = frozenset({"create_on_outgoing", "kinds"})
"""Settings that the manual's switch may change with one press: they go back together."""


def can_undo(change: SettingChange) -> bool:
    return setting_of(change) in SETTINGS


def undone(policy: Policy, change: SettingChange) -> Policy:
    """The policy without this change. Of a list, only the rows the change touched go back."""
    if not can_undo(change):
        raise Refused(_("This cannot be undone."))
    old = change.old["value"]
    if setting_of(change).is_list:
        old = _rows_back(policy, change)
    return Policy.model_validate(policy.model_dump() | {change.setting: old})


def _rows_back(policy: Policy, change: SettingChange) -> tuple[object, ...]:
    setting = setting_of(change)
    before, after = (rows_of(setting, one["value"]) for one in (change.old, change.new))
    rows = rows_of(setting, getattr(policy, setting.name))
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) == after.get(key):
            continue
        if key in before:
            rows[key] = before[key]
        else:
            rows.pop(key, None)
    if setting == PHONE_FIELDS:
        some_of_each(rows, policy.phone_fields)
    return tuple(rows.values())
