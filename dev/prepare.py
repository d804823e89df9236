"""Migrations, then the demo's people, in one process: both need the same second of imports.

    python -m dev.prepare

Prints how to sign in, as `flask seed-demo` does.
"""

from alembic import command
from alembic.config import Config
from flask.cli import cli

from core import ROOT


def main() -> None:
    command.upgrade(Config(ROOT / "alembic.ini"), "head")
    cli.main(args=["--app", "wsgi", "seed-demo"])


if __name__ == "__main__":
    main()
