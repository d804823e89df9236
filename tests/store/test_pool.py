"""PostgreSQL's connections: none that died is used, and none is asked before each use."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from core.store.database import DATABASE_AWAY, Database
from core.store.pool import SIZE

THREADS = SIZE["pool_size"]
ASKED = "SELECT pg_backend_pid()"


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    database = Database(postgresql_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def admin(postgresql_url: str) -> Iterator[psycopg.Connection]:
    url = make_url(postgresql_url).set(drivername="postgresql").render_as_string()
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def ask(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(text(ASKED)))


def all_at_once(database: Database) -> set[int]:
    """Every connection of the pool is in use at one moment; returns the server's processes."""
    together = threading.Barrier(THREADS)

    def use(_: int) -> int:
        with database.read() as session:
            process = int(session.scalar(text(ASKED)))
            together.wait(30)
            return process

    with ThreadPoolExecutor(THREADS) as threads:
        return set(threads.map(use, range(THREADS)))


def end(admin: psycopg.Connection, processes: set[int]) -> None:
    """As a restart does; returns once all are gone."""
    for process in processes:
        admin.execute("SELECT pg_terminate_backend(%s, 30000)", [process])


def test_connections_that_all_died_cost_nobody_an_error(database, admin):
    before = all_at_once(database)
    assert len(before) == THREADS
    end(admin, before)
    after = all_at_once(database)
    assert not before & after


def test_a_connection_with_news_that_lives_is_kept(database, admin):
    """A setting that the server reports by itself, as after a reload."""
    process = ask(database)
    listening = database.engine.connect()
    listening.exec_driver_sql("LISTEN here")
    listening.commit()
    listening.close()
    admin.execute("NOTIFY here")
    assert ask(database) == process


def test_nothing_is_sent_before_a_use(database, tmp_path):
    trace = tmp_path / "trace"
    with trace.open("w") as sent:
        with database.engine.connect() as connection:
            connection.connection.driver_connection.pgconn.trace(sent.fileno())
        ask(database)
        database.engine.dispose()
    lines = trace.read_text().splitlines()
    queries = [line.split('"')[1].strip() for line in lines if "\tQuery\t" in line]
    assert queries == ["BEGIN", ASKED, "ROLLBACK"]


def test_a_server_that_only_reads_is_left_for_whoever_writes_now(database, admin):
    """The address leads to a new primary, the kept connections to what is a replica now."""
    before = all_at_once(database)
    with database.read() as session:  # one connection was there when the roles changed
        session.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
        session.commit()
        stuck = int(session.scalar(text(ASKED)))
    errors = 0
    for _ in range(2 * THREADS):
        try:
            with database.write() as session:
                session.execute(text("UPDATE accounts SET name = name"))
        except DATABASE_AWAY:
            errors += 1
    assert errors == 1
    assert stuck in before
    assert stuck not in all_at_once(database)


def test_a_refusal_of_ours_costs_no_connection(database):
    process = ask(database)
    with pytest.raises(DBAPIError), database.write() as session:
        session.execute(text("SELECT 1 / 0"))
    assert ask(database) == process
