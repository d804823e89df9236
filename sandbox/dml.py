"""Create, update, delete: each one record, each with every check that Salesforce would make."""

from typing import Any

from sandbox.body import check_required, read_body
from sandbox.caller import Caller
from sandbox.clock import now_stamp
from sandbox.duplicates import check_duplicates, check_unique
from sandbox.errors import SalesforceError
from sandbox.ids import parse_id
from sandbox.object_rules import OBJECT_RULES
from sandbox.ownership import assign_owner
from sandbox.person_accounts import mirror_contact, refuse_person_contact
from sandbox.record_types import assign_record_type
from sandbox.rows import Record, Row
from sandbox.schema import ObjectSchema
from sandbox.sight import not_editable, out_of_sight
from sandbox.validation import check_validation


def create(caller: Caller, schema: ObjectSchema, body: Any, key: Record | None = None) -> str:
    """Create one record and return its id. `key` is the external id an upsert was addressed by."""
    _check_allowed(schema, "createable", "create")
    with caller.storage.transaction():
        caller.before_write(schema.name)
        given = {**read_body(caller, schema, body, creating=True), **(key or {})}
        if caller.org.settings.storage_full:
            raise SalesforceError("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", fields=[])
        record = {**_blank(schema), **given}
        _stamp(caller, schema, record, created=True)
        assign_owner(caller, schema, record, given)
        assign_record_type(caller, schema, record, given, creating=True)
        for flow in caller.org.settings.flows:
            record |= flow.sets if flow.object == schema.name else {}
        _check_all(caller, schema, record, given, None)
        record_id = caller.rows.insert(caller.org, schema, record)
        _after_write(caller, schema, record, created=True)
    return record_id


def update(caller: Caller, schema: ObjectSchema, record_id: str, body: Any) -> None:
    """Change one record; fields that the body does not name stay."""
    _check_allowed(schema, "updateable", "update")
    with caller.storage.transaction():
        caller.before_write(schema.name)
        before = editable(caller, schema, record_id).data
        given = read_body(caller, schema, body, creating=False)
        record = {**before, **given}
        _stamp(caller, schema, record, created=False)
        assign_owner(caller, schema, record, given)
        assign_record_type(caller, schema, record, given, creating=False)
        _check_all(caller, schema, record, given, before)
        caller.rows.replace(schema, record)
        _after_write(caller, schema, record, created=False)


def delete(caller: Caller, schema: ObjectSchema, record_id: str) -> None:
    """Move one record, and the children that depend on it, into the recycle bin."""
    _check_allowed(schema, "deletable", "delete")
    with caller.storage.transaction():
        caller.before_write(schema.name)
        row = editable(caller, schema, record_id)
        if not caller.deletes(row):
            raise not_editable()
        if schema.name == "Contact":
            refuse_person_contact(row.data)
        _delete_with_children(caller, schema, row.id)


def editable(caller: Caller, schema: ObjectSchema, record_id: str) -> Row:
    """The record to change, or 403: the user may not change it or does not even see it."""
    row = existing(caller, schema, record_id)
    if not caller.sees(row):
        raise out_of_sight(row.id)
    if not caller.edits(row):
        raise not_editable()
    return row


def existing(caller: Caller, schema: ObjectSchema, record_id: str) -> Row:
    """A stored record, or 404: never there, of another object, or deleted."""
    row = caller.rows.get(caller.org, parse_id(record_id))
    if row is None or row.object != schema.name:
        raise SalesforceError(
            "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=[], status=404
        )
    if row.deleted:
        raise SalesforceError("ENTITY_IS_DELETED", "entity is deleted", fields=[])
    return row


def _check_allowed(schema: ObjectSchema, flag: str, operation: str) -> None:
    if not schema.raw[flag]:
        raise SalesforceError(
            "INVALID_TYPE_FOR_OPERATION",
            f"entity type {schema.name} does not support {operation}",
        )


def _blank(schema: ObjectSchema) -> Record:
    """A record with every field: false for checkboxes, defaults for picklists, else empty."""
    return {
        field.name: False if field.type == "boolean" else field.raw.get("defaultValue")
        for field in schema.stored.values()
    }


def _stamp(caller: Caller, schema: ObjectSchema, record: Record, *, created: bool) -> None:
    moment = now_stamp()
    record |= {"LastModifiedDate": moment, "SystemModstamp": moment}
    record["LastModifiedById"] = caller.user_id
    if created:
        record |= {"CreatedDate": moment, "CreatedById": caller.user_id}


def _check_all(
    caller: Caller, schema: ObjectSchema, record: Record, given: Record, before: Record | None
) -> None:
    rule = OBJECT_RULES.get(schema.name)
    person = schema.name == "Account" and caller.org.settings.person_accounts
    if person and rule:
        rule(caller, record, given, before)
    check_required(schema, record, given=None if before is None else given)
    if rule and not person:
        rule(caller, record, given, before)
    check_duplicates(caller, schema, record, given)
    check_unique(caller, schema, record)


def _after_write(caller: Caller, schema: ObjectSchema, record: Record, *, created: bool) -> None:
    check_validation(caller, schema, record["Id"])
    if schema.name == "Account":
        mirror_contact(caller, record)
    if schema.name == "Opportunity" and created and record.get("ContactId"):
        _primary_role(caller, schema, record)


def _primary_role(caller: Caller, schema: ObjectSchema, opportunity: Record) -> None:
    """ContactId of a new opportunity becomes its primary contact role and reads back empty."""
    roles = caller.org.object("OpportunityContactRole")
    if roles is not None:
        link = {"OpportunityId": opportunity["Id"], "ContactId": opportunity["ContactId"]}
        create(caller.system(), roles, {**link, "IsPrimary": True})
    caller.rows.replace(schema, {**opportunity, "ContactId": None})


def _delete_with_children(caller: Caller, schema: ObjectSchema, record_id: str) -> None:
    caller.rows.mark_deleted(record_id)
    for child in schema.children:
        child_schema = caller.org.object(child.object)
        if not child.cascade or child_schema is None:
            continue
        for record in caller.rows.find(caller.org, child.object, **{child.field: record_id}):
            _delete_with_children(caller, child_schema, record["Id"])
