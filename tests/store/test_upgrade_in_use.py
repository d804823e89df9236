"""The upgrade of a PostgreSQL in use: older portals and workers go on, and it is interrupted."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from core import ROOT
from tests.bench.upgrade import lost, trial
from tests.helpers.databases import administer, migrate
from tests.store.helpers.older import Connection, connect, fill

CALLS = 6_000
"""More than are copied at once."""
STATEMENT_THAT_WAITS = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
A_LATE_EVENT = "SELECT id FROM call_events WHERE call_id > 5500 LIMIT 1 FOR UPDATE"


@pytest.fixture
def url(postgresql: str):
    """A database of the older version with calls."""
    name = f"older_{os.getpid()}_{time.monotonic_ns()}"
    administer(postgresql, f"CREATE DATABASE {name}")
    url = postgresql.format(name=name)
    migrate(url, "0001")
    fill(url, CALLS)
    yield url
    administer(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


def test_nothing_is_lost_while_calls_come_and_go(url):
    *_, failures = trial(url, 2)  # it looks by itself whether something is lost
    assert failures == "writers' other failures: []"


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ"])
def test_interrupted_it_goes_on(url, isolation):
    """In the middle of the rows; or, behind a snapshot that is kept, in the middle of an index."""
    with connect(url) as other:
        other.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        assert other.execute(A_LATE_EVENT).fetchone()
        with upgrading(url) as process, connect(url) as watcher:
            watcher.autocommit = True
            watcher.execute("SELECT pg_terminate_backend(%s)", (who_waits(watcher),))
            assert process.wait() != 0
    with connect(url) as connection:
        assert connection.execute(COPIED).fetchone() == (isolation == "READ COMMITTED",)
    migrate(url)
    with connect(url) as connection:
        assert lost(connection, []) == {}


def test_nobody_waits_behind_a_change_of_connections_that_waits(url):
    migrate(url, "0003")
    with connect(url) as reader:
        reader.execute("SELECT FROM connections")
        with upgrading(url) as process, connect(url) as watcher:
            watcher.autocommit = True
            who_waits(watcher)
            watcher.execute("SET lock_timeout = '30s'")
            watcher.execute("SELECT FROM connections")
            watcher.execute("UPDATE accounts SET name = name")
            assert process.poll() is None
            reader.rollback()
            assert process.wait() == 0


COPIED = "SELECT EXISTS (SELECT FROM call_keys)"


@contextmanager
def upgrading(url: str):
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    environment = {**os.environ, "DATABASE_URL": url}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def who_waits(watcher: Connection) -> int:
    """The server process that waits for somebody's lock, as soon as one does."""
    while not (found := watcher.execute(STATEMENT_THAT_WAITS).fetchone()):
        time.sleep(0.05)
    return found[0]
