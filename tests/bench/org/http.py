"""HTTP/1.1 with kept connections, as little of it as requests to Salesforce need."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_BEARER = re.compile(rb"\r\nauthorization: *bearer ([^\r]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    token: str
    """The access token; here it is the org's name."""
    body: bytes


@dataclass(frozen=True)
class Answer:
    body: bytes
    status: int = 200
    after: float = 0
    """Seconds to wait before it is sent."""
    gate: asyncio.Future[None] | None = None
    """What has to be done before the wait begins."""
    sent: Callable[[float], None] = lambda seconds: None
    """Told what it took, from the whole request to its answer."""


class App(Protocol):
    connections: int

    def answer(self, request: Request) -> Answer: ...


class Connection(asyncio.Protocol):
    """One client's connection: a request at a time, as none of them sends the next one earlier."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._app.connections += 1

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        length = _LENGTH.search(head)
        if length and len(body) < int(length[1]):
            return
        self._received = b""
        began = time.monotonic()
        answer = self._app.answer(_request(head, body))
        if answer.gate is None or answer.gate.done():
            self._send_later(answer, began)
        else:
            answer.gate.add_done_callback(lambda _: self._send_later(answer, time.monotonic()))

    def _send_later(self, answer: Answer, began: float) -> None:
        """What it took to find the answer is part of the org's time, as the wait is."""
        asyncio.get_running_loop().call_later(answer.after, self._send, answer, began)

    def _send(self, answer: Answer, began: float) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(
            b"HTTP/1.1 %d OK\r\nContent-Type: application/json;charset=UTF-8\r\n"
            b"Sforce-Limit-Info: api-usage=1000/5000000\r\nContent-Length: %d\r\n\r\n%s"
            % (answer.status, len(answer.body), answer.body)
        )
        answer.sent(time.monotonic() - began)


def _request(head: bytes, body: bytes) -> Request:
    method, path, _ = head.split(b" ", 2)
    bearer = _BEARER.search(head)
    return Request(method.decode(), path.decode(), bearer[1].decode() if bearer else "", body)


async def serve(app: App, port: int) -> None:
    """Until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(app), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()
