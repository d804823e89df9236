"""/query and /queryAll."""

from typing import Any

from sandbox.caller import Caller
from sandbox.columns import describe_columns
from sandbox.errors import SalesforceError
from sandbox.plans import explain
from sandbox.query import next_records, read_query, run_query
from sandbox.router import ApiAnswer, ApiRequest, Router

router = Router()


@router.add("GET", "/query", "query")
def query(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """GET /query?q=SELECT…, or how it would be found: /query?explain=SELECT…"""
    if plan := request.query.get("explain"):
        return ApiAnswer(200, explain(caller, plan))
    return ApiAnswer(200, _answer(caller, request, deleted_too=False))


@router.add("GET", "/queryAll", "query")
def query_all(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """GET /queryAll?q=SELECT…: with deleted records."""
    return ApiAnswer(200, _answer(caller, request, deleted_too=True))


@router.add("GET", "/query/{locator}", "query")
@router.add("GET", "/queryAll/{locator}", "query")
def more(caller: Caller, request: ApiRequest, locator: str) -> ApiAnswer:
    """GET of a nextRecordsUrl."""
    return ApiAnswer(200, next_records(caller, locator))


def _answer(caller: Caller, request: ApiRequest, *, deleted_too: bool) -> dict[str, Any]:
    text = request.query.get("q")
    if not text:
        raise SalesforceError("MALFORMED_QUERY", "A query string has to be specified")
    # Also when the columns are asked for: it refuses whatever is wrong with the query.
    records = run_query(caller, text, deleted_too=deleted_too)
    if request.query.get("columns", "").lower() == "true":
        return describe_columns(*read_query(caller, text))
    return records
