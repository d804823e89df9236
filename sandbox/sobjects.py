"""/sobjects: records one at a time, by id or by external id."""

from typing import Any

from sandbox.body import find_by_key, key_field, unknown_field
from sandbox.caller import Caller
from sandbox.describe import describe_object, last_modified, unchanged
from sandbox.dml import create, delete, existing, update
from sandbox.errors import SalesforceError, not_found
from sandbox.ids import to_18
from sandbox.router import ApiAnswer, ApiRequest, Router
from sandbox.rows import Record
from sandbox.schema import Field, ObjectSchema

router = Router()


def object_named(caller: Caller, name: str) -> ObjectSchema:
    """The object of a path, or 404."""
    schema = caller.org.object(name)
    if schema is None:
        raise not_found()
    return schema


def object_addressed(caller: Caller, name: str, record_id: str) -> ObjectSchema:
    """The object of a record's path, or 404.

    What cannot be an id for its length is taken for the name of an external id field, as the
    clients saw that wrote to `/sobjects/Product2/undefined` (kevinohara80/nforce, issue 192).
    """
    schema = object_named(caller, name)
    if len(record_id) not in {15, 18}:
        key_field(schema, record_id)
    return schema


def saved(record_id: str, **more: Any) -> dict[str, Any]:
    """The body that tells of a written record."""
    return {"id": record_id, "success": True, "errors": [], **more}


@router.add("GET", "/sobjects/{name}", "sobjects")
def basic(caller: Caller, request: ApiRequest, name: str) -> ApiAnswer:
    """GET /sobjects/Lead: the object itself and what was seen recently."""
    described = describe_object(caller, object_named(caller, name))
    brief = {k: v for k, v in described.items() if k not in {"fields", "childRelationships"}}
    return ApiAnswer(200, {"objectDescribe": brief, "recentItems": []})


@router.add("POST", "/sobjects/{name}", "sobjects")
@router.add("POST", "/sobjects/{name}/Id", "sobjects")
def post(caller: Caller, request: ApiRequest, name: str) -> ApiAnswer:
    """POST /sobjects/Lead or /sobjects/Lead/Id: create.

    REST API guide, "Create a Record" and "Create Records Using sObject Rows by External ID".
    """
    schema = object_named(caller, name)
    _refuse_id(request.body)
    record_id = create(caller, schema, request.body)
    return ApiAnswer(201, saved(record_id), _location(caller, schema, record_id))


@router.add("GET", "/sobjects/{name}/describe", "sobjects")
def describe(caller: Caller, request: ApiRequest, name: str) -> ApiAnswer:
    """GET /sobjects/Lead/describe; 304 when nothing changed since the client last asked."""
    schema = object_named(caller, name)
    if unchanged(caller, request):
        return ApiAnswer(304)
    return ApiAnswer(200, describe_object(caller, schema), last_modified(caller))


@router.add("GET", "/sobjects/{name}/{record_id}", "sobjects")
def get(caller: Caller, request: ApiRequest, name: str, record_id: str) -> ApiAnswer:
    """GET /sobjects/Lead/{id}?fields=…: read."""
    schema = object_addressed(caller, name, record_id)
    full = to_18(record_id)
    row = caller.rows.get(caller.org, full) if full else None
    if row is None or row.object != schema.name or not caller.sees(row):
        raise not_found()
    row = existing(caller, schema, row.id)
    return ApiAnswer(200, shape(caller, schema, row.data, request.query.get("fields")))


@router.add("PATCH", "/sobjects/{name}/{record_id}", "sobjects")
def patch(caller: Caller, request: ApiRequest, name: str, record_id: str) -> ApiAnswer:
    """PATCH /sobjects/Lead/{id}: update."""
    schema = object_addressed(caller, name, record_id)
    _refuse_id(request.body)
    update(caller, schema, record_id, request.body)
    return ApiAnswer(204)


@router.add("DELETE", "/sobjects/{name}/{record_id}", "sobjects")
def remove(caller: Caller, request: ApiRequest, name: str, record_id: str) -> ApiAnswer:
    """DELETE /sobjects/Lead/{id}."""
    delete(caller, object_addressed(caller, name, record_id), record_id)
    return ApiAnswer(204)


@router.add("GET", "/sobjects/{name}/{key}/{value}", "sobjects")
def get_by_key(caller: Caller, request: ApiRequest, name: str, key: str, value: str) -> ApiAnswer:
    """GET /sobjects/Lead/Ext__c/{value}: read by external id."""
    schema = object_named(caller, name)
    rows = find_by_key(caller, schema, key_field(schema, key), value)
    if not rows:
        raise not_found()
    if len(rows) > 1:
        return _several(caller, schema, [row.id for row in rows])
    return ApiAnswer(200, shape(caller, schema, rows[0].data, request.query.get("fields")))


@router.add("PATCH", "/sobjects/{name}/{key}/{value}", "sobjects")
def upsert(caller: Caller, request: ApiRequest, name: str, key: str, value: str) -> ApiAnswer:
    """PATCH /sobjects/Lead/Ext__c/{value}: create, or update the one record that has the value."""
    schema = object_named(caller, name)
    field = key_field(schema, key)
    update_only = request.query.get("updateOnly", "").lower() == "true"
    ids = upsert_ids(caller, schema, field, value, request.body)
    if len(ids) > 1:
        return _several(caller, schema, ids)
    if ids:
        update(caller, schema, ids[0], request.body)
        if float(caller.version) < 46:
            return ApiAnswer(204)
        return ApiAnswer(200, saved(ids[0], created=False), _location(caller, schema, ids[0]))
    if update_only or field.type == "id":
        raise not_found()
    record_id = create(caller, schema, request.body, {field.name: value})
    answer = saved(record_id, created=True)
    return ApiAnswer(201, answer, _location(caller, schema, record_id))


def upsert_ids(
    caller: Caller, schema: ObjectSchema, field: Field, value: Any, body: Any
) -> list[str]:
    """Ids of the records that an upsert by this key would change."""
    if isinstance(body, dict) and any(k.lower() in {field.name.lower(), "id"} for k in body):
        raise _key_in_body(field.name)
    return [row.id for row in find_by_key(caller, schema, field, value)]


def _refuse_id(body: Any) -> None:
    if isinstance(body, dict) and any(key.lower() == "id" for key in body):
        raise _key_in_body("Id")


def _key_in_body(name: str) -> SalesforceError:
    return SalesforceError(
        "INVALID_FIELD", f"The {name} field should not be specified in the sobject data."
    )


def shape(caller: Caller, schema: ObjectSchema, data: Record, fields: str | None) -> Record:
    """A record with `attributes`; all its fields, or those of a comma-separated list."""
    names = fields.split(",") if fields else [field.name for field in schema.fields.values()]
    url = f"{caller.base}/sobjects/{schema.name}/{data['Id']}"
    shaped: Record = {"attributes": {"type": schema.name, "url": url}}
    for name in names:
        field = schema.field(name.strip())
        if field is None:
            raise unknown_field(schema, name.strip())
        shaped[field.name] = data.get(field.name)
    shaped["Id"] = data["Id"]
    return shaped


def _location(caller: Caller, schema: ObjectSchema, record_id: str) -> dict[str, str]:
    return {"Location": f"{caller.base}/sobjects/{schema.name}/{record_id}"}


def _several(caller: Caller, schema: ObjectSchema, ids: list[str]) -> ApiAnswer:
    return ApiAnswer(300, [f"{caller.base}/sobjects/{schema.name}/{i}" for i in ids])
