"""Several reads in one API call (REST guide, "Composite": 25 subrequests, 5 of them queries)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

from core.salesforce.client import Client
from core.salesforce.errors import SalesforceError, Transient
from core.salesforce.translate import rest_error

MOST_QUERIES = 5

Row = Mapping[str, Any]


def read_all(client: Client, paths: Mapping[str, str]) -> dict[str, Any]:
    """GET every path (after `/services/data/vNN.0`) in one composite call.

    Returns each body by its name (letters, digits, `_`); a refused one is a `SalesforceError`
    in its place, for the caller to raise or to do without.
    """
    requests = [
        {"method": "GET", "url": client.base + path, "referenceId": name}
        for name, path in paths.items()
    ]
    envelope = {"allOrNone": False, "collateSubrequests": False, "compositeRequest": requests}
    answer = client.request("POST", "/composite", envelope)
    bodies = {}
    for part in _parts(answer):
        status = int(part.get("httpStatusCode") or 0)
        body = part.get("body")
        bodies[str(part.get("referenceId"))] = body if status == 200 else rest_error(status, body)
    if missing := paths.keys() - bodies.keys():
        raise Transient("COMPOSITE_INCOMPLETE", ", ".join(sorted(missing)))
    return bodies


def query_all(client: Client, queries: Sequence[str]) -> Iterator[list[Row]]:
    """The rows of every query in turn, further pages fetched. One API call for up to five queries
    whose answers fit one page. Raises at the first that is refused."""
    for start in range(0, len(queries), MOST_QUERIES):
        batch = queries[start : start + MOST_QUERIES]
        paths = {f"q{number}": query_path(query) for number, query in enumerate(batch)}
        bodies = read_all(client, paths)
        yield from (rows_of(client, bodies[name]) for name in paths)


def query_path(query: str) -> str:
    return f"/query/?q={quote_plus(query)}"


def rows_of(client: Client, body: Any) -> list[Row]:
    """Every row of a query's answer, or of a sub-select's; `null` has none.

    Source: REST guide, "Query": `done` is false while `nextRecordsUrl` leads on.
    """
    if isinstance(body, SalesforceError):
        raise body
    rows: list[Row] = []
    while body:
        rows += body.get("records") or []
        if body.get("done", True):
            break
        body = client.request("GET", str(body["nextRecordsUrl"]))
    return rows


def _parts(answer: Any) -> list[Mapping[str, Any]]:
    parts = answer.get("compositeResponse") if isinstance(answer, Mapping) else None
    if not isinstance(parts, list):
        raise Transient("COMPOSITE_UNREADABLE")
    return parts
