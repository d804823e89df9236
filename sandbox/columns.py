"""`/query?q=…&columns=true`: what a query selects, instead of records.

The REST API guide is silent about it; the keys and their values are those of the answers that
Salesforce's own plugin-data keeps in its tests (salesforcecli/plugin-data,
`test/test-files/queryFields.exemplars.ts`), and the CLI's `data query` asks for it each time.
"""

from typing import Any

from sandbox.aggregates import result_keys
from sandbox.query import check_names, child_of
from sandbox.schema import ID_TYPES, NUMBER_TYPES, Field, ObjectSchema
from sandbox.soql_ast import Aggregate, Path, Select
from sandbox.soql_sql import Compiler

Column = dict[str, Any]
_APEX = {
    "boolean": "Boolean",
    "int": "Integer",
    "date": "Date",
    "datetime": "Datetime",
    "address": "Address",
    **dict.fromkeys(ID_TYPES, "Id"),
    **dict.fromkeys(NUMBER_TYPES - {"int"}, "Double"),
}
_COUNTS = {"COUNT", "COUNT_DISTINCT", "SUM", "AVG"}


def describe_columns(compiler: Compiler, schema: ObjectSchema, select: Select) -> dict[str, Any]:
    """The columns of a checked query, and what it reads."""
    if select.aggregates:
        keys = result_keys(compiler, select)
        columns = [_grouped(compiler, schema, key, part) for key, part in keys.items()]
    else:
        check_names(compiler, schema, select)
        columns = _columns(compiler, schema, select)
    return {
        "columnMetadata": columns,
        "entityName": schema.name,
        "groupBy": bool(select.group),
        "idSelected": any(column["columnName"] == "Id" for column in columns),
        "keyPrefix": schema.prefix,
    }


def _columns(compiler: Compiler, schema: ObjectSchema, select: Select) -> list[Column]:
    columns: list[Column] = []
    for wanted in select.of_record:
        if isinstance(wanted, Select):
            child, child_schema = child_of(compiler, schema, wanted)
            inner = _columns(compiler, child_schema, wanted)
            columns.append(_column(child.name, aggregate=True, joinColumns=inner))
            continue
        steps, field = compiler.names.resolve(schema, wanted)
        place = columns
        for step in steps:
            place = _join(place, step)["joinColumns"]
        place.append(_of_field(field.name, field))
    return columns


def _join(place: list[Column], step: Field) -> Column:
    """The column of a relationship, once for all fields that are read through it."""
    name = step.get("relationshipName")
    found = next((column for column in place if column["columnName"] == name), None)
    if found is None:
        found = _column(name, foreignKeyName=step.name)
        place.append(found)
    return found


def _grouped(compiler: Compiler, schema: ObjectSchema, key: str, part: Path | Aggregate) -> Column:
    if isinstance(part, Path):
        return _of_field(key, compiler.names.resolve(schema, part)[1])
    field = compiler.names.resolve(schema, part.path)[1]
    number = part.function in _COUNTS or field.type in NUMBER_TYPES
    shown = f"{part.function.lower()}({part.path})"
    return _column(key, aggregate=True, displayName=shown, numberType=number)


def _of_field(name: str, field: Field) -> Column:
    apex = _APEX.get(field.type, "String")
    return _column(
        name,
        apexType=apex,
        booleanType=apex == "Boolean",
        custom=field.get("custom"),
        insertable=field.get("createable"),
        numberType=field.type in NUMBER_TYPES,
        textType=apex == "String",
        updatable=field.get("updateable"),
    )


def _column(name: str, **known: Any) -> Column:
    return {
        "aggregate": False,
        "apexType": None,
        "booleanType": False,
        "columnName": name,
        "custom": False,
        "displayName": name,
        "foreignKeyName": None,
        "insertable": False,
        "joinColumns": [],
        "numberType": False,
        "textType": False,
        "updatable": False,
        **known,
    }
