"""A small threaded HTTP server: one thread per connection, keep-alive, no access log."""

import socket

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler
from werkzeug.serving import make_server as werkzeug_server


class QuietHandler(WSGIRequestHandler):
    """HTTP/1.1 with keep-alive, and silent."""

    protocol_version = "HTTP/1.1"
    # Head and body go out in two writes; without this each answer would wait 40 ms.
    disable_nagle_algorithm = True
    timeout = 75

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: the requests log is in the control API."""

    def connection_dropped(self, error: BaseException, environ: object = None) -> None:
        """Replies cut on purpose and clients that went away are no news."""
        self.close_connection = True


def make_server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """Bound to host and port (0: any free one), to be run by `serve_forever()`.

    Raises OSError when the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # werkzeug ends the process on a port in use; a plain error lets the caller say it.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
    return werkzeug_server(host, port, app, threaded=True, request_handler=QuietHandler)
