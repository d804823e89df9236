"""Every resource of the REST API, and which of them may stand inside composites."""

from sandbox import changes, collection, describe, limits, queries, search, sobjects, tree
from sandbox.batch import batch
from sandbox.caller import Caller
from sandbox.composite import composite
from sandbox.graph import graph
from sandbox.router import ApiAnswer, ApiRequest, Router

graph_router = Router(describe.router, sobjects.router)
composite_router = Router(graph_router, queries.router, collection.router)
batch_router = Router(composite_router, search.router, limits.router)
_top = Router()


@_top.add("POST", "/composite")
def post_composite(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """POST /composite."""
    return composite(caller, request, composite_router)


@_top.add("POST", "/composite/graph")
def post_graph(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """POST /composite/graph."""
    return graph(caller, request, graph_router)


@_top.add("POST", "/composite/batch")
def post_batch(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """POST /composite/batch."""
    return batch(caller, request, batch_router)


@_top.add("GET", "/composite")
def composites(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """GET /composite: what there is below it."""
    names = ["tree", "batch", "sobjects", "graph"]
    return ApiAnswer(200, {name: f"{caller.base}/composite/{name}" for name in names})


@_top.add("GET", "/")
def root(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """GET /services/data/vNN.0: the map of resources."""
    names = [
        "sobjects",
        "query",
        "queryAll",
        "search",
        "parameterizedSearch",
        "composite",
        "limits",
        "recent",
    ]
    resources = {name: f"{caller.base}/{name}" for name in names}
    resources["identity"] = f"{caller.origin}/id/{caller.org.id}/{caller.user_id}"
    return ApiAnswer(200, resources)


api_router = Router(_top, changes.router, batch_router, tree.router)
