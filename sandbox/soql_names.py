"""Names in a query against an org's objects: fields, relationships, child relationships."""

from sandbox.errors import SalesforceError
from sandbox.org import Org
from sandbox.schema import Field, ObjectSchema
from sandbox.soql_ast import Path
from sandbox.soql_lexer import malformed

MAX_DEPTH = 5

# What can be read through a lookup to several objects (Owner, Who, What): the fields of the
# object called Name in the Object Reference.
NAME_FIELDS: dict[str, tuple[str, int]] = {
    "Id": ("id", 18),
    "Name": ("string", 121),
    "FirstName": ("string", 40),
    "LastName": ("string", 80),
    "Email": ("email", 80),
    "Phone": ("phone", 40),
    "Title": ("string", 128),
    "Alias": ("string", 8),
    "Username": ("string", 80),
    "IsActive": ("boolean", 0),
    "Type": ("string", 40),
}
_NAME_SCHEMA = ObjectSchema(
    "Name",
    {},
    {
        name.lower(): Field(name, kind, name, length, {"nillable": True})
        for name, (kind, length) in NAME_FIELDS.items()
    },
    (),
)
NAME_TYPE = _NAME_SCHEMA.fields["type"]


class Names:
    """Resolves the names of one query text; refusals mark the place in it."""

    def __init__(self, org: Org, text: str) -> None:
        self.org = org
        self.text = text

    def object(self, name: str, at: int) -> ObjectSchema:
        """The object, or INVALID_TYPE."""
        schema = self.org.object(name)
        if schema is None or not schema.raw["queryable"]:
            raise malformed(
                self.text,
                at,
                f"sObject type '{name}' is not supported. If you are attempting to use a custom "
                "object, be sure to append the '__c' after the entity name. Please reference your "
                "WSDL or the describe call for the appropriate names.",
                "INVALID_TYPE",
            )
        return schema

    def resolve(self, schema: ObjectSchema, path: Path) -> tuple[list[Field], Field]:
        """The reference fields on the way, and the field at the end of a path."""
        if len(path.parts) > MAX_DEPTH + 1:
            raise malformed(self.text, path.at, f"{path}: too many relationships")
        steps: list[Field] = []
        for number, part in enumerate(path.parts[:-1]):
            # `Lead.Name` in a query on Lead is a way to write `Name`.
            if number == 0 and part.lower() == schema.name.lower():
                continue
            step = schema.relationship(part)
            if step is None:
                raise malformed(
                    self.text,
                    path.at,
                    f"Didn't understand relationship '{part}' in field path. If you are attempting "
                    "to use a custom relationship, be sure to append the '__r' after the custom "
                    "relationship name.",
                    "INVALID_FIELD",
                )
            steps.append(step)
            schema = self.target(step)
        field = schema.field(path.parts[-1])
        if field is None or (schema is _NAME_SCHEMA and self._is_hidden(steps[-1], field)):
            raise self._no_column(path, schema)
        return steps, field

    def target(self, step: Field) -> ObjectSchema:
        """The object behind a reference field; `Name` where there may be several."""
        names = step.get("referenceTo")
        if len(names) > 1:
            return _NAME_SCHEMA
        schema = self.org.object(names[0])
        return schema if schema is not None else _NAME_SCHEMA

    def _is_hidden(self, step: Field, field: Field) -> bool:
        """Whether one of the objects behind a polymorphic lookup keeps the field from the user."""
        behind = (self.org.object(name) for name in step.get("referenceTo"))
        return any(schema and field.name.lower() in schema.hidden for schema in behind)

    def _no_column(self, path: Path, schema: ObjectSchema) -> SalesforceError:
        return malformed(
            self.text,
            path.at,
            f"No such column '{path.parts[-1]}' on entity '{schema.name}'. If you are attempting "
            "to use a custom field, be sure to append the '__c' after the custom field name. "
            "Please reference your WSDL or the describe call for the appropriate names.",
            "INVALID_FIELD",
        )
