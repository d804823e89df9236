"""Whether the connected user sees every record of an object, from what Salesforce tells of it.

Sources: object reference, "Organization" (`Default…Access`: `None` is private), "ObjectPermissions"
(only with View Setup and Configuration), "PermissionSetAssignment" (a profile's permissions are a
permission set of its own); Salesforce Help, article 000384762: whatever the sharing, contacts
without an account are seen by their owner and with View All.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from core.objects import CONTACT, LEAD, OPPORTUNITY
from core.salesforce.composite import Row
from core.salesforce.soql import one_of, quote, select

DEFAULTS = {name: f"Default{name}Access" for name in (LEAD, CONTACT, OPPORTUNITY)}
"""By object: the column of `Organization` that says who sees records of others."""
_PRIVATE = "None"
_ASSIGNED = "PermissionSetAssignment"
_VIEW_ALL_DATA = "PermissionSet.PermissionsViewAllData"


def questions(user_id: str) -> dict[str, str]:
    """Two queries, by name: View All on objects, and on everything."""
    mine = f"AssigneeId = {quote(user_id)}"
    sets = select(("PermissionSetId",), _ASSIGNED, mine)
    return {
        "view_all": select(
            ("SobjectType",),
            "ObjectPermissions",
            f"{one_of('SobjectType', DEFAULTS)} AND PermissionsViewAllRecords = true"
            f" AND ParentId IN ({sets})",
        ),
        "view_all_data": select(
            ("PermissionSetId",), _ASSIGNED, f"{mine} AND {_VIEW_ALL_DATA} = true", "LIMIT 1"
        ),
    }


def sees_all(
    objects: Collection[str],
    org: Row,
    view_all: Sequence[Row] | None,
    view_all_data: Sequence[Row] | None,
) -> Mapping[str, bool | None]:
    """By object; None where Salesforce does not say. `org` is the row of `Organization`."""
    return {name: _sees_all(name, org, view_all, view_all_data) for name in objects}


def _sees_all(
    name: str, org: Row, view_all: Sequence[Row] | None, view_all_data: Sequence[Row] | None
) -> bool | None:
    default = org.get(DEFAULTS[name])
    if name != CONTACT and default and default != _PRIVATE:
        return True
    if view_all_data or any(row["SobjectType"] == name for row in view_all or ()):
        return True
    return None if not default or view_all is None or view_all_data is None else False
