"""POST /composite/graph: up to 75 graphs, each a transaction of its own, in one API call."""

import re
from typing import Any

from sandbox.caller import Caller
from sandbox.composite import RollBack
from sandbox.errors import SalesforceError
from sandbox.references import names_in
from sandbox.router import ApiAnswer, ApiRequest, Router
from sandbox.subrequests import Subrequest, read_subrequests, run_all

MAX_GRAPHS = 75
MAX_NODES = 500
MAX_DEPTH = 15
MAX_KINDS = 15
MAX_FAILED = 14
_GRAPH_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*\Z", re.ASCII)
_SOBJECT_URL = re.compile(r"/services/data/v\d\d\.0/sobjects/([^/?]+)")

Graph = tuple[str, list[Subrequest]]


def graph(caller: Caller, request: ApiRequest, router: Router) -> ApiAnswer:
    """Serve one graph request; `router` knows the /sobjects resources."""
    graphs = _read(request.body)
    results: list[dict[str, Any]] = []
    failed = 0
    for graph_id, subrequests in graphs:
        if failed >= MAX_FAILED:
            results.append(_halted(graph_id, subrequests))
            continue
        answers, good = _run(caller, router, subrequests)
        failed += not good
        results.append(_shown(graph_id, answers, good))
    return ApiAnswer(200, {"graphs": results})


def _run(
    caller: Caller, router: Router, subrequests: list[Subrequest]
) -> tuple[list[dict[str, Any]], bool]:
    answers: list[dict[str, Any]] = []
    try:
        with caller.storage.transaction():
            answers, good = run_all(caller, router, subrequests, all_or_none=True)
            if not good:
                raise RollBack
    except RollBack:
        return answers, False
    return answers, True


def _read(body: Any) -> list[Graph]:
    """The graphs, their envelopes and the request's limits checked."""
    graphs = body.get("graphs") if isinstance(body, dict) and body.keys() == {"graphs"} else None
    if not isinstance(graphs, list) or not graphs:
        raise SalesforceError("JSON_PARSER_ERROR", "graphs must be a non-empty array")
    if len(graphs) > MAX_GRAPHS:
        raise SalesforceError("LIMIT_EXCEEDED", f"More than {MAX_GRAPHS} graphs in the request")
    read = [_read_graph(entry) for entry in graphs]
    if len({graph_id for graph_id, _ in read}) < len(read):
        raise SalesforceError("INVALID_INPUT", "Each graphId has to be different")
    nodes = [subrequest for _, subrequests in read for subrequest in subrequests]
    if len(nodes) > MAX_NODES:
        raise SalesforceError("LIMIT_EXCEEDED", f"More than {MAX_NODES} nodes in the request")
    if len({_kind(node) for node in nodes}) > MAX_KINDS:
        raise SalesforceError("LIMIT_EXCEEDED", f"More than {MAX_KINDS} kinds of nodes")
    return read


def _read_graph(entry: Any) -> Graph:
    if not isinstance(entry, dict) or entry.keys() != {"graphId", "compositeRequest"}:
        raise SalesforceError("JSON_PARSER_ERROR", "a graph has graphId and compositeRequest")
    graph_id = entry["graphId"]
    if not isinstance(graph_id, str) or not _GRAPH_ID.match(graph_id):
        raise SalesforceError("INVALID_INPUT", f"Invalid graphId: {graph_id}")
    subrequests = read_subrequests(entry["compositeRequest"], MAX_NODES)
    for subrequest in subrequests:
        if not _SOBJECT_URL.match(subrequest.url):
            raise SalesforceError("INVALID_INPUT", f"Not allowed in a graph: {subrequest.url}")
    if _depth(subrequests) > MAX_DEPTH:
        raise SalesforceError("LIMIT_EXCEEDED", f"Graph {graph_id} is deeper than {MAX_DEPTH}")
    return graph_id, subrequests


def _kind(node: Subrequest) -> tuple[str, str]:
    """Two nodes are of one kind when they do the same to the same object."""
    match = _SOBJECT_URL.match(node.url)
    return node.method, match.group(1).lower() if match else ""


def _depth(subrequests: list[Subrequest]) -> int:
    """The longest chain of references. A reference to a later node counts for nothing."""
    depths: dict[str, int] = {}
    for node in subrequests:
        parents = names_in(node.url) | names_in(node.body)
        depths[node.reference_id] = 1 + max((depths.get(name, 0) for name in parents), default=0)
    return max(depths.values())


def _halted(graph_id: str, subrequests: list[Subrequest]) -> dict[str, Any]:
    message = "Processing halted since too many graphs failed"
    refusal = SalesforceError("PROCESSING_HALTED", message)
    answers = [
        {
            "body": refusal.body(),
            "httpHeaders": {},
            "httpStatusCode": refusal.status,
            "referenceId": node.reference_id,
        }
        for node in subrequests
    ]
    return _shown(graph_id, answers, False)


def _shown(graph_id: str, answers: list[dict[str, Any]], good: bool) -> dict[str, Any]:
    return {
        "graphId": graph_id,
        "graphResponse": {"compositeResponse": answers},
        "isSuccessful": good,
    }
