"""/search and /parameterizedSearch over an index that lags and does not know converted leads."""

import json
import re
import time
from typing import Any

from sandbox.caller import Caller
from sandbox.counters import Counters
from sandbox.errors import SalesforceError
from sandbox.query import Shape, check_names
from sandbox.router import ApiAnswer, ApiRequest, Router
from sandbox.rows import Record
from sandbox.schema import TEXT_TYPES, ObjectSchema
from sandbox.soql_ast import Select
from sandbox.soql_sql import Compiler
from sandbox.sosl import Find, Term, parse_find, parse_terms, plain_returning

router = Router()
_TYPES = {"PHONE": {"phone"}, "EMAIL": {"email"}, "ALL": TEXT_TYPES, "SIDEBAR": TEXT_TYPES}
_NAMES = {"Name", "FirstName", "LastName", "Subject"}


@router.add("GET", "/search")
def search(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """GET /search?q=FIND {…} IN … RETURNING …"""
    find = parse_find(request.query.get("q", ""))
    return _answer(caller, find)


@router.add("GET", "/parameterizedSearch")
def get_parameterized(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """GET /parameterizedSearch?q=…&sobject=Contact&Contact.fields=Id,Name&in=PHONE."""
    query = request.query
    common = query.get("fields", "Id")
    asked = [
        plain_returning(
            name,
            query.get(f"{name}.fields", common).split(","),
            query.get(f"{name}.where"),
            _whole(query.get(f"{name}.limit", query.get("defaultLimit", "2000"))),
        )
        for name in query.get("sobject", "").split(",")
        if name
    ]
    limit = _whole(query.get("overallLimit", "2000"))
    return _parameterized(caller, query.get("q", ""), query.get("in", "ALL"), asked, limit)


@router.add("POST", "/parameterizedSearch")
def post_parameterized(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """The same with a JSON body."""
    body = request.body if isinstance(request.body, dict) else {}
    entries = body.get("sobjects")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SalesforceError("JSON_PARSER_ERROR", "sobjects must be an array of objects")
    asked = [_returning(entry, body) for entry in entries]
    limit = _whole(body.get("overallLimit", 2000))
    return _parameterized(caller, str(body.get("q", "")), str(body.get("in", "ALL")), asked, limit)


def _returning(entry: dict[str, Any], body: dict[str, Any]) -> Select:
    fields = entry.get("fields") or body.get("fields") or ["Id"]
    if not isinstance(fields, list):
        raise SalesforceError("JSON_PARSER_ERROR", "fields must be an array")
    where = entry.get("where")
    limit = _whole(entry.get("limit", body.get("defaultLimit", 2000)))
    name = str(entry.get("name"))
    return plain_returning(name, [str(f) for f in fields], str(where) if where else None, limit)


def _whole(value: Any) -> int:
    if not str(value).isdigit():
        raise SalesforceError("INVALID_SEARCH", f"not a whole number: {value}")
    return int(value)


def _parameterized(
    caller: Caller, text: str, group: str, asked: list[Select], limit: int
) -> ApiAnswer:
    if not asked or group.upper() not in {*_TYPES, "NAME"}:
        raise SalesforceError("INVALID_SEARCH", "sobject and in have to be given")
    return _answer(caller, Find(parse_terms(text), group.upper(), tuple(asked), limit))


def _answer(caller: Caller, find: Find) -> ApiAnswer:
    Counters(caller.storage).add(caller.org.id, "searches")
    records: list[Record] = []
    for select in find.returning or _everything(caller):
        records += _matches(caller, find, select)
    found = records[: find.limit]
    return ApiAnswer(200, {"searchRecords": found} if float(caller.version) >= 37 else found)


def _everything(caller: Caller) -> list[Select]:
    """What is searched when nothing is named: SOSL guide, "RETURNING FieldSpec"."""
    searchable = (schema for schema in caller.org.objects() if schema.raw["searchable"])
    return [plain_returning(schema.name, ["Id"], None, None) for schema in searchable]


def _matches(caller: Caller, find: Find, select: Select) -> list[Record]:
    compiler = Compiler(caller.org, select.source, caller.sight, zone=caller.zone)
    schema = compiler.names.object(select.from_name, select.from_at)
    check_names(compiler, schema, select)
    alias, sql = compiler.rows_of(schema, select.where)
    sql = f"SELECT {alias}.data {sql} AND {alias}.created <= ?"
    indexed_until = time.time() - caller.org.settings.search_lag
    values = [*compiler.values, indexed_until]
    # The order's columns add no values, so it may be compiled behind the lag's.
    sql += compiler.order(schema, alias, select.order)
    shape, found = Shape(caller, compiler), []
    for row in caller.storage.all(sql, values):
        data = json.loads(row["data"])
        if not data.get("IsConverted") and _is_match(schema, find, data):
            found.append(shape.record(schema, select, data))
    return found[: select.limit]


def _is_match(schema: ObjectSchema, find: Find, data: Record) -> bool:
    words: set[str] = set()
    for field in schema.fields.values():
        value = data.get(field.name)
        wanted = field.name in _NAMES if find.group == "NAME" else field.type in _TYPES[find.group]
        if wanted and isinstance(value, str):
            words |= _index_words(value, phone=field.type == "phone")
    return any(all(_has(words, term) for term in group) for group in find.alternatives)


def _index_words(value: str, *, phone: bool) -> set[str]:
    """Words between punctuation; of a phone also all its digits in one run."""
    words = {word.casefold() for word in re.findall(r"\d+|[^\W\d_]+", value)}
    return words | {re.sub(r"\D", "", value)} if phone else words


def _has(words: set[str], term: Term) -> bool:
    parts: list[Any] = re.findall(r"\d+|[^\W\d_]+", term.text.casefold())
    run = "".join(parts)
    if term.star:
        return any(word.startswith(run) for word in words)
    return run in words or (len(parts) > 1 and words.issuperset(parts))
