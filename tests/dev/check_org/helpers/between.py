"""Between us and the stand-in: changes a request on its way there, or an answer on its way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

import httpx


@dataclass
class Reply:
    """An answer that may be changed. `body` is parsed JSON."""

    status: int
    headers: dict[str, str]
    body: Any

    def refuse(self, code: str, message: str = "Otherwise.", status: int = 400) -> None:
        self.status, self.body = status, [{"errorCode": code, "message": message, "fields": []}]

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Change the body as text."""
        self.body = json.loads(change(json.dumps(self.body)))

    def nodes(self) -> list[dict[str, Any]]:
        """The nodes of every graph of the answer, or the parts of a composite."""
        graphs = self.body.get("graphs") or [{"graphResponse": self.body}]
        return [node for graph in graphs for node in graph["graphResponse"]["compositeResponse"]]

    def part(self, reference: str) -> dict[str, Any]:
        return next(node for node in self.nodes() if node["referenceId"] == reference)


class Between(httpx.BaseTransport):
    def __init__(self, below: httpx.BaseTransport) -> None:
        self._below = below
        self._closed: list[str] = []
        self._asked: list[tuple[tuple[str, ...], Callable[[Any], None]]] = []
        self._answered: list[tuple[tuple[str, ...], Callable[[Reply], object]]] = []

    def block(self, text: str) -> None:
        """Requests in whose address it stands are not passed on."""
        self._closed.append(text)

    def change_request(self, *texts: str, by: Callable[[Any], None]) -> None:
        """`by` changes the JSON of requests in whose address or body all of `texts` stand."""
        self._asked.append((texts, by))

    def change_answer(self, *texts: str, by: Callable[[Reply], object]) -> None:
        """`by` changes the answers to such requests."""
        self._answered.append((texts, by))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        said = f"{request.method} {unquote_plus(str(request.url))} {request.read().decode()}"
        for change in [by for texts, by in self._asked if all(text in said for text in texts)]:
            request = _changed(request, change)
        if any(text in str(request.url) for text in self._closed):
            return httpx.Response(404)
        response = self._below.handle_request(request)
        changes = [by for texts, by in self._answered if all(text in said for text in texts)]
        if not changes:
            return response
        response.read()
        reply = Reply(response.status_code, dict(response.headers), _json(response))
        for by in changes:
            by(reply)
        headers = {
            name: value
            for name, value in reply.headers.items()
            if name not in ("content-encoding", "content-length", "content-type")
        }
        return httpx.Response(reply.status, headers=headers, json=reply.body)


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _changed(request: httpx.Request, by: Callable[[Any], None]) -> httpx.Request:
    body = json.loads(request.content)
    by(body)
    headers = {k: v for k, v in request.headers.items() if k != "content-length"}
    return httpx.Request(request.method, request.url, headers=headers, json=body)
