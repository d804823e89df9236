"""One HTTP exchange with Salesforce: patience, and a body that is whole or none."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, cast

import httpx

from core.salesforce.bounded import ENCODINGS, parsed, whole
from core.salesforce.deadline import keep_deadlines, within
from core.salesforce.errors import Transient, Unreachable
from core.salesforce.kept import LIMITS, Kept

USER_AGENT = "UniTalk-Salesforce/1"
CALL_OPTIONS = "client=UniTalk"
"""`Sforce-Call-Options`: how the org's admin recognises us in the event log (REST guide)."""


@dataclass(frozen=True)
class Patience:
    """Seconds: to connect, between two reads, and for the whole exchange."""

    connect: float = 5
    read: float = 60
    total: float = 120


WORKER = Patience()
TOKEN = Patience(connect=5, read=15, total=20)
"""The token endpoint; with `SECONDS_TO_TRY` of `core.tokens` within the 60 seconds for which one
refresher holds a connection."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """Case-insensitive."""
    body: Any
    """Parsed JSON; None when there is none or it cannot be read as JSON."""
    text: str


def make_http(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A client to share: connections kept, no redirects followed, no cookies, with our name on
    every request. `transport` is what stands in for the network."""
    client = httpx.Client(
        transport=transport,
        mounts=None if transport else {"all://": Kept()},  # a proxy of the environment goes first
        limits=LIMITS,
        follow_redirects=False,
        # A jar would carry one org's cookies to another, and grow.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        headers={
            "User-Agent": USER_AGENT,
            "Sforce-Call-Options": CALL_OPTIONS,
            "Accept-Encoding": ENCODINGS,
        },
        timeout=httpx.Timeout(WORKER.read, connect=WORKER.connect),
    )
    for below in (client._transport, *client._mounts.values()):
        if isinstance(below, httpx.HTTPTransport):
            keep_deadlines(below)
    return client


def send(
    http: httpx.Client,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    patience: Patience,
    json_body: Any = None,
    form: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request. Raises `Transient` when no whole answer came, or one that is too large;
    whether Salesforce acted on the request is then unknown, save for `Unreachable`."""
    timeout = httpx.Timeout(patience.read, connect=patience.connect, pool=patience.connect)
    deadline = time.monotonic() + patience.total
    try:
        with (
            within(patience.total),
            http.stream(
                method,
                url,
                headers=dict(headers),
                json=json_body,
                data=form,
                timeout=timeout,
                follow_redirects=False,
            ) as response,
        ):
            pieces = _until(deadline, response)
            content = whole(pieces, response.headers.get("Content-Encoding", "").lower())
    except httpx.ConnectError as away:
        raise Unreachable("NO_CONNECTION", type(away).__name__) from away
    except httpx.TimeoutException as slow:
        raise Transient("TIMEOUT", type(slow).__name__) from slow
    except httpx.HTTPError as broken:
        raise Transient("NO_ANSWER", type(broken).__name__) from broken
    text = content.decode("utf-8", errors="replace")
    return Answer(response.status_code, response.headers, parsed(text), text)


def _until(deadline: float, response: httpx.Response) -> Iterator[bytes]:
    """The body as it was sent. Where no socket of ours is below, the deadline is looked at here."""
    # Not `iter_raw`: it has nothing of an answer that a test made whole.
    for piece in cast(httpx.SyncByteStream, response.stream):
        yield piece
        if time.monotonic() > deadline:
            raise Transient("TIMEOUT", "SlowReply")
