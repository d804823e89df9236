"""Aggregate queries: GROUP BY, and COUNT, COUNT_DISTINCT, MIN, MAX, SUM, AVG over the groups.

SOQL and SOSL Reference, "Aggregate Functions", "Support for Field Types in Aggregate Functions",
"Use Aliases with GROUP BY", "Considerations for GROUP BY". Nulls are left out of every function.
"""

from collections.abc import Callable
from typing import Any

from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.schema import NUMBER_TYPES, Field, ObjectSchema
from sandbox.soql_ast import Aggregate, Order, Path, Select
from sandbox.soql_lexer import malformed
from sandbox.soql_sql import Compiler

MAX_GROUPS = 2000
_NEVER = {"boolean", "textarea", "address", "multipicklist"}
_NUMBERS_ONLY = {"SUM", "AVG"}
_BY_THE_LIST = {"MIN", "MAX"}
# Picklists compare by the order of their values ("Aggregate Functions"), which is not played.
# A value as it compares (texts in one letter case) and as it is shown.
Cell = tuple[Any, Any]
Group = dict[str, list[Cell]]


def _least(cells: list[Cell]) -> Any:
    return min(cells, key=lambda cell: cell[0])[1] if cells else None


def _greatest(cells: list[Cell]) -> Any:
    return max(cells, key=lambda cell: cell[0])[1] if cells else None


_FUNCTIONS: dict[str, Callable[[list[Cell]], Any]] = {
    "COUNT": len,
    "COUNT_DISTINCT": lambda cells: len({folded for folded, _ in cells}),
    "MIN": _least,
    "MAX": _greatest,
    "SUM": lambda cells: sum(shown for _, shown in cells) if cells else None,
    "AVG": lambda cells: sum(shown for _, shown in cells) / len(cells) if cells else None,
}


def run_aggregate(
    caller: Caller, compiler: Compiler, schema: ObjectSchema, select: Select
) -> dict[str, Any]:
    """The answer to a query with groups or functions that was checked."""
    keys = result_keys(compiler, select)
    groups = _in_order(_groups(caller, compiler, schema, select), select.order)
    end = None if select.limit is None else select.offset + select.limit
    groups = groups[select.offset : end]
    if len(groups) > MAX_GROUPS:
        raise SalesforceError(
            "EXCEEDED_ID_LIMIT",
            "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a "
            "single batch",
        )
    records = [
        {
            "attributes": {"type": "AggregateResult"},
            **{key: _shown(compiler, schema, group, wanted) for key, wanted in keys.items()},
        }
        for group in groups
    ]
    return {"totalSize": len(records), "done": True, "records": records}


def result_keys(compiler: Compiler, select: Select) -> dict[str, Path | Aggregate]:
    """What the query selects, by the names that the result has for it: aliases, expr0, expr1 …"""
    keys: dict[str, Path | Aggregate] = {}
    unnamed = 0
    for wanted in select.fields:
        if isinstance(wanted, Select):
            message = "Aggregate queries do not support sub-selects"
            raise malformed(compiler.text, wanted.from_at, message)
        key = wanted.alias
        if not key and isinstance(wanted, Aggregate):
            key, unnamed = f"expr{unnamed}", unnamed + 1
        key = key or str(wanted).rpartition(".")[2]
        if key.lower() in {known.lower() for known in keys}:
            raise malformed(compiler.text, wanted.at, f"duplicate alias: {key}")
        keys[key] = wanted
    return keys


def check_aggregates(compiler: Compiler, schema: ObjectSchema, select: Select) -> None:
    """Refuse what may not be grouped, named or counted so, also when no record is found."""
    result_keys(compiler, select)
    grouped = {str(path).lower() for path in select.group}
    for path in select.group:
        if not compiler.names.resolve(schema, path)[1].get("groupable"):
            message = f"field '{path}' can not be grouped in a query call"
            raise malformed(compiler.text, path.at, message)
    named = [part for part in select.fields if not isinstance(part, Select)]
    for part in [*named, *(term.path for term in select.order)]:
        if isinstance(part, Aggregate):
            _check_function(compiler, schema, part, grouped)
        elif str(part).lower() not in grouped:
            compiler.names.resolve(schema, part)
            message = f"Field must be grouped or aggregated: {part}"
            raise malformed(compiler.text, part.at, message)
    if not select.group and (select.limit is not None or select.offset):
        raise SalesforceError(
            "MALFORMED_QUERY",
            "Non-grouped query that uses overall aggregate functions cannot also use LIMIT",
        )


def _check_function(
    compiler: Compiler, schema: ObjectSchema, part: Aggregate, grouped: set[str]
) -> None:
    field = compiler.names.resolve(schema, part.path)[1]
    fits = field.type not in _NEVER and field.get("aggregatable")
    fits = fits and not (part.function in _NUMBERS_ONLY and field.type not in NUMBER_TYPES)
    if not fits or (part.function in _BY_THE_LIST and field.type == "picklist"):
        message = f"field {part.path} does not support aggregate operator {part.function}"
        raise malformed(compiler.text, part.at, message)
    if str(part.path).lower() in grouped:
        message = f"Grouped field should not be aggregated: {part.path}"
        raise malformed(compiler.text, part.at, message)


def _groups(
    caller: Caller, compiler: Compiler, schema: ObjectSchema, select: Select
) -> list[Group]:
    """Each group's cells by path, groups in the order of what they are grouped by."""
    parts = [*select.fields, *(term.path for term in select.order)]
    aggregated = [part.path for part in parts if isinstance(part, Aggregate)]
    paths = {str(path).lower(): path for path in (*select.group, *aggregated)}
    alias, sql = compiler.rows_of(schema, select.where)
    columns = [
        compiler.column(schema, alias, path, kept)
        for path in paths.values()
        for kept in ("folded", "data")
    ]
    rows = caller.storage.all(f"SELECT {', '.join(columns)} {sql}", compiler.values)
    groups: dict[tuple[Any, ...], Group] = {}
    if not select.group:
        groups[()] = {path: [] for path in paths}
    for row in rows:
        cells = dict(zip(paths, zip(row[::2], row[1::2], strict=True), strict=True))
        key = tuple(cells[str(path).lower()][0] for path in select.group)
        group = groups.setdefault(key, {path: [] for path in paths})
        for path, cell in cells.items():
            group[path].append(cell)
    ordered = sorted(groups, key=lambda key: [(value is not None, value) for value in key])
    return [groups[key] for key in ordered]


def _in_order(groups: list[Group], terms: tuple[Order, ...]) -> list[Group]:
    """Sorted by the last term first, for sorting keeps what is equal as it was."""
    for term in reversed(terms):
        empty = [group for group in groups if _value(group, term.path) is None]
        filled = [group for group in groups if _value(group, term.path) is not None]
        filled.sort(key=lambda group: _value(group, term.path), reverse=term.descending)
        groups = filled + empty if term.nulls_last else empty + filled
    return groups


def _value(group: Group, part: Path | Aggregate) -> Any:
    """What a group compares by."""
    if isinstance(part, Path):
        return group[str(part).lower()][0][0]
    value = _result(group, part)
    return value.casefold() if isinstance(value, str) else value


def _result(group: Group, part: Aggregate) -> Any:
    cells = [cell for cell in group[str(part.path).lower()] if cell[0] is not None]
    return _FUNCTIONS[part.function](cells)


def _shown(compiler: Compiler, schema: ObjectSchema, group: Group, part: Path | Aggregate) -> Any:
    if isinstance(part, Aggregate):
        return _result(group, part)
    field: Field = compiler.names.resolve(schema, part)[1]
    value = group[str(part).lower()][0][1]
    return bool(value) if field.type == "boolean" and value is not None else value
