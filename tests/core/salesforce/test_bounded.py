"""One org's answer takes a bounded part of the memory, whatever it sends."""

import gzip
import json
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

import httpx
import pytest

from core import reasons
from core.models import CallState
from core.salesforce.bounded import LARGEST, MOST_VALUES
from core.salesforce.errors import Transient, Unreadable
from core.salesforce.http import WORKER, Answer, make_http, send
from worker.retries import retry

MIB = 1024 * 1024
SPACES = b" " * MIB


def bomb() -> Iterator[bytes]:
    """A gibibyte, packed into one mebibyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield from filter(None, (packer.compress(SPACES) for _ in range(1024)))
    yield packer.flush()


def endless() -> Iterator[bytes]:
    while True:
        yield SPACES


def after_the_end() -> Iterator[bytes]:
    yield gzip.compress(b"{}")
    yield from endless()


@pytest.fixture
def answered() -> Iterator[Callable[..., Answer]]:
    """What `send` makes of pieces that a real server sends, each as a chunk."""
    with socket.create_server(("127.0.0.1", 0)) as listener, make_http() as http:

        def ask(pieces: Iterable[bytes], encoding: str = "") -> Answer:
            threading.Thread(target=_serve, args=(listener, pieces, encoding), daemon=True).start()
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
            return send(http, "GET", url, headers={}, patience=WORKER)

        yield ask


def _serve(listener: socket.socket, pieces: Iterable[bytes], encoding: str) -> None:
    connection, _ = listener.accept()
    head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: {encoding}\r\n\r\n"
    with closing(connection):
        connection.recv(65536)
        try:
            connection.sendall(head.encode())
            for piece in pieces:
                connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
            connection.sendall(b"0\r\n\r\n")
        except OSError:  # hung up on, as it should be
            return


@pytest.mark.parametrize(
    ("pieces", "encoding"),
    [(bomb, "gzip"), (endless, ""), (after_the_end, "gzip"), (bomb, "br"), (bomb, "deflate")],
    ids=["a gzip bomb", "no end", "more after the end", "brotli", "deflate"],
)
def test_an_answer_too_large_is_read_no_further(answered, pieces, encoding) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            answered(pieces(), encoding)
        assert tracemalloc.get_traced_memory()[1] < 4 * LARGEST
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("text", ["[" + "{}," * MOST_VALUES + "0]", "[" * 100_000 + "]" * 100_000])
def test_what_would_grow_when_it_is_parsed_is_not(answered, text) -> None:
    with pytest.raises(Unreadable):
        answered([text.encode()])


def test_a_number_without_end_is_no_json(answered) -> None:
    assert answered([b'{"a": ' + b"9" * 50_000 + b"}"]).body is None


def test_the_largest_real_answer_is_read(answered) -> None:
    """Six describes of 800 fields, each with a picklist of its own."""
    values = [{"value": f"v{n}", "label": f"Value {n}", "active": True} for n in range(10)]
    field = {"name": "Custom__c", "picklistValues": values, **{f"is{n}": False for n in range(40)}}
    body = [{"fields": [field] * 800}] * 6
    packed = gzip.compress(json.dumps(body).encode())
    assert answered([packed[:1000], packed[1000:]], "gzip").body == body


def test_a_packed_answer_that_is_cut_or_broken_is_transient(answered) -> None:
    packed = gzip.compress(b'{"a": 1}')
    for broken in (packed[:-3], b"{}"):
        with pytest.raises(Transient) as error:
            answered([broken], "gzip")
        assert error.value.code == "NO_ANSWER"


def test_only_what_can_be_unpacked_in_bounds_is_asked_for() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(204)

    with make_http(httpx.MockTransport(answer)) as http:
        send(http, "GET", "http://127.0.0.1/", headers={}, patience=WORKER)
    assert asked[0].headers["Accept-Encoding"] == "gzip"


def test_a_person_is_asked_after_a_few_attempts() -> None:
    reason = Unreadable("ANSWER_TOO_LARGE").reason
    assert reason.is_one_of(reasons.salesforce.unreadable)
    states = [retry(1, attempts, reason).state for attempts in (1, 5, 6)]
    assert states == [CallState.RETRY, CallState.RETRY, CallState.ATTENTION]
