"""`python -m sandbox --data DIR --port N`: the stand-in org as a server."""

import argparse
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from sandbox import ConnectedApp, create_app
from sandbox.server import make_server


def main() -> int:
    """Serve until SIGTERM or SIGINT. One line on stdout says that it is ready."""
    options = _options().parse_args()
    apps = []
    if options.client_id:
        app = ConnectedApp(
            options.client_id,
            options.client_secret or "",
            options.app_name,
            tuple(options.callback_url),
        )
        apps.append(app)
    try:
        server = make_server(create_app(options.data, apps=apps), options.host, options.port)
    except OSError as error:
        sys.stderr.write(f"The stand-in org cannot use {options.host}:{options.port}: {error}\n")
        return 1

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # shutdown() waits for the serving loop, which runs in this very thread.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"Stand-in org ready on http://{options.host}:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
    server.server_close()
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that keeps the data")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--client-id", help="consumer key of the app that may connect")
    parser.add_argument("--client-secret", help="its consumer secret")
    parser.add_argument("--callback-url", action="append", default=[], help="may be repeated")
    parser.add_argument("--app-name", default="UniTalk")
    return parser


if __name__ == "__main__":
    sys.exit(main())
