"""Records that tell of an org's settings: Publisher, DuplicateRule, RecordType, Organization, and
what the users' one permission set grants.

Fields by the Field Reference and, for Publisher, the Tooling API guide.
"""

import re
from typing import Any

from sandbox.clock import now_stamp
from sandbox.features import package_fields
from sandbox.org import Org
from sandbox.rows import Record, Rows
from sandbox.schema import ObjectSchema
from sandbox.settings import SHARED, OrgSettings

_KEYS = {
    "Publisher": ("DurableId",),
    "DuplicateRule": ("SobjectType", "DeveloperName"),
    "RecordType": ("SobjectType", "DeveloperName"),
    "PermissionSet": ("Name",),
    "PermissionSetAssignment": ("AssigneeId",),
    "ObjectPermissions": ("SobjectType",),
}


def renew(rows: Rows, org: Org) -> None:
    """Bring the records in line with the settings. Call within a transaction."""
    settings = org.settings
    for fields in package_fields(settings.namespace).values() if settings.namespace else ():
        for field in fields:
            rows.index(field["name"])
    _sync(rows, org, "Publisher", _publishers(settings))
    _sync(rows, org, "DuplicateRule", _duplicate_rules(settings))
    _sync(rows, org, "RecordType", _record_types(settings))
    _sync(rows, org, "PermissionSet", [_permission_set(settings)])
    (granting,) = rows.find(org, "PermissionSet")
    users = [user["Id"] for user in rows.find(org, "User")]
    assigned = [{"AssigneeId": one, "PermissionSetId": granting["Id"]} for one in users]
    _sync(rows, org, "PermissionSetAssignment", assigned)
    _sync(rows, org, "ObjectPermissions", _object_permissions(settings, granting["Id"]))
    schema = org.whole.object("Organization")
    for record in rows.find(org, "Organization"):
        if schema:
            rows.replace(schema, {**record, **_access(settings)})


def developer_name(name: str) -> str:
    """A label as a name for programs: letters, digits and single underscores."""
    return re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")


def _publishers(settings: OrgSettings) -> list[Record]:
    """Salesforce itself and our package, which is a publisher only with a namespace."""
    found: list[Record] = [
        {"DurableId": "System", "Name": "salesforce.com", "IsSalesforce": True},
    ]
    if settings.package and settings.namespace:
        major, _, minor = settings.package_version.partition(".")
        found.append(
            {
                "DurableId": settings.namespace,
                "Name": "UniTalk",
                "NamespacePrefix": settings.namespace,
                "IsSalesforce": False,
                "MajorVersion": int(major),
                "MinorVersion": int(minor.partition(".")[0] or 0),
            }
        )
    return found


def _duplicate_rules(settings: OrgSettings) -> list[Record]:
    return [
        {
            "SobjectType": rule.object,
            "DeveloperName": developer_name(rule.name),
            "MasterLabel": rule.name.replace("_", " "),
            "Language": "en_US",
            "IsActive": rule.active,
        }
        for rule in settings.duplicate_rules
    ]


def _record_types(settings: OrgSettings) -> list[Record]:
    return [
        {
            "SobjectType": kind.object,
            "DeveloperName": developer_name(kind.name),
            "Name": kind.name,
            "IsActive": kind.active,
        }
        for kind in settings.record_types
    ]


def _permission_set(settings: OrgSettings) -> Record:
    return {
        "Name": "UniTalk_Integration",
        "Label": "UniTalk Integration",
        "IsCustom": True,
        "IsOwnedByProfile": False,
        "PermissionsViewAllData": settings.modify_all,
        "PermissionsModifyAllData": settings.modify_all,
        "PermissionsViewSetup": settings.view_setup,
    }


def _object_permissions(settings: OrgSettings, parent: str) -> list[Record]:
    return [
        {
            "ParentId": parent,
            "SobjectType": name,
            "PermissionsCreate": True,
            "PermissionsRead": True,
            "PermissionsEdit": True,
            "PermissionsDelete": True,
            "PermissionsViewAllRecords": name in settings.view_all,
            "PermissionsModifyAllRecords": False,
        }
        for name in SHARED
    ]


def _access(settings: OrgSettings) -> Record:
    """What Organization tells of sharing."""
    private = settings.sharing == "private"
    usual = "None" if private else "Edit"
    return {
        "DefaultAccountAccess": usual,
        "DefaultContactAccess": usual,
        "DefaultOpportunityAccess": usual,
        "DefaultLeadAccess": "None" if private else "ReadEditTransfer",
    }


def _sync(rows: Rows, org: Org, name: str, wanted: list[Record]) -> None:
    """Keep the records that are wanted under their ids, add new ones, remove the others."""
    schema = org.whole.object(name)
    assert schema is not None, f"no data file for {name}"  # noqa: S101
    keys = _KEYS[name]
    left = {tuple(r.get(k) for k in keys): r for r in rows.find(org, name)}
    for record in wanted:
        before = left.pop(tuple(record.get(k) for k in keys), None)
        if before is None:
            rows.insert(org, schema, {**_stamps(rows, org, schema), **record})
        elif record.items() - before.items():
            rows.replace(schema, {**before, **record})
    for record in left.values():
        rows.mark_deleted(record["Id"])


def _stamps(rows: Rows, org: Org, schema: ObjectSchema) -> dict[str, Any]:
    """When and, once the org has a user, by whom it was made."""
    users = rows.find(org, "User")
    author = users[0]["Id"] if users else None
    values = {"CreatedDate": now_stamp(), "LastModifiedDate": now_stamp()}
    values |= {"SystemModstamp": now_stamp()}
    if author:
        values |= {"CreatedById": author, "LastModifiedById": author}
    return {name: value for name, value in values.items() if schema.field(name)}
