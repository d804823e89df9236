"""What happened to an object's records lately: /updated, /deleted; and /recent.

REST API guide, "sObject Get Updated", "sObject Get Deleted", "Recently Viewed Items". A record's
time is its SystemModstamp, seconds left out.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.caller import Caller
from sandbox.clock import now, stamp
from sandbox.errors import SalesforceError
from sandbox.router import ApiAnswer, ApiRequest, Router
from sandbox.schema import ObjectSchema
from sandbox.sobjects import object_named
from sandbox.soql_ast import Compare, Junction, Literal, Path
from sandbox.soql_sql import Compiler

router = Router()
_SPAN = timedelta(days=30)
_BIN = timedelta(days=15)


@router.add("GET", "/sobjects/{name}/updated")
def updated(caller: Caller, request: ApiRequest, name: str) -> ApiAnswer:
    """GET /sobjects/Lead/updated?start=…&end=…: ids of what was created or changed."""
    schema = _replicated(caller, name)
    start, end = _window(request)
    ids = [record_id for record_id, _ in _changed(caller, schema, start, end, deleted=False)]
    return ApiAnswer(200, {"ids": ids, "latestDateCovered": stamp(min(end, now()))})


@router.add("GET", "/sobjects/{name}/deleted")
def deleted(caller: Caller, request: ApiRequest, name: str) -> ApiAnswer:
    """GET /sobjects/Lead/deleted?start=…&end=…: what went into the recycle bin, and when."""
    schema = _replicated(caller, name)
    start, end = _window(request)
    gone = _changed(caller, schema, start, end, deleted=True)
    return ApiAnswer(
        200,
        {
            "deletedRecords": [{"id": one, "deletedDate": at} for one, at in gone],
            "earliestDateAvailable": stamp(now() - _BIN),
            "latestDateCovered": stamp(min(end, now())),
        },
    )


@router.add("GET", "/recent")
def recent(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """GET /recent: nothing, for only people at the pages and `FOR VIEW` view a record."""
    return ApiAnswer(200, [])


def _replicated(caller: Caller, name: str) -> ObjectSchema:
    schema = object_named(caller, name)
    if not (schema.raw["replicateable"] and schema.field("IsDeleted")):
        raise SalesforceError(
            "INVALID_TYPE_FOR_OPERATION", f"entity type {schema.name} is not replicateable"
        )
    return schema


def _window(request: ApiRequest) -> tuple[datetime, datetime]:
    start, end = (_minute(request.query.get(name, "")) for name in ("start", "end"))
    if start >= end:
        raise _wrong("The end date has to be at least one minute after the start date")
    if start < now() - _SPAN:
        raise _wrong("The start date may not be more than 30 days ago")
    return start, end


def _minute(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _wrong(f"Not a date and time: {text}") from error
    return moment.replace(second=0, microsecond=0, tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _wrong(message: str) -> SalesforceError:
    return SalesforceError("INVALID_REPLICATION_DATE", message)


def _changed(
    caller: Caller, schema: ObjectSchema, start: datetime, end: datetime, *, deleted: bool
) -> list[tuple[str, Any]]:
    """Ids and times of what the user sees, oldest first."""
    at = Path(("SystemModstamp",), 0)
    where = Junction(
        "AND",
        (
            Compare(at, ">=", Literal("datetime", start.isoformat(), 0)),
            Compare(at, "<", Literal("datetime", end.isoformat(), 0)),
            Compare(Path(("IsDeleted",), 0), "=", Literal("boolean", deleted, 0)),
        ),
    )
    compiler = Compiler(caller.org, "", caller.sight, deleted_too=deleted)
    alias, sql = compiler.rows_of(schema, where)
    when = compiler.column(schema, alias, at, "data")
    found = caller.storage.all(
        f"SELECT {alias}.id, {when} {sql} ORDER BY 2, {alias}.id", compiler.values
    )
    return [(row[0], row[1]) for row in found]
