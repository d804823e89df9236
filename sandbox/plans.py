"""`/query?explain=…`: how Salesforce would find the records, without reading them.

REST API guide, "Query Performance Feedback" and "Get Feedback on Query Performance": the keys, the
words of the note, the 0.65 of a scan of few records. What is indexed, and how many records make an
index worth while: "Best Practices for Deployments with Large Data Volumes", "Indexes" and
"Standard and Custom Indexed Fields". That a scan costs too much from 200,000 records on: Apex
Developer Guide, "Working with Very Large SOQL Queries".
"""

from typing import Any

from sandbox.caller import Caller
from sandbox.limits import records_of
from sandbox.query import read_query
from sandbox.schema import Field, ObjectSchema
from sandbox.soql_ast import Compare, Condition, InList, InSelect, Junction, Path, Select
from sandbox.soql_sql import Compiler

_STANDARD = {"Name", "CreatedDate", "LastModifiedDate", "SystemModstamp", "Email"}
_UNINDEXED = "Not considering filter for optimization because unindexed"
_FEWEST = 1000  # an index is worth while on a handful too, as in the guide's example
_FEW_TO_SCAN, _MANY_TO_SCAN = 0.65, 200_000
# The share of an object's first million records, and of the others, that an index may lead to.
_SELECTIVE = {"standard": (0.3, 0.15), "custom": (0.1, 0.05)}

Plan = dict[str, Any]
Simple = Compare | InList | InSelect


def explain(caller: Caller, text: str) -> dict[str, Any]:
    """The plans, the cheapest first. Raises SalesforceError for anything wrong with the query."""
    compiler, schema, select = read_query(caller, text)
    total = records_of(caller, schema.name)
    _count(caller, compiler, schema, select.where)  # refuses what the query may not filter by
    found = [_indexed(caller, compiler, schema, part, total) for part in _usable(schema, select)]
    scan = {"cardinality": total, "fields": [], "leadingOperationType": "TableScan"}
    cost = max(_FEW_TO_SCAN, total / _MANY_TO_SCAN)
    notes = _notes(schema, select)
    plans = [
        {**plan, "notes": notes, "sobjectCardinality": total, "sobjectType": schema.name}
        for plan in [*found, {**scan, "relativeCost": cost}]
    ]
    return {"plans": sorted(plans, key=lambda plan: plan["relativeCost"])}


def _indexed(
    caller: Caller, compiler: Compiler, schema: ObjectSchema, part: Simple, total: int
) -> Plan:
    """The plan that an index on one condition would make."""
    number = _count(caller, compiler, schema, part)
    kind = "custom" if _field(schema, part.path).get("custom") else "standard"
    first, others = _SELECTIVE[kind]
    counted = min(max(total, _FEWEST), 1_000_000)
    threshold = first * counted + others * max(0, total - 1_000_000)
    return {
        "cardinality": number,
        "fields": [_field(schema, part.path).name],
        "leadingOperationType": "Index",
        "relativeCost": number / threshold,
    }


def _usable(schema: ObjectSchema, select: Select) -> list[Simple]:
    """The conditions, all of which have to hold, that an index answers."""
    return [part for part in _all_of(select.where) if _answers(schema, part)]


def _all_of(where: Condition | None) -> list[Simple]:
    parts = where.parts if isinstance(where, Junction) and where.word == "AND" else (where,)
    return [part for part in parts if isinstance(part, Simple)]


def _answers(schema: ObjectSchema, part: Simple) -> bool:
    """Whether the field has an index and the operator can use it."""
    if len(part.path.parts) > 1 or not _is_indexed(_field(schema, part.path)):
        return False
    if isinstance(part, Compare):
        pattern = part.op == "LIKE" and part.literal.like.startswith(("%", "_"))
        return part.op != "!=" and not pattern and part.literal.kind != "null"
    return not part.negated


def _is_indexed(field: Field) -> bool:
    known = field.type in {"id", "reference"} or field.name in _STANDARD
    return bool(known or field.get("externalId") or field.get("unique"))


def _field(schema: ObjectSchema, path: Path) -> Field:
    return schema.fields[path.parts[-1].lower()]


def _notes(schema: ObjectSchema, select: Select) -> list[dict[str, Any]]:
    """Why no index serves a condition; that of deleted records is always one of them."""
    names = [str(part.path) for part in _all_of(select.where) if not _answers(schema, part)]
    return [
        {"description": _UNINDEXED, "fields": [name], "tableEnumOrId": schema.name}
        for name in [*dict.fromkeys(names), "IsDeleted"]
    ]


def _count(
    caller: Caller, compiler: Compiler, schema: ObjectSchema, where: Condition | None
) -> int:
    counting = Compiler(compiler.org, compiler.text, compiler.sight, zone=compiler.zone)
    _, sql = counting.rows_of(schema, where)
    row = caller.storage.one(f"SELECT COUNT(*) AS n {sql}", counting.values)
    return int(row["n"]) if row else 0
