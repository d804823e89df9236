"""/query and /queryAll."""

from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.query import next_records, run_query
from sandbox.router import ApiAnswer, ApiRequest, Router

router = Router()


@router.add("GET", "/query", "query")
def query(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """GET /query?q=SELECT…"""
    return ApiAnswer(200, run_query(caller, _text(request)))


@router.add("GET", "/queryAll", "query")
def query_all(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """GET /queryAll?q=SELECT…: with deleted records."""
    return ApiAnswer(200, run_query(caller, _text(request), deleted_too=True))


@router.add("GET", "/query/{locator}", "query")
@router.add("GET", "/queryAll/{locator}", "query")
def more(caller: Caller, request: ApiRequest, locator: str) -> ApiAnswer:
    """GET of a nextRecordsUrl."""
    return ApiAnswer(200, next_records(caller, locator))


def _text(request: ApiRequest) -> str:
    text = request.query.get("q")
    if not text:
        raise SalesforceError("MALFORMED_QUERY", "A query string has to be specified")
    return text
