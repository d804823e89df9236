"""A request's body against the object's fields: names, access, values, references."""

from typing import Any

from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.rows import Record, Row
from sandbox.schema import Field, ObjectSchema
from sandbox.sight import out_of_sight
from sandbox.values import clean


def read_body(caller: Caller, schema: ObjectSchema, body: Any, *, creating: bool) -> Record:
    """The body's values by their fields' proper names, each checked on its own.

    A lookup by external id (`{"Account": {"Ext__c": "A-1"}}`) becomes the reference field.
    Raises SalesforceError with the first thing that is wrong.
    """
    if not isinstance(body, dict):
        raise SalesforceError("JSON_PARSER_ERROR", "The HTTP entity body is required to be JSON")
    values: Record = {}
    for name, value in body.items():
        if name == "attributes":
            continue
        field = schema.field(name)
        if field is None and isinstance(value, dict) and (link := schema.relationship(name)):
            field, value = link, _look_up(caller, link, value)
        if field is None:
            raise unknown_field(schema, name)
        if field.name in values:
            raise SalesforceError("JSON_PARSER_ERROR", f"Duplicate field: {field.name}")
        if not field.get("createable" if creating else "updateable"):
            raise _id_given() if creating and field.type == "id" else read_only(field)
        values[field.name] = clean(field, value)
    for name, value in values.items():
        _check_reference(caller, schema.fields[name.lower()], value)
    return values


def unknown_field(schema: ObjectSchema, name: str) -> SalesforceError:
    """The refusal of a name that is no field, or is hidden from the user."""
    return SalesforceError(
        "INVALID_FIELD", f"No such column '{name}' on sobject of type {schema.name}"
    )


def read_only(field: Field) -> SalesforceError:
    """The refusal of a value for a field that the user may not write."""
    return SalesforceError(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        f"Unable to create/update fields: {field.name}. Please check the security settings of "
        "this field and verify that it is read/write for your profile or permission set.",
        fields=[field.name],
    )


def _id_given() -> SalesforceError:
    return SalesforceError(
        "INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", fields=["Id"]
    )


def check_required(schema: ObjectSchema, record: Record, *, given: Record | None = None) -> None:
    """Refuse empty required fields: of a whole new record, or among the `given` of an update.

    A custom field that is required "always" is so on every save, whatever the update names.
    """
    missing = [
        field.name
        for field in schema.fields.values()
        if field.get("createable")
        and not field.get("nillable")
        and record.get(field.name) is None
        and (
            not field.get("defaultedOnCreate")
            if given is None
            else field.name in given or field.get("custom")
        )
    ]
    if missing:
        raise SalesforceError(
            "REQUIRED_FIELD_MISSING",
            f"Required fields are missing: [{', '.join(missing)}]",
            fields=missing,
        )


def _check_reference(caller: Caller, field: Field, value: Any) -> None:
    if field.type != "reference" or value is None:
        return
    targets = [s for name in field.get("referenceTo") if (s := caller.org.object(name))]
    if targets and value[:3] not in {target.prefix for target in targets}:
        raise SalesforceError(
            "MALFORMED_ID",
            f"{field.label}: id value of incorrect type: {value}",
            fields=[field.name],
        )
    row = caller.rows.get(caller.org, value)
    if row is None:
        raise SalesforceError(
            "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=[field.name]
        )
    if row.deleted:
        raise SalesforceError(
            "ENTITY_IS_DELETED", "entity is deleted", fields=[field.name], status=400
        )
    # A contact role is a part of its opportunity, so it takes the right to edit that.
    parts_of = field.name == "OpportunityId"
    if not (caller.edits(row) if parts_of else caller.sees(row)):
        raise out_of_sight(value)


def _look_up(caller: Caller, link: Field, value: dict[str, Any]) -> str:
    """The id of the one record that `{"Ext__c": "A-1"}` names.

    A polymorphic lookup has to say the type in `attributes`, as in composite tree bodies.
    """
    keys = {k: v for k, v in value.items() if k != "attributes"}
    attributes = value.get("attributes")
    given = attributes.get("type") if isinstance(attributes, dict) else None
    target = given or link.get("referenceTo")[0]
    schema = caller.org.object(str(target))
    polymorphic = len(link.get("referenceTo")) > 1
    if schema is None or schema.name not in link.get("referenceTo") or len(keys) != 1:
        raise SalesforceError("INVALID_FIELD", f"Invalid lookup for {link.get('relationshipName')}")
    if polymorphic and "attributes" not in value:
        raise SalesforceError("INVALID_FIELD", f"{link.get('relationshipName')} needs a type")
    name, wanted = next(iter(keys.items()))
    row = find_by_key(caller, schema, key_field(schema, name), wanted)
    if not row:
        raise SalesforceError(
            "INVALID_FIELD",
            f"Foreign key external ID: {wanted} not found for field {name} in entity {schema.name}",
            fields=[],
        )
    return row[0].id


def key_field(schema: ObjectSchema, name: str) -> Field:
    """The field of that name if records may be addressed by it, else 404 NOT_FOUND."""
    field = schema.field(name)
    if field is None or not (field.get("externalId") or field.get("idLookup")):
        raise SalesforceError(
            "NOT_FOUND",
            f"Provided external ID field does not exist or is not accessible: {name}",
        )
    return field


def find_by_key(caller: Caller, schema: ObjectSchema, field: Field, value: Any) -> list[Row]:
    """Records in sight, not deleted, whose key field has that value."""
    if field.type == "id":
        row = caller.rows.get(caller.org, clean(field, value))
        found = [row] if row and not row.deleted and row.object == schema.name else []
    else:
        found = all_by_key(caller, schema, field, value)
    return [row for row in found if caller.sees(row)]


def all_by_key(caller: Caller, schema: ObjectSchema, field: Field, value: Any) -> list[Row]:
    """The same whether in sight or not, by a field with values; case counts where it says so."""
    wanted = clean(field, value)
    found = caller.rows.find(caller.org, schema.name, **{field.name: wanted})
    if field.get("caseSensitive"):
        found = [record for record in found if record[field.name] == wanted]
    return [Row(record["Id"], schema.name, False, record) for record in found]
