"""SOQL answers: records in the shape of the REST API, in batches."""

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sandbox.aggregates import check_aggregates, run_aggregate
from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.rows import Record
from sandbox.schema import Child, Field, ObjectSchema
from sandbox.soql import parse
from sandbox.soql_ast import Compare, Junction, Literal, Path, Select
from sandbox.soql_lexer import malformed
from sandbox.soql_sql import Compiler

Answer = dict[str, Any]
MAX_OFFSET = 2000


def run_query(caller: Caller, text: str, *, deleted_too: bool = False) -> Answer:
    """The first batch for a query. Raises SalesforceError for anything wrong with it."""
    compiler, schema, select = read_query(caller, text, deleted_too=deleted_too)
    if select.aggregates:
        return run_aggregate(caller, compiler, schema, select)
    if select.count:
        _, sql = compiler.rows_of(schema, select.where)
        row = caller.storage.one(f"SELECT COUNT(*) AS n {sql}", compiler.values)
        return {"totalSize": row["n"] if row else 0, "done": True, "records": []}
    records = [
        Shape(caller, compiler).record(schema, select, data)
        for data in _fetch(caller, compiler, schema, select)
    ]
    return _first_batch(caller, records)


def read_query(
    caller: Caller, text: str, *, deleted_too: bool = False
) -> tuple[Compiler, ObjectSchema, Select]:
    """The query as the running user may ask it, what it selects checked."""
    select = parse(text)
    compiler = Compiler(caller.org, text, caller.sight, deleted_too=deleted_too, zone=caller.zone)
    schema = compiler.names.object(select.from_name, select.from_at)
    if select.offset > MAX_OFFSET:
        raise SalesforceError("NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000")
    if select.aggregates:
        check_aggregates(compiler, schema, select)
    else:
        check_names(compiler, schema, select)
    return compiler, schema, _only_visible(caller, compiler, schema, select)


def _only_visible(
    caller: Caller, compiler: Compiler, schema: ObjectSchema, select: Select
) -> Select:
    """The query as the running user may ask it of users: of all, of himself, or not at all."""
    visible = caller.org.settings.visible_users
    if schema.name != "User" or visible == "all":
        return select
    if visible == "none":
        message = "sObject type 'User' is not supported."
        raise malformed(compiler.text, select.from_at, message, "INVALID_TYPE")
    own = Compare(Path(("Id",), select.from_at), "=", Literal("string", caller.user_id, 0))
    where = own if select.where is None else Junction("AND", (own, select.where))
    return replace(select, where=where)


def check_names(compiler: Compiler, schema: ObjectSchema, select: Select) -> None:
    """Refuse unknown and repeated fields, also when no record is found."""
    seen: set[str] = set()
    for wanted in select.of_record:
        if isinstance(wanted, Select):
            check_names(compiler, child_of(compiler, schema, wanted)[1], wanted)
            continue
        compiler.names.resolve(schema, wanted)
        if str(wanted).lower() in seen:
            message = f"duplicate field selected: {wanted}"
            raise malformed(compiler.text, wanted.at, message, "INVALID_FIELD")
        seen.add(str(wanted).lower())


def child_of(
    compiler: Compiler, schema: ObjectSchema, select: Select
) -> tuple[Child, ObjectSchema]:
    """The child relationship that a sub-select reads, and its object."""
    child = schema.child(select.from_name)
    child_schema = compiler.org.object(child.object) if child else None
    if child is None or child_schema is None or not child_schema.field(child.field) or select.count:
        raise malformed(
            compiler.text,
            select.from_at,
            f"Didn't understand relationship '{select.from_name}' in FROM part of query call.",
            "INVALID_TYPE",
        )
    return child, child_schema


def next_records(caller: Caller, locator: str) -> Answer:
    """A further batch: `locator` is `<cursor id>-<offset>` from nextRecordsUrl."""
    cursor, _, offset = locator.partition("-")
    row = caller.storage.one(
        "SELECT * FROM cursors WHERE id = ? AND org = ?", (cursor, caller.org.id)
    )
    if row is None or not offset.isdigit():
        raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
    records = json.loads(row["records"])
    return _batch(caller, cursor, records, int(offset), row["batch"])


def _fetch(
    caller: Caller, compiler: Compiler, schema: ObjectSchema, select: Select
) -> list[Record]:
    alias, sql = compiler.rows_of(schema, select.where)
    sql = f"SELECT {alias}.data {sql}{compiler.order(schema, alias, select.order)}"
    sql += f" LIMIT {-1 if select.limit is None else select.limit} OFFSET {select.offset}"
    return [json.loads(row["data"]) for row in caller.storage.all(sql, compiler.values)]


def _first_batch(caller: Caller, records: list[Record]) -> Answer:
    if len(records) <= caller.batch:
        return {"totalSize": len(records), "done": True, "records": records}
    cursor = f"01g{uuid4().hex[:12]}AAA"
    values = (cursor, caller.org.id, json.dumps(records), len(records), caller.batch)
    caller.storage.run("INSERT INTO cursors VALUES (?, ?, ?, ?, ?)", values)
    return _batch(caller, cursor, records, 0, caller.batch)


def _batch(caller: Caller, cursor: str, records: list[Record], start: int, size: int) -> Answer:
    end = start + size
    answer: Answer = {"totalSize": len(records), "done": end >= len(records)}
    if not answer["done"]:
        answer["nextRecordsUrl"] = f"{caller.base}/query/{cursor}-{end}"
    return {**answer, "records": records[start:end]}


class Shape:
    """Puts stored records into the shape a query asks for."""

    def __init__(self, caller: Caller, compiler: Compiler) -> None:
        self.caller = caller
        self.compiler = compiler

    def record(self, schema: ObjectSchema, select: Select, data: Record) -> Record:
        """One record with `attributes` and the selected fields, nested where related."""
        shaped: Record = {"attributes": self._attributes(schema.name, schema.name, data["Id"])}
        for wanted in select.of_record:
            if isinstance(wanted, Select):
                child = self._children(schema, wanted, data["Id"])
                shaped[child[0]] = child[1]
                continue
            steps, field = self.compiler.names.resolve(schema, wanted)
            self._place(shaped, data, steps, field)
        return shaped

    def _place(self, shaped: Record, data: Record, steps: list[Field], field: Field) -> None:
        """Write a field's value into the nested result, null where a lookup is empty."""
        for step in steps:
            relation = step.get("relationshipName")
            row = self.caller.rows.get(self.caller.org, data.get(step.name))
            if row is None or not self.caller.sees(row):
                shaped.setdefault(relation, None)
                return
            shown = "Name" if len(step.get("referenceTo")) > 1 else row.object
            link = {"attributes": self._attributes(shown, row.object, row.id)}
            shaped[relation] = shaped.get(relation) or link
            shaped, data = shaped[relation], {**row.data, "Type": row.data.get("Type", row.object)}
            if shown == "Name":
                data["Type"] = "Queue" if row.object == "Group" else row.object
        shaped[field.name] = data.get(field.name)

    def _children(
        self, schema: ObjectSchema, select: Select, parent_id: str
    ) -> tuple[str, Answer | None]:
        """A sub-select's name and result; null when it finds nothing."""
        child, child_schema = child_of(self.compiler, schema, select)
        link = Compare(Path((child.field,), select.from_at), "=", Literal("string", parent_id, 0))
        compiler = Compiler(
            self.caller.org, self.compiler.text, self.caller.sight, zone=self.compiler.zone
        )
        _, sql = compiler.rows_of(child_schema, link)
        alias = "r1"
        if select.where is not None:
            sql += f" AND {compiler.condition(child_schema, alias, select.where, top=True)}"
        sql = f"SELECT {alias}.data {sql}{compiler.order(child_schema, alias, select.order)}"
        sql += f" LIMIT {-1 if select.limit is None else select.limit} OFFSET {select.offset}"
        rows = self.caller.storage.all(sql, compiler.values)
        records = [self.record(child_schema, select, json.loads(row["data"])) for row in rows]
        if not records:
            return child.name, None
        return child.name, {"totalSize": len(records), "done": True, "records": records}

    def _attributes(self, shown: str, name: str, record_id: str) -> dict[str, str]:
        return {"type": shown, "url": f"{self.caller.base}/sobjects/{name}/{record_id}"}
