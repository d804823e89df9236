"""Reads what an org looks like: fields, stages, task statuses, users. One API call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.facts import MOST_USERS, FieldInfo, Fields, OrgShape, Stage, User
from core.objects import (
    ACCOUNT,
    CONTACT_ROLE,
    LEAD,
    STAGE,
    TASK,
    TASK_STATUS,
    USER,
    WITH_OWN_FIELDS,
)
from core.salesforce.client import Client
from core.salesforce.composite import Row, query_path, read_all, rows_of
from core.salesforce.errors import RecordRefused, SalesforceError, Transient

OBJECTS = (*WITH_OWN_FIELDS, CONTACT_ROLE, ACCOUNT)
"""Described. A describe is an `/sobjects/` resource, so a composite may carry it (REST guide,
"Composite", allowed subrequests)."""
INDISPENSABLE = (LEAD, TASK)
"""Without these nothing can be written; a refusal is raised. The others are merely absent."""
_STAGES = (
    f"SELECT ApiName, MasterLabel, IsClosed FROM {STAGE}"  # noqa: S608  a name
    " WHERE IsActive = true ORDER BY SortOrder"
)
_STATUSES = f"SELECT ApiName, IsClosed, IsDefault FROM {TASK_STATUS} ORDER BY SortOrder"  # noqa: S608  a name
# One page: the users of a large org cost no further call.
_USERS = (
    f"SELECT Id, Name, Email, IsActive FROM {USER} WHERE UserType = 'Standard'"  # noqa: S608  a name
    f" ORDER BY IsActive DESC, Name LIMIT {MOST_USERS}"
)


def read_shape(client: Client) -> OrgShape:
    """Raises what `errors` lists."""
    return shape_of(client, ask_shape(client))


def ask_shape(client: Client) -> dict[str, Any]:
    """What Salesforce answers to all questions about an org's shape; describes by object."""
    paths = {name: f"/sobjects/{name}/describe" for name in OBJECTS}
    paths |= {
        "stages": query_path(_STAGES),
        "statuses": query_path(_STATUSES),
        "users": query_path(_USERS),
    }
    return read_all(client, paths)


def shape_of(client: Client, bodies: Mapping[str, Any]) -> OrgShape:
    """What was asked, read. Raises what `errors` lists."""
    closed, opened = _task_statuses(_rows(client, bodies["statuses"]))
    return OrgShape(
        fields={name: fields for name in OBJECTS if (fields := _fields(name, bodies[name]))},
        stages=tuple(_stage(row) for row in _rows(client, bodies["stages"])),
        closed_task_status=closed,
        open_task_status=opened,
        users={str(row["Id"]): _user(row) for row in _rows(client, bodies["users"])},
    )


def _fields(name: str, describe: Any) -> Fields:
    """The fields of one describe; none of an object the user may not see."""
    if isinstance(describe, RecordRefused) and name not in INDISPENSABLE:
        return {}
    if isinstance(describe, SalesforceError):
        raise describe
    if not isinstance(describe, Mapping) or not describe.get("fields"):
        raise Transient("DESCRIBE_UNREADABLE", name)
    return {str(field["name"]): _field(field) for field in describe["fields"]}


def _field(field: Row) -> FieldInfo:
    """Source: REST guide, "sObject Describe"; what must be sent on create is what is createable
    and neither nillable nor defaulted."""
    createable = bool(field.get("createable"))
    nillable = bool(field.get("nillable", True))
    values = [
        (str(entry["value"]), str(entry.get("label") or ""))
        for entry in field.get("picklistValues") or ()
        if entry["active"]
    ]
    return FieldInfo(
        name=str(field["name"]),
        label=str(field.get("label") or field["name"]),
        type=str(field.get("type") or "string"),
        length=int(field.get("length") or 0),
        scale=int(field.get("scale") or 0),
        digits=int(field.get("digits") or 0),
        precision=int(field.get("precision") or 0),
        createable=createable,
        updateable=bool(field.get("updateable")),
        filterable=bool(field.get("filterable", True)),
        required=createable and not nillable and not field.get("defaultedOnCreate"),
        restricted=bool(field.get("restrictedPicklist")),
        picklist=tuple(value for value, _ in values),
        labels=tuple((label, value) for value, label in values if label not in ("", value)),
    )


def _rows(client: Client, body: Any) -> list[Row]:
    """What the user may not read is absent; other trouble is trouble."""
    return [] if isinstance(body, RecordRefused) else rows_of(client, body)


def _stage(row: Row) -> Stage:
    name = str(row["ApiName"])
    return Stage(name=name, label=str(row.get("MasterLabel") or name), is_closed=row["IsClosed"])


def _user(row: Row) -> User:
    return User(
        id=str(row["Id"]),
        name=str(row.get("Name") or ""),
        email=str(row.get("Email") or ""),
        is_active=bool(row["IsActive"]),
    )


def _task_statuses(rows: Iterable[Row]) -> tuple[str, str]:
    """(closed, open): Salesforce's own names where the org kept them, else its default, else the
    first of the kind in the org's order."""
    ordered = sorted(rows, key=lambda row: not row.get("IsDefault"))
    closed = [str(row["ApiName"]) for row in ordered if row["IsClosed"]]
    opened = [str(row["ApiName"]) for row in ordered if not row["IsClosed"]]
    return _prefer("Completed", closed), _prefer("Not Started", opened)


def _prefer(usual: str, names: list[str]) -> str:
    return usual if usual in names or not names else names[0]
