"""Migrations, then the demo's people, in one process: both need the same second of imports.

    python -m dev.prepare

Prints how to sign in, as `flask seed-demo` does.
"""

import sys

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from flask.cli import cli

from core import ROOT

OLDER = "The demo's database is of an older build, and no migration leads on: {}. Remove data/."


def main() -> None:
    try:
        command.upgrade(Config(ROOT / "alembic.ini"), "head")
    except CommandError as error:
        sys.exit(OLDER.format(error))
    cli.main(args=["--app", "wsgi", "seed-demo"])


if __name__ == "__main__":
    main()
