"""Replies that never arrive: the connection is closed before an answer.

The view returns `cut_reply()`; the middleware around the application then closes the socket.
Without a socket (an application called in-process) it raises what `create_app` was given.
"""

import socket
from collections.abc import Callable, Iterable
from typing import Any

from flask import Response

_MARK = "X-Sandbox-Cut"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def cut_reply() -> Response:
    """The answer that the middleware turns into a closed connection."""
    return Response(b"", 500, {_MARK: "1"})


class CutReplies:
    """WSGI middleware: lets every answer pass but the marked ones."""

    def __init__(self, app: Wsgi, error: Callable[[], Exception]) -> None:
        self._app = app
        self._error = error

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Serve, or close the connection."""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if any(name == _MARK for name, _ in headers):
                connection = environ.get("werkzeug.socket")
                if connection is not None:
                    connection.shutdown(socket.SHUT_RDWR)
                    raise ConnectionAbortedError("reply cut on purpose")
                raise self._error()
            return start_response(status, headers, *more)

        return self._app(environ, start)
