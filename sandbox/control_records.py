"""Control API: any record of any object, read-only fields included."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from sandbox.answers import json_answer
from sandbox.body import unknown_field
from sandbox.clock import now_stamp
from sandbox.control import org_named, system_caller
from sandbox.control_errors import answer_errors
from sandbox.dml import create
from sandbox.org import Org
from sandbox.rows import Record
from sandbox.schema import ObjectSchema
from sandbox.services import Services, services

control_records = Blueprint("control_records", __name__, url_prefix="/__control__/orgs/<name>")
answer_errors(control_records)


def _schema(org: Org, object_name: str) -> ObjectSchema:
    schema = org.whole.object(object_name)
    if schema is None:
        raise NotFound(f"no object {object_name}")
    return schema


@control_records.get("/records/<object_name>")
def list_records(name: str, object_name: str) -> Response:
    """Every record of an object, oldest first; `deleted=1` shows the recycle bin instead."""
    org, found = org_named(name), services()
    schema = _schema(org, object_name)
    deleted = request.args.get("deleted") == "1"
    return json_answer(200, found.rows.all(org, schema.name, deleted=deleted))


@control_records.post("/records/<object_name>")
def plant_records(name: str, object_name: str) -> Response:
    """Store a record, or a list of them, whatever the org's rules; answers their ids."""
    org, found = org_named(name), services()
    schema = _schema(org, object_name)
    body = request.get_json(force=True)
    entries = body if isinstance(body, list) else [body]
    with found.storage.transaction():
        ids = [_plant(found, org, schema, entry) for entry in entries]
    return json_answer(201, {"ids": ids})


@control_records.patch("/records/<object_name>/<record_id>")
def change_record(name: str, object_name: str, record_id: str) -> Response:
    """Put values as they are, read-only ones too (`{"IsActive": false}` on a User)."""
    org, found = org_named(name), services()
    schema = _schema(org, object_name)
    row = found.rows.get(org, record_id)
    if row is None or row.object != schema.name:
        raise NotFound(f"no {object_name} {record_id}")
    with found.storage.transaction():
        found.rows.replace(schema, {**row.data, **_named(schema, request.get_json(force=True))})
    return json_answer(200, {"id": record_id})


@control_records.delete("/records/<object_name>/<record_id>")
def delete_record(name: str, object_name: str, record_id: str) -> Response:
    """Move a record into the recycle bin, without its children."""
    found = services()
    if found.rows.get(org_named(name), record_id) is None:
        raise NotFound(f"no {object_name} {record_id}")
    with found.storage.transaction():
        found.rows.mark_deleted(record_id)
    return json_answer(200, {"id": record_id})


def _named(schema: ObjectSchema, body: dict[str, Any]) -> Record:
    values: Record = {}
    for name, value in body.items():
        field = schema.field(name)
        if field is None:
            raise unknown_field(schema, name)
        values[field.name] = value
    return values


def _plant(found: Services, org: Org, schema: ObjectSchema, body: dict[str, Any]) -> str:
    """Create by the usual way what it can write, then put the rest over it."""
    values = _named(schema, body)
    if not schema.raw["createable"]:
        return found.rows.insert(org, schema, {**_setup_values(schema), **values})
    forced = {k for k in values if not schema.fields[k.lower()].get("createable")}
    if values.get("IsConverted"):
        forced |= {"IsConverted", "Status"} & values.keys()
    lenient = replace(
        org.settings,
        duplicate_rules=[],
        validation_rules=[],
        assignment_owner=None,
        storage_full=False,
        custom_fields={
            name: [{**field, "nillable": True} for field in fields]
            for name, fields in org.settings.custom_fields.items()
        },
    )
    caller = system_caller(found, Org(org.id, org.name, lenient))
    usual = {k: v for k, v in values.items() if k not in forced}
    record_id = create(caller, caller.org.object(schema.name) or schema, usual)
    row = found.rows.get(org, record_id)
    if row is not None and forced:
        found.rows.replace(schema, {**row.data, **{k: values[k] for k in forced}})
    return record_id


def _setup_values(schema: ObjectSchema) -> Record:
    """Times and false checkboxes for records that REST cannot create."""
    moment = now_stamp()
    times = ("CreatedDate", "LastModifiedDate", "SystemModstamp")
    boxes = {f.name: False for f in schema.fields.values() if f.type == "boolean"}
    return {**boxes, **{name: moment for name in times if schema.field(name)}}
