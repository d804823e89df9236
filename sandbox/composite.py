"""POST /composite: up to 25 subrequests in one API call."""

from typing import Any

from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.router import ApiAnswer, ApiRequest, Router, split_url
from sandbox.subrequests import Subrequest, read_subrequests, run_all

MAX_SUBREQUESTS = 25
MAX_QUERIES = 5
_FLAGS = {"allOrNone", "collateSubrequests", "compositeRequest"}


class RollBack(Exception):
    """Leaves the transaction of a composite or graph, rolling it back."""


def composite(caller: Caller, request: ApiRequest, router: Router) -> ApiAnswer:
    """Serve one composite request; `router` knows the resources allowed inside."""
    body = request.body
    if not isinstance(body, dict) or body.keys() - _FLAGS:
        raise SalesforceError("JSON_PARSER_ERROR", "Unrecognized field in the composite request")
    for flag in ("allOrNone", "collateSubrequests"):
        if not isinstance(body.get(flag, False), bool):
            raise SalesforceError("JSON_PARSER_ERROR", f"{flag} must be true or false")
    subrequests = read_subrequests(body.get("compositeRequest"), MAX_SUBREQUESTS)
    _check_queries(subrequests)
    answers: list[dict[str, Any]] = []
    all_or_none = body.get("allOrNone", False)
    try:
        with caller.storage.transaction():
            answers, good = run_all(caller, router, subrequests, all_or_none=all_or_none)
            if all_or_none and not good:
                raise RollBack
    except RollBack:
        pass
    return ApiAnswer(200, {"compositeResponse": answers})


def _check_queries(subrequests: list[Subrequest]) -> None:
    heavy = 0
    for subrequest in subrequests:
        path = split_url(subrequest.url)[0]
        part = "/".join(path.split("/")[4:]).lower()
        heavy += part.startswith(("query", "composite/sobjects"))
    if heavy > MAX_QUERIES:
        raise SalesforceError(
            "LIMIT_EXCEEDED",
            f"The composite request has more than {MAX_QUERIES} queries and collections",
        )
