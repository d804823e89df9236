"""`make demo-call`: hand a call over to the product that `make run` started, as telephony would.

Takes the options of `flask demo-call`; PORTAL_PORT and DATA_FOLDER as they were for `make run`.
"""

import os
import sys

from core import ROOT
from dev import valkey
from dev.demo import environment, read_demo
from dev.run import python


def main() -> None:
    """Become the flask command. Raises SystemExit when nothing runs that would take the call."""
    demo = read_demo()
    if not (demo.data / "demo.env").exists():
        raise SystemExit("There is no demo yet. Start it first: make run")
    variables = environment(demo)
    if not valkey.answers(variables["REDIS_URL"]):
        raise SystemExit("The demo is not running. Start it first: make run")
    os.chdir(ROOT)
    command = python("flask", "--app", "wsgi", "demo-call", *sys.argv[1:])
    os.execve(command[0], command, variables)  # noqa: S606


if __name__ == "__main__":
    main()
