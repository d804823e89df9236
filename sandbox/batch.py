"""POST /composite/batch: up to 25 independent subrequests, each of which counts as a call."""

import re
from typing import Any

from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.router import ApiAnswer, ApiRequest, Router, split_url

MAX_SUBREQUESTS = 25
_URL = re.compile(r"/?v(\d\d\.0)(/.*)\Z")
_HALTED = SalesforceError(
    "BATCH_PROCESSING_HALTED",
    "Batch processing halted since an earlier subrequest failed",
    status=412,
)


def batch(caller: Caller, request: ApiRequest, router: Router) -> ApiAnswer:
    """Serve one batch; `router` knows what may stand inside."""
    body = request.body
    entries = body.get("batchRequests") if isinstance(body, dict) else None
    if not isinstance(entries, list) or not entries:
        raise SalesforceError("JSON_PARSER_ERROR", "batchRequests must be a non-empty array")
    if len(entries) > MAX_SUBREQUESTS:
        raise SalesforceError("LIMIT_EXCEEDED", f"More than {MAX_SUBREQUESTS} subrequests")
    halt = body.get("haltOnError", False)
    results: list[dict[str, Any]] = []
    failed = False
    for entry in entries:
        if failed and halt:
            answer = ApiAnswer(_HALTED.status, _HALTED.body())
        else:
            answer = _serve(caller, entry, router)
        failed = failed or answer.status >= 400
        results.append({"statusCode": answer.status, "result": answer.body})
    return ApiAnswer(200, {"hasErrors": failed, "results": results})


def _serve(caller: Caller, entry: Any, router: Router) -> ApiAnswer:
    try:
        match = _URL.match(str(entry.get("url"))) if isinstance(entry, dict) else None
        if match is None or match.group(1) != caller.version or "method" not in entry:
            raise SalesforceError("INVALID_INPUT", f"Invalid subrequest: {entry}")
        path, query = split_url(match.group(2))
        asked = ApiRequest(entry["method"], path, query, entry.get("richInput"))
        with caller.storage.transaction():
            return router.dispatch(caller.with_headers({}), asked)
    except SalesforceError as error:
        return ApiAnswer(error.status, error.body())
