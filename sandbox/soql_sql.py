"""SOQL conditions as SQL over the table of records, each name and literal type checked.

Texts compare in any letter case, ids exactly; an absent value is null; NOT and != include nulls,
as in SOQL.
"""

from datetime import UTC, date, datetime, tzinfo
from typing import Any

from sandbox.clock import stamp
from sandbox.errors import SalesforceError
from sandbox.ids import to_18
from sandbox.org import Org
from sandbox.schema import ID_TYPES, NUMBER_TYPES, TEXT_TYPES, Field, ObjectSchema
from sandbox.sight import Sight
from sandbox.soql_ast import (
    Compare,
    Condition,
    InList,
    InSelect,
    Junction,
    Literal,
    Not,
    Order,
    Path,
    Select,
)
from sandbox.soql_lexer import malformed
from sandbox.soql_names import NAME_TYPE, Names
from sandbox.soql_periods import stretch

MAX_SEMI_JOINS = 2


class Compiler:
    """Compiles one query for one org; `values` are the parameters in the order of the text.

    sight: of the user who asks; None for the org's own rules, which see everything.
    zone: where the days of date literals begin.
    """

    def __init__(
        self,
        org: Org,
        text: str,
        sight: Sight | None = None,
        *,
        deleted_too: bool = False,
        zone: tzinfo = UTC,
    ) -> None:
        self.org = org
        self.sight = sight
        self.text = text
        self.names = Names(org, text)
        self.deleted_too = deleted_too
        self.zone = zone
        self.values: list[Any] = []
        self._aliases = 0
        self._semi_joins = 0
        self._in_semi_join = False

    def rows_of(self, schema: ObjectSchema, where: Condition | None) -> tuple[str, str]:
        """The alias and the `FROM … WHERE …` for an object's records under a condition."""
        self._aliases += 1
        alias = f"r{self._aliases}"
        self.values += [self.org.id, schema.name]
        sql = f"FROM records {alias} WHERE {alias}.org = ? AND {alias}.object = ?"
        if not self.deleted_too:
            sql += f" AND {alias}.deleted = 0"
        if self.sight and (seen := self.sight.of(schema.name, alias)):
            sql += f" AND {seen}"
        if where is not None:
            sql += f" AND {self.condition(schema, alias, where, top=True)}"
        return alias, sql

    def condition(
        self, schema: ObjectSchema, alias: str, part: Condition, *, top: bool = False
    ) -> str:
        """One condition on the records behind `alias`."""
        if isinstance(part, Junction):
            joined = part.word == "AND" and top
            inner = [self.condition(schema, alias, p, top=joined) for p in part.parts]
            return "(" + f" {part.word} ".join(inner) + ")"
        if isinstance(part, Not):
            return f"NOT COALESCE({self.condition(schema, alias, part.part)}, 0)"
        if isinstance(part, InSelect):
            return self._semi_join(schema, alias, part, top)
        if isinstance(part, InList):
            return self._in_list(schema, alias, part)
        return self._compare(schema, alias, part)

    def order(self, schema: ObjectSchema, alias: str, terms: tuple[Order, ...]) -> str:
        """ORDER BY with Salesforce's default of nulls first, ties by id."""
        parts = []
        for term in terms:
            assert isinstance(term.path, Path), "functions order groups only"  # noqa: S101
            column, field = self._column(schema, alias, term.path)
            if not field.get("sortable"):
                raise self._refuse(
                    term.path.at,
                    f"field '{term.path}' can not be sorted in a query call",
                    "INVALID_FIELD",
                )
            direction = "DESC" if term.descending else "ASC"
            parts.append(f"{column} {direction} NULLS {'LAST' if term.nulls_last else 'FIRST'}")
        return " ORDER BY " + ", ".join([*parts, f"{alias}.id"])

    def column(self, schema: ObjectSchema, alias: str, path: Path, kept: str) -> str:
        """The SQL expression of a path's value, as it is compared ("folded") or shown ("data")."""
        return self._column(schema, alias, path, kept)[0]

    def _column(
        self, schema: ObjectSchema, alias: str, path: Path, kept: str = "folded"
    ) -> tuple[str, Field]:
        """The SQL expression of a path: through relationships by one sub-select each."""
        steps, field = self.names.resolve(schema, path)
        if not steps:
            return f"json_extract({alias}.{kept}, '$.{field.name}')", field
        self._aliases += len(steps)
        first = self._aliases - len(steps) + 1
        name, tables, links = f"j{first}", [], []
        reference = f"json_extract({alias}.folded, '$.{steps[0].name}')"
        for number in range(len(steps)):
            name = f"j{first + number}"
            tables.append(f"records {name}")
            links.append(f"{name}.id = {reference}")
            if self.sight and (seen := self.sight.of_any(name)):
                links.append(seen)
            if number + 1 < len(steps):
                reference = f"json_extract({name}.folded, '$.{steps[number + 1].name}')"
        value = f"json_extract({name}.{kept}, '$.{field.name}')"
        if field is NAME_TYPE:
            value = f"CASE {name}.object WHEN 'Group' THEN 'queue' ELSE lower({name}.object) END"
        return f"(SELECT {value} FROM {', '.join(tables)} WHERE {' AND '.join(links)})", field  # noqa: S608

    def _compare(self, schema: ObjectSchema, alias: str, part: Compare) -> str:
        column, field = self._filter_column(schema, alias, part.path)
        if part.op == "LIKE":
            if field.type not in TEXT_TYPES:
                raise self._refuse(
                    part.path.at,
                    f"invalid operator on {field.type} field",
                    "INVALID_QUERY_FILTER_OPERATOR",
                )
            self.values.append(part.literal.like.casefold())
            return f"{column} LIKE ? ESCAPE '\\'"
        if part.literal.kind == "period" and field.type in {"date", "datetime"}:
            return self._within(column, field, part)
        value = self._value(field, part.path, part.literal)
        if part.op in {"=", "!="}:
            self.values.append(value)
            if value is None:
                return f"{column} {'IS' if part.op == '=' else 'IS NOT'} ?"
            return f"{column} = ?" if part.op == "=" else f"{column} IS NOT ?"
        if field.type == "boolean" or field.type in ID_TYPES or value is None:
            raise self._refuse(
                part.path.at,
                f"invalid operator on {field.type} field",
                "INVALID_QUERY_FILTER_OPERATOR",
            )
        self.values.append(value)
        return f"{column} {part.op} ?"

    def _within(self, column: str, field: Field, part: Compare) -> str:
        """A comparison with a stretch of days, which begin at midnight in the zone."""
        try:
            start, end = stretch(part.literal.value, field.type, self.zone)
        except (ValueError, OverflowError) as error:
            message = f"invalid date literal: {part.literal.value}"
            raise self._refuse(part.literal.at, message) from error
        if part.op in {"=", "!="}:
            self.values += [start, end]
            inside = f"({column} >= ? AND {column} < ?)"
            return inside if part.op == "=" else f"NOT COALESCE({inside}, 0)"
        self.values.append(start if part.op in {"<", ">="} else end)
        return f"{column} {'<' if part.op in {'<', '<='} else '>='} ?"

    def _in_list(self, schema: ObjectSchema, alias: str, part: InList) -> str:
        column, field = self._filter_column(schema, alias, part.path)
        values = [self._value(field, part.path, literal) for literal in part.values]
        real = [value for value in values if value is not None]
        self.values += real
        marks = f"{column} {'NOT IN' if part.negated else 'IN'} ({', '.join('?' * len(real))})"
        has_null = None in values
        if part.negated:
            return (
                f"({column} IS NOT NULL AND {marks})"
                if has_null
                else f"({column} IS NULL OR {marks})"
            )
        return f"({column} IS NULL OR {marks})" if has_null else marks

    def _semi_join(self, schema: ObjectSchema, alias: str, part: InSelect, top: bool) -> str:
        at = part.path.at
        self._semi_joins += 1
        if not top:
            raise self._refuse(at, "Semi join sub-selects are not allowed with the 'OR' operator")
        if self._in_semi_join:
            raise self._refuse(at, "Nesting of semi join sub-selects is not supported")
        if self._semi_joins > MAX_SEMI_JOINS:
            raise self._refuse(at, "Maximum 2 semi join sub-selects are allowed")
        column, field = self._filter_column(schema, alias, part.path)
        inner, inner_path = self._inner_select(schema, part.select)
        self._in_semi_join = True
        inner_alias, sql = self.rows_of(inner, part.select.where)
        self._in_semi_join = False
        inner_column, inner_field = self._column(inner, inner_alias, inner_path)
        if field.type not in ID_TYPES or inner_field.type not in ID_TYPES:
            raise self._refuse(
                at, "Semi join sub-selects need id fields on both sides", "INVALID_FIELD"
            )
        word = "NOT IN" if part.negated else "IN"
        # A null among the inner values would make NOT IN false for every record.
        return f"{column} {word} (SELECT {inner_column} {sql} AND {inner_column} IS NOT NULL)"

    def _inner_select(self, outer: ObjectSchema, select: Select) -> tuple[ObjectSchema, Path]:
        inner = self.names.object(select.from_name, select.from_at)
        if inner.name == outer.name:
            raise self._refuse(
                select.from_at, "The inner and outer selects should not be on the same object type"
            )
        path = select.fields[0] if len(select.fields) == 1 else None
        if (
            not isinstance(path, Path)
            or len(path.parts) > 1
            or select.order
            or select.limit is not None
        ):
            raise self._refuse(
                select.from_at, "a semi join sub-select selects one field, without order and limit"
            )
        return inner, path

    def _filter_column(self, schema: ObjectSchema, alias: str, path: Path) -> tuple[str, Field]:
        column, field = self._column(schema, alias, path)
        if not field.get("filterable") or field.type == "address":
            raise self._refuse(
                path.at, f"field '{path}' can not be filtered in a query call", "INVALID_FIELD"
            )
        return column, field

    def _value(self, field: Field, path: Path, literal: Literal) -> Any:
        """The literal as the folded records hold it; refused when its type does not fit."""
        if literal.kind == "null" or (literal.kind == "string" and literal.value == ""):
            return None
        if field.type in ID_TYPES and literal.kind == "string":
            if (full := to_18(literal.value)) is None:
                raise self._refuse(
                    literal.at,
                    f"invalid ID field: {literal.value}",
                    "INVALID_QUERY_FILTER_OPERATOR",
                )
            return full
        wanted = _literal_kind(field)
        if literal.kind != wanted:
            quoted = "should" if wanted == "string" else "should not"
            message = (
                f"value of filter criterion for field '{path}' must be of type {field.type} "
                f"and {quoted} be enclosed in quotes"
            )
            raise self._refuse(literal.at, message, "INVALID_FIELD")
        return self._converted(literal)

    def _converted(self, literal: Literal) -> Any:
        try:
            if literal.kind == "datetime":
                return stamp(datetime.fromisoformat(literal.value).astimezone(UTC)).casefold()
            if literal.kind == "date":
                return date.fromisoformat(literal.value).isoformat()
        except ValueError as error:
            raise self._refuse(literal.at, f"invalid {literal.kind}: {literal.value}") from error
        if literal.kind == "number":
            return float(literal.value) if "." in literal.value else int(literal.value)
        return literal.value.casefold() if isinstance(literal.value, str) else literal.value

    def _refuse(self, at: int, message: str, code: str = "MALFORMED_QUERY") -> SalesforceError:
        return malformed(self.text, at, message, code)


def _literal_kind(field: Field) -> str:
    if field.type in NUMBER_TYPES:
        return "number"
    return field.type if field.type in {"boolean", "date", "datetime"} else "string"
