"""Record types: which one a record gets, which ids are refused, and what describe tells of them."""

from typing import Any

from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.rows import Record
from sandbox.schema import ObjectSchema
from sandbox.settings import RecordKind
from sandbox.setup_records import developer_name

MASTER_ID = "012000000000000AAA"


def assign_record_type(
    caller: Caller, schema: ObjectSchema, record: Record, given: Record, *, creating: bool
) -> None:
    """Refuse an id that is not the user's to choose; a new record gets the user's default."""
    if schema.field("RecordTypeId") is None:
        return
    kinds = _kinds(caller, schema)
    wanted = given.get("RecordTypeId")
    if wanted and not any(k.active and k.available and i == wanted for i, k in kinds):
        raise SalesforceError(
            "INVALID_CROSS_REFERENCE_KEY",
            f"Record Type ID: this ID value isn't valid for the user: {wanted}",
            fields=["RecordTypeId"],
        )
    if creating and not wanted:
        record["RecordTypeId"] = _default(kinds)


def record_type_infos(caller: Caller, schema: ObjectSchema) -> list[dict[str, Any]]:
    """`recordTypeInfos` of a describe answer: the object's types and, always, the master."""
    kinds = _kinds(caller, schema)
    default = _default(kinds)
    infos = [
        _info(caller, schema, record_id, kind.name, kind.active, kind.available, default)
        for record_id, kind in kinds
    ]
    return [*infos, _info(caller, schema, MASTER_ID, "Master", True, True, default or MASTER_ID)]


def _kinds(caller: Caller, schema: ObjectSchema) -> list[tuple[str, RecordKind]]:
    """The object's record types with the ids of their records."""
    wanted = [k for k in caller.org.settings.record_types if k.object == schema.name]
    if not wanted:
        return []
    ids = {
        row["DeveloperName"]: str(row["Id"])
        for row in caller.rows.find(caller.org, "RecordType", SobjectType=schema.name)
    }
    return [(ids[developer_name(kind.name)], kind) for kind in wanted]


def _default(kinds: list[tuple[str, RecordKind]]) -> str | None:
    good = (i for i, kind in kinds if kind.default and kind.active and kind.available)
    return next(good, None)


def _info(
    caller: Caller,
    schema: ObjectSchema,
    record_id: str,
    name: str,
    active: bool,
    available: bool,
    default: str | None,
) -> dict[str, Any]:
    layout = f"{caller.base}/sobjects/{schema.name}/describe/layouts/{record_id}"
    return {
        "active": active,
        "available": available,
        "defaultRecordTypeMapping": record_id == default,
        "developerName": developer_name(name),
        "master": record_id == MASTER_ID,
        "name": name,
        "recordTypeId": record_id,
        "urls": {"layout": layout},
    }
