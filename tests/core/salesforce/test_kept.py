"""Connections to orgs are kept, and one that died meanwhile costs nothing."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from core.salesforce.http import WORKER, make_http, send
from core.salesforce.kept import SECONDS_KEPT

ANSWER = b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=1; Path=/\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Answers every request of every connection; `hang_up` closes those that are open."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("", 0), backlog=200)
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.answers_when: threading.Barrier | None = None
        self.connections: list[socket.socket] = []
        self.requests: list[bytes] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def hang_up(self) -> None:
        for connection in self.connections:
            connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        while request := connection.recv(65536):
            self.requests.append(request)
            if self.answers_when:
                self.answers_when.wait()
            connection.sendall(ANSWER)


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.socket.close()


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with make_http() as client:
        yield client


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Puts the clock forward by seconds."""
    clock = time.monotonic
    return lambda seconds: monkeypatch.setattr(time, "monotonic", lambda: clock() + seconds)


def ask(http: httpx.Client, server: Server, host: str = "127.0.0.1") -> httpx.Response:
    with http.stream("GET", f"http://{host}:{server.port}/") as answer:
        answer.read()
    return answer


def test_a_connection_is_used_again_minutes_later(http, server, later) -> None:
    ask(http, server)
    later(180)
    ask(http, server)
    assert len(server.requests) == 2
    assert len(server.connections) == 1


def test_one_that_was_idle_for_too_long_is_not(http, server, later) -> None:
    ask(http, server)
    later(SECONDS_KEPT + 1)
    ask(http, server)
    assert len(server.connections) == 2


def test_connections_to_hundreds_of_orgs_are_kept(http, server) -> None:
    for _ in range(2):
        for org in range(1, 201):
            ask(http, server, f"127.0.0.{org}")
    assert len(server.requests) == 400
    assert len(server.connections) == 200


def test_one_that_the_server_closed_costs_no_request(http, server) -> None:
    ask(http, server)
    server.hang_up()
    body = {"a": "write"}
    answer = send(http, "POST", server.url, headers={}, patience=WORKER, json_body=body)
    assert answer.status == 200
    assert len(server.connections) == 2


def test_the_kernel_finds_one_that_died_in_silence(http, server) -> None:
    with http.stream("GET", server.url) as answer:
        used: socket.socket = answer.extensions["network_stream"].get_extra_info("socket")
        assert used.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        probed = used.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)
    assert probed < SECONDS_KEPT / 2


def test_nobody_waits_for_anothers_connection(http, server) -> None:
    """As many at once as a process has threads, and more."""
    server.answers_when = threading.Barrier(80)
    with ThreadPoolExecutor(80) as threads:
        answers = list(threads.map(lambda _: ask(http, server), range(80)))
    assert {one.status_code for one in answers} == {200}


def test_no_cookie_is_kept(http, server) -> None:
    ask(http, server)
    ask(http, server)
    assert not http.cookies
    assert b"cookie" not in server.requests[1].lower()
