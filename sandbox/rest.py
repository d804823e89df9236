"""The REST API over HTTP: who asks, what it costs, and answers as bytes."""

import gzip
import json
import time
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from sandbox.answers import json_answer, limit_info, page_503, refusal
from sandbox.caller import Caller
from sandbox.cut import cut_reply
from sandbox.errors import SalesforceError, not_found
from sandbox.faults import AFTER, BEFORE, Fault
from sandbox.org import Org
from sandbox.resources import api_router
from sandbox.router import ApiAnswer, ApiRequest
from sandbox.services import Services, services
from sandbox.settings import NEWEST_API, OLDEST_API

rest = Blueprint("rest", __name__)
MAX_URI_AND_HEADERS = 16_384
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"]


@rest.get("/services/data")
@rest.get("/services/data/")
def versions() -> Response:
    """The API versions, of the token's org where there is one: asked without, too."""
    seasons = ("Spring", "Summer", "Winter")
    listed = []
    try:
        newest = authenticate(services(), f"{OLDEST_API}.0").org.settings.newest_api
    except SalesforceError:
        newest = NEWEST_API
    for number in range(OLDEST_API, newest + 1):
        # v66.0 is Spring '26; three releases a year, Winter carries the next year's number.
        year, season = divmod(number - 66, 3)
        label = f"{seasons[season]} '{26 + year + (season == 2)}"
        version = f"{number}.0"
        listed.append({"label": label, "url": f"/services/data/v{version}", "version": version})
    return json_answer(200, listed)


@rest.route("/services/data/v<version>", methods=_METHODS)
@rest.route("/services/data/v<version>/", methods=_METHODS)
@rest.route("/services/data/v<version>/<path:path>", methods=_METHODS)
def resource(version: str, path: str = "") -> Response:
    """Any resource of one version."""
    body = request.get_data()
    found = services()
    try:
        caller = authenticate(found, version)
    except SalesforceError as error:
        return refusal(error)
    return serve(found, caller, body)


def authenticate(found: Services, version: str) -> Caller:
    """The caller behind the access token of the request. Raises SalesforceError."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    caller = caller_of(found, token.strip() if kind == "Bearer" else "", version)
    return caller.with_headers(dict(request.headers))


def caller_of(found: Services, token: str, version: str) -> Caller:
    """Who an access token stands for, in one API version. Raises SalesforceError."""
    row = found.tokens.token(token, "access")
    if row is None or not found.tokens.is_good(row):
        raise SalesforceError("INVALID_SESSION_ID", "Session expired or invalid")
    org = found.orgs.get(row["org"])
    user = found.rows.get(org, row["user"]) if org else None
    if org is None or user is None or not user.data.get("IsActive") or not org.settings.active:
        raise SalesforceError("INVALID_SESSION_ID", "Session expired or invalid")
    number = version.removesuffix(".0")
    if not (number.isdigit() and version == f"{number}.0"):
        raise not_found()
    if int(number) < OLDEST_API:
        raise SalesforceError("GONE", "The requested resource has been retired or removed")
    if int(number) > org.settings.newest_api:
        raise not_found()
    origin = request.host_url.rstrip("/")
    return Caller(found.storage, found.rows, org, user.id, version, origin)


def serve(found: Services, caller: Caller, body: bytes) -> Response:
    """Serve with faults, counting and logging."""
    org, method, path = caller.org, request.method, request.path
    fault = found.faults.strike(BEFORE, org.id, method, path)
    if fault is not None:
        _log(found, org, 0, 0, fault)
        return _faulty(found, org, fault)
    after = found.faults.strike(AFTER, org.id, method, path)
    caller = replace(
        caller,
        before_write=lambda name: found.faults.before_write(org.id, method, path, name),
    )
    if after is not None and after.kind == "commit_after_hang":
        found.faults.hang(after)
    answer, calls = _answer(found, caller, body)
    _log(found, org, answer.status, calls, after)
    if after is not None:
        if after.kind == "hang_after_commit":
            found.faults.hang(after)
        return cut_reply()
    response = json_answer(answer.status, answer.body, answer.headers)
    response.headers["Sforce-Limit-Info"] = limit_info(found, org)
    return _zipped(response)


def _answer(found: Services, caller: Caller, body: bytes) -> tuple[ApiAnswer, int]:
    """The answer and the API calls it cost."""
    org, calls = caller.org, 0
    try:
        if not org.settings.api_enabled:
            raise SalesforceError(
                "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization."
            )
        if found.counters.get(org.id, "api_usage") >= org.settings.api_limit:
            raise SalesforceError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        asked = _read_request(body)
        calls = _cost(asked)
        with found.storage.transaction():
            _count(found, org, calls)
        with found.storage.transaction():
            return api_router.dispatch(caller, asked), calls
    except SalesforceError as error:
        return ApiAnswer(error.status, error.body()), calls


def _read_request(body: bytes) -> ApiRequest:
    size = len(request.full_path) + sum(len(k) + len(v) + 4 for k, v in request.headers)
    if size > MAX_URI_AND_HEADERS:
        raise SalesforceError("URI_TOO_LONG", "URI and headers are too long", status=414)
    raw_path = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    path = str(raw_path or quote(request.path)).partition("?")[0]
    path = "/" + path.split("/services/data/", 1)[1].partition("/")[2]
    query = {name: ",".join(values) for name, values in request.args.lists()}
    return ApiRequest(request.method, path, query, _read_json(body), dict(request.headers))


def _read_json(body: bytes) -> Any:
    if request.method in {"GET", "DELETE", "HEAD"} or not body:
        return None
    if request.mimetype != "application/json":
        raise SalesforceError(
            "UNSUPPORTED_MEDIA_TYPE", f"Content type not supported: {request.mimetype}"
        )
    try:
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, OSError) as error:
        raise SalesforceError("JSON_PARSER_ERROR", f"Unexpected content: {error}") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _cost(asked: ApiRequest) -> int:
    """API calls: every subrequest of a batch counts, anything else is one."""
    if asked.path.rstrip("/") == "/composite/batch" and isinstance(asked.body, dict):
        entries = asked.body.get("batchRequests")
        return max(1, len(entries)) if isinstance(entries, list) else 1
    return 1


def _count(found: Services, org: Org, calls: int) -> None:
    found.counters.add(org.id, "api_usage", calls)
    found.counters.add(org.id, "api_calls", calls)


def _faulty(found: Services, org: Org, fault: Fault) -> Response:
    if fault.kind == "hang":
        found.faults.hang(fault)
    if fault.kind in {"cut", "hang"}:
        return cut_reply()
    if fault.kind == "unavailable":
        return page_503()
    if fault.kind == "empty":
        return Response(b"", 200, content_type="application/json;charset=UTF-8")
    if fault.kind == "expired_session":
        with found.storage.transaction():
            found.tokens.expire_access(org)
        return refusal(SalesforceError("INVALID_SESSION_ID", "Session expired or invalid"))
    if fault.kind == "limit":
        return refusal(SalesforceError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."))
    message = "An unexpected error occurred. Please include this ErrorId if you contact support: 1"
    return refusal(SalesforceError("UNKNOWN_EXCEPTION", message))


def _log(found: Services, org: Org, status: int, calls: int, fault: Fault | None) -> None:
    kind = fault.kind if fault else None
    values = (
        time.time(),
        org.id,
        request.method,
        request.full_path.rstrip("?"),
        status,
        calls,
        kind,
    )
    found.storage.run(
        "INSERT INTO requests (at, org, method, path, status, calls, fault) VALUES (?,?,?,?,?,?,?)",
        values,
    )


def _zipped(response: Response) -> Response:
    if "gzip" in request.headers.get("Accept-Encoding", "") and response.status_code == 200:
        response.set_data(gzip.compress(response.get_data(), 5))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
    return response
