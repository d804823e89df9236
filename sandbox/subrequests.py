"""Subrequests of /composite and /composite/graph: their envelope, and running them in order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.references import Results, halted
from sandbox.router import ApiAnswer, ApiRequest, Router, split_url

_REFERENCE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z", re.ASCII)
_URL = re.compile(r"/services/data/v(\d\d\.0)(/.*)\Z")
_INHERITED = {"accept", "authorization", "content-type"}
_KEYS = {"method", "url", "referenceId", "body", "httpHeaders"}
ROLLED_BACK = (
    "The transaction was rolled back since another operation in the same transaction failed."
)


@dataclass(frozen=True)
class Subrequest:
    """One entry of compositeRequest, its envelope checked, references not yet replaced."""

    method: str
    url: str
    reference_id: str
    body: Any
    headers: dict[str, str]


def read_subrequests(entries: Any, at_most: int) -> list[Subrequest]:
    """Check the envelopes; a fault in one refuses the whole request with 400."""
    if not isinstance(entries, list) or not entries:
        raise _bad("compositeRequest must be a non-empty array")
    if len(entries) > at_most:
        raise SalesforceError(
            "LIMIT_EXCEEDED", f"The composite request has more than {at_most} operations"
        )
    subrequests = [_read(entry) for entry in entries]
    seen: set[str] = set()
    for subrequest in subrequests:
        if subrequest.reference_id in seen:
            raise _bad(f"Duplicate ReferenceId provided: {subrequest.reference_id}")
        seen.add(subrequest.reference_id)
    return subrequests


def _read(entry: Any) -> Subrequest:
    if not isinstance(entry, dict) or (unknown := entry.keys() - _KEYS):
        what = sorted(unknown) if isinstance(entry, dict) else entry
        raise SalesforceError("JSON_PARSER_ERROR", f"Unrecognized field in a subrequest: {what}")
    reference_id, url, method = (entry.get(k) for k in ("referenceId", "url", "method"))
    if not isinstance(reference_id, str) or not _REFERENCE_ID.match(reference_id):
        raise _bad(
            f"Provided referenceId ('{reference_id}') must start with a letter or a number, "
            "and it can contain only letters, numbers and underscores ('_')."
        )
    if method not in {"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"}:
        raise _bad(f"Invalid method in subrequest {reference_id}: {method}")
    if not isinstance(url, str) or not _URL.match(url):
        raise _bad(f"Invalid URL in subrequest {reference_id}: {url}")
    headers = entry.get("httpHeaders") or {}
    if not isinstance(headers, dict) or {str(name).lower() for name in headers} & _INHERITED:
        raise _bad("httpHeaders may not name Accept, Authorization or Content-Type")
    if method == "GET" and entry.get("body") is not None:
        raise _bad(f"Subrequest {reference_id}: GET takes no body")
    return Subrequest(method, url, reference_id, entry.get("body"), headers)


def _bad(message: str) -> SalesforceError:
    return SalesforceError("INVALID_INPUT", message)


Check = Callable[[str], None]


def run_all(
    caller: Caller, router: Router, subrequests: list[Subrequest], *, all_or_none: bool
) -> tuple[list[dict[str, Any]], bool]:
    """Run in order; returns the answers and whether all of them succeeded.

    With `all_or_none` the first failure ends the run and the caller has to roll back: the
    others are then shown as halted.
    """
    results = Results()
    answers: list[dict[str, Any]] = []
    for number, subrequest in enumerate(subrequests):
        answer = run_one(caller, router, subrequest, results)
        answers.append(_shown(subrequest, answer))
        if answer.status >= 300:
            if all_or_none:
                return _rolled_back(subrequests, number, answers[-1]), False
            continue
        results.add(subrequest.reference_id, answer.body)
    return answers, all(answer["httpStatusCode"] < 300 for answer in answers)


def run_one(caller: Caller, router: Router, subrequest: Subrequest, results: Results) -> ApiAnswer:
    """Run one in a transaction of its own; refusals become answers."""
    try:
        with caller.storage.transaction():
            match = _URL.match(str(results.resolve(subrequest.url)))
            if match is None or match.group(1) != caller.version:
                raise SalesforceError(
                    "INVALID_INPUT", "subrequests must use the API version of the request"
                )
            path, query = split_url(match.group(2))
            body = results.resolve(subrequest.body)
            request = ApiRequest(subrequest.method, path, query, body, subrequest.headers)
            return router.dispatch(caller.with_headers(subrequest.headers), request)
    except SalesforceError as error:
        return ApiAnswer(error.status, error.body())


def _shown(subrequest: Subrequest, answer: ApiAnswer) -> dict[str, Any]:
    return {
        "body": answer.body,
        "httpHeaders": answer.headers,
        "httpStatusCode": answer.status,
        "referenceId": subrequest.reference_id,
    }


def _rolled_back(
    subrequests: list[Subrequest], failed: int, answer: dict[str, Any]
) -> list[dict[str, Any]]:
    """All answers of a transaction that was rolled back: the culprit's own, the others halted."""
    refusal = halted(ROLLED_BACK)
    other = ApiAnswer(refusal.status, refusal.body())
    return [
        answer if number == failed else _shown(subrequest, other)
        for number, subrequest in enumerate(subrequests)
    ]
