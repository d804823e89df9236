"""Connections to orgs, kept for minutes: a new one costs two more round trips (TCP, TLS)."""

from __future__ import annotations

import socket
from ssl import SSLContext
from zlib import crc32

import httpx

from core.salesforce.deadline import keep_deadlines

SECONDS_KEPT = 240
POOLS = 16
KEPT_EACH = 32
"""512 in all. At each request a pool of httpcore looks at every pair of its connections, in
1.0.9: with 30 that takes 0.3 ms, with 400 in one pool 50 ms."""
LIMITS = httpx.Limits(
    # Nobody waits for a place: who sends at once are the process's threads.
    max_connections=None,
    max_keepalive_connections=KEPT_EACH,
    keepalive_expiry=SECONDS_KEPT,
)

_PROBES = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 20_000}
"""Seconds, a count, milliseconds; man 7 tcp. One that a firewall forgot is found by the kernel's
probes while it is idle, so that no request is sent into it, and probes keep firewalls from
forgetting. One that the other side closed is readable and never used again (httpcore)."""
SOCKET_OPTIONS = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in _PROBES.items()
        if hasattr(socket, name)  # not every system knows each
    ),
]


class Kept(httpx.BaseTransport):
    """Spreads hosts over small pools."""

    def __init__(self) -> None:
        trusted = httpx.create_ssl_context()
        self._pools = [keep_deadlines(_pool(trusted)) for _ in range(POOLS)]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._pools[crc32(request.url.raw_host) % POOLS].handle_request(request)

    def close(self) -> None:
        for pool in self._pools:
            pool.close()


def _pool(trusted: SSLContext) -> httpx.HTTPTransport:
    return httpx.HTTPTransport(verify=trusted, limits=LIMITS, socket_options=SOCKET_OPTIONS)
