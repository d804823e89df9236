"""Requests and answers below /services/data/vNN.0, and which handler serves which path."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from sandbox.caller import Caller
from sandbox.errors import SalesforceError, not_found


@dataclass(frozen=True)
class ApiRequest:
    """`path` starts behind the version and keeps its %-escapes; `body` is parsed JSON."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ApiAnswer:
    """Status, JSON body (None: empty) and headers worth showing in a composite answer."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[..., ApiAnswer]


@dataclass(frozen=True)
class Route:
    """`kind` groups resources for the rules of the composite family: sobjects, query, rows …"""

    method: str
    pattern: re.Pattern[str]
    handler: Handler
    kind: str


class Router:
    """Routes added with `add`; `dispatch` finds and calls one."""

    def __init__(self, *parts: "Router") -> None:
        self._routes: list[Route] = [route for part in parts for route in part._routes]

    def add(self, method: str, path: str, kind: str = "other") -> Callable[[Handler], Handler]:
        """Register a handler for a path such as `/sobjects/{object}/{id}`."""
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + r"/?\Z")

        def register(handler: Handler) -> Handler:
            self._routes.append(Route(method, pattern, handler, kind))
            return handler

        return register

    def find(self, request: ApiRequest) -> tuple[Route, dict[str, str]]:
        """The route and its path's parts. Raises NOT_FOUND or METHOD_NOT_ALLOWED."""
        allowed = []
        for route in self._routes:
            match = route.pattern.match(request.path)
            if match and route.method == request.method:
                return route, {k: unquote(v) for k, v in match.groupdict().items()}
            if match:
                allowed.append(route.method)
        if allowed:
            message = f"HTTP Method '{request.method}' not allowed. Allowed are {','.join(allowed)}"
            raise SalesforceError("METHOD_NOT_ALLOWED", message)
        raise not_found()

    def dispatch(self, caller: Caller, request: ApiRequest) -> ApiAnswer:
        """Serve the request. Raises SalesforceError."""
        route, parts = self.find(request)
        return route.handler(caller, request, **parts)


def split_url(url: str) -> tuple[str, dict[str, str]]:
    """Path and query of a subrequest's URL."""
    path, _, query = url.partition("?")
    return path, dict(parse_qsl(query, keep_blank_values=True))
