"""`python -m tests.bench`: figures side by side, from this machine, in one run."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import structlog

from dev.guard import Guard
from tests.bench.deliveries import deliveries
from tests.bench.figures import table
from tests.bench.journal import questions
from tests.helpers.databases import administer, migrate
from tests.helpers.servers import start_postgresql, start_valkey


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--calls", type=int, default=300, help="to deliver, each way")
    parser.add_argument("--journal", type=int, default=1_000_000, help="calls of one account")
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    guard = Guard()
    try:
        say(f"\nDelivering {chosen.calls} calls (SQLite)")
        say(table(deliveries(chosen.calls, start_valkey(guard.folder))))
        for name, url in databases(guard.folder):
            say(f"\nA journal of {chosen.journal} calls ({name}), milliseconds, median of 5")
            for line in questions(url, chosen.journal):
                say(line)
    finally:
        guard.close()


def databases(folder: Path) -> list[tuple[str, str]]:
    """A fresh, migrated database of either kind."""
    server = start_postgresql(folder)
    administer(server, "CREATE DATABASE bench")
    sqlite = Path(tempfile.mkdtemp(dir=folder)) / "bench.db"
    urls = [("SQLite", f"sqlite:///{sqlite}"), ("PostgreSQL", server.format(name="bench"))]
    for _, url in urls:
        migrate(url)
    return urls


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
