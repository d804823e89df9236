"""An exchange is over at its deadline, whatever the other side does with its sockets."""

import socket
import threading
from collections.abc import Iterator

import pytest

from core.salesforce.errors import Transient
from core.salesforce.http import Patience, make_http, send

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def serve(listener: socket.socket, first: bytes, then: bytes) -> None:
    """Answer one request with `first`, then go on with `then` bit by bit."""
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        hung_up = threading.Event()
        try:
            connection.sendall(first)
            while not hung_up.wait(0.02):
                connection.sendall(then)
                connection.settimeout(0.01)
        except OSError:
            return


@pytest.mark.parametrize(
    ("first", "then"),
    [(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"), (HEAD, b" "), (HEAD, b""), (b"", b"")],
    ids=["the head trickles", "the body trickles", "no body", "nothing"],
)
def test_an_answer_that_does_not_come_is_given_up(listener, first, then) -> None:
    threading.Thread(target=serve, args=(listener, first, then), daemon=True).start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    patience = Patience(connect=600, read=600, total=0.3)
    with make_http() as http, pytest.raises(Transient) as late:
        send(http, "GET", url, headers={}, patience=patience)
    assert late.value.code == "TIMEOUT"


def test_nothing_is_sent_after_the_deadline(listener) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    with make_http() as http, pytest.raises(Transient):
        send(http, "POST", url, headers={}, patience=Patience(total=0))
    listener.settimeout(0.1)
    with pytest.raises(TimeoutError):
        listener.accept()
