"""/composite/sobjects: up to 200 records in one API call, each row with its own outcome."""

from collections.abc import Callable
from typing import Any

from sandbox.body import key_field
from sandbox.caller import Caller
from sandbox.composite import RollBack
from sandbox.dml import create, delete, update
from sandbox.errors import SalesforceError
from sandbox.ids import parse_id
from sandbox.router import ApiAnswer, ApiRequest, Router
from sandbox.schema import ObjectSchema
from sandbox.sobjects import object_named, saved, shape, upsert_ids

router = Router()
MAX_ROWS = 200
MAX_READ = 2000
_ROLLED_BACK = SalesforceError(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using "
    "AllOrNone header",
)
Outcome = dict[str, Any]


@router.add("POST", "/composite/sobjects", "rows")
def create_rows(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """Create; the types may differ from row to row."""
    records, all_or_none = _records(request.body)

    def save(record: Any) -> Outcome:
        return saved(create(caller, _typed(caller, record), record))

    return _each(caller, records, save, all_or_none)


@router.add("PATCH", "/composite/sobjects", "rows")
def update_rows(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """Update; each row says its type and id."""
    records, all_or_none = _records(request.body)

    def save(record: Any) -> Outcome:
        schema = _typed(caller, record)
        record_id = next((v for k, v in record.items() if k.lower() == "id"), None)
        if record_id is None:
            raise SalesforceError("MISSING_ARGUMENT", "Id not specified in an update call")
        body = {k: v for k, v in record.items() if k.lower() != "id"}
        update(caller, schema, record_id, body)
        return saved(parse_id(record_id))

    return _each(caller, records, save, all_or_none)


@router.add("PATCH", "/composite/sobjects/{name}/{key}", "rows")
def upsert_rows(caller: Caller, request: ApiRequest, name: str, key: str) -> ApiAnswer:
    """Upsert of one type; here each row holds its key's value, and no Id."""
    schema = object_named(caller, name)
    field = key_field(schema, key)
    records, all_or_none = _records(request.body)

    def save(record: Any) -> Outcome:
        if _typed(caller, record).name != schema.name:
            raise SalesforceError("INVALID_TYPE", f"All records have to be of type {schema.name}")
        value = next((v for k, v in record.items() if k.lower() == field.name.lower()), None)
        if value is None:
            raise SalesforceError("MISSING_ARGUMENT", f"{field.name} not specified")
        body = {k: v for k, v in record.items() if k.lower() != field.name.lower()}
        ids = upsert_ids(caller, schema, field, value, body)
        if len(ids) > 1:
            message = f"{field.name}: more than one record found for external id field: {ids}"
            raise SalesforceError("DUPLICATE_EXTERNAL_ID", message)
        if ids:
            update(caller, schema, ids[0], body)
            return saved(ids[0], created=False)
        return saved(create(caller, schema, body, {field.name: value}), created=True)

    return _each(caller, records, save, all_or_none)


@router.add("DELETE", "/composite/sobjects", "rows")
def delete_rows(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """DELETE ?ids=a,b&allOrNone=false."""
    ids = [part for part in request.query.get("ids", "").split(",") if part]
    _check_number(ids)
    prefixes = {schema.prefix: schema for schema in caller.org.objects()}

    def remove(record_id: Any) -> Outcome:
        schema = prefixes.get(parse_id(record_id)[:3])
        if schema is None:
            raise SalesforceError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        delete(caller, schema, record_id)
        return saved(parse_id(record_id))

    return _each(caller, ids, remove, request.query.get("allOrNone", "").lower() == "true")


@router.add("POST", "/composite/sobjects/{name}", "rows")
def read_rows(caller: Caller, request: ApiRequest, name: str) -> ApiAnswer:
    """Read `ids` with `fields`; null for a record that is not there."""
    body = request.body if isinstance(request.body, dict) else {}
    ids, fields = body.get("ids"), body.get("fields")
    if not isinstance(ids, list) or not isinstance(fields, list) or not ids or not fields:
        raise SalesforceError("MISSING_ARGUMENT", "ids and fields are needed")
    return _read(caller, name, ids, ",".join(map(str, fields)))


@router.add("GET", "/composite/sobjects/{name}", "rows")
def get_rows(caller: Caller, request: ApiRequest, name: str) -> ApiAnswer:
    """The same with ?ids=a,b&fields=c,d."""
    ids, fields = request.query.get("ids", ""), request.query.get("fields", "")
    if not ids or not fields:
        raise SalesforceError("MISSING_ARGUMENT", "ids and fields are needed")
    return _read(caller, name, ids.split(","), fields)


def _read(caller: Caller, name: str, ids: list[Any], fields: str) -> ApiAnswer:
    schema = object_named(caller, name)
    _check_number(ids, MAX_READ)
    found = []
    for record_id in ids:
        row = caller.rows.get(caller.org, parse_id(record_id))
        good = row and not row.deleted and row.object == schema.name and caller.sees(row)
        found.append(shape(caller, schema, row.data, fields) if row and good else None)
    return ApiAnswer(200, found)


def _records(body: Any) -> tuple[list[Any], bool]:
    if not isinstance(body, dict) or body.keys() - {"allOrNone", "records"}:
        raise SalesforceError("JSON_PARSER_ERROR", "Unrecognized field in the collection")
    records, all_or_none = body.get("records"), body.get("allOrNone", False)
    if not isinstance(records, list) or not records or not isinstance(all_or_none, bool):
        raise SalesforceError("JSON_PARSER_ERROR", "records must be a non-empty array")
    _check_number(records)
    return records, all_or_none


def _check_number(rows: list[Any], at_most: int = MAX_ROWS) -> None:
    if len(rows) > at_most:
        raise SalesforceError(
            "EXCEEDED_ID_LIMIT",
            f"record limit reached. cannot submit more than {at_most} records into this call",
        )


def _typed(caller: Caller, record: Any) -> ObjectSchema:
    attributes = record.get("attributes") if isinstance(record, dict) else None
    name = attributes.get("type") if isinstance(attributes, dict) else None
    schema = caller.org.object(str(name))
    if schema is None:
        raise SalesforceError("INVALID_TYPE", f"sObject type '{name}' is not supported.")
    return schema


def _each(
    caller: Caller, rows: list[Any], serve: Callable[[Any], Outcome], all_or_none: bool
) -> ApiAnswer:
    outcomes: list[Outcome] = []
    try:
        with caller.storage.transaction():
            for row in rows:
                try:
                    outcomes.append(serve(row))
                except SalesforceError as error:
                    outcomes.append({"success": False, "errors": [error.row()]})
            if all_or_none and not all(outcome["success"] for outcome in outcomes):
                raise RollBack
    except RollBack:
        refused = {"success": False, "errors": [_ROLLED_BACK.row()]}
        outcomes = [refused if outcome["success"] else outcome for outcome in outcomes]
    return ApiAnswer(200, outcomes)
