"""The engine and its two kinds of transaction, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, TimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from core import addresses
from core.store import pool
from core.store.now import SqliteClock

SECONDS_TO_WAIT_FOR_A_LOCK = 30

_OPTIONS: dict[str, Any] = {
    **pool.SIZE,
    # An error's text ends in logs; the event and the number that a statement carried must not.
    "hide_parameters": True,
}

AS_SAID = {"synchronize_session": False}
"""Run an UPDATE or DELETE as it stands: objects read before it are done with."""

DATABASE_AWAY = (OperationalError, InterfaceError, InternalError, TimeoutError)
"""What a database that is away raises, or that only reads after a failover (InternalError), in the
end also by a pool that waits for it in vain."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def rows_changed(result: Any) -> int:
    """How many rows an UPDATE touched. (SQLAlchemy types `execute` too widely to know.)"""
    return int(result.rowcount)


def dialect_of(session: Session) -> str:
    return session.get_bind().dialect.name


def insert(where: Session | str, table: type[DeclarativeBase]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say what becomes of a row that is there already, for the database of the
    session, or of that dialect."""
    dialect = where if isinstance(where, str) else dialect_of(where)
    return (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)


class Database:
    """Opens sessions: `read()` and `write()`."""

    def __init__(self, url: str) -> None:
        self.engine = _open_engine(url)
        # SQLite refuses to turn a reader into a writer once another has written; a transaction
        # that says at once that it will write waits for its turn instead.
        self._writing = self.engine.execution_options(write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Commits at the end of the block; rolls back when it raises."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def make_a_file(self) -> None:
        """Have PostgreSQL write a temporary file of about 300 kB, beside its tables as a rule: a
        disk that is full still takes a row where one was before. Nothing on SQLite."""
        if self.engine.dialect.name == "sqlite":
            return
        with self.read() as session:
            session.execute(text("SET LOCAL work_mem = '64kB'"))
            session.execute(text("SELECT count(*) FROM generate_series(1, 20000)"))


def _open_engine(url: str) -> Engine:
    address = addresses.database(url)
    if address.drivername != "sqlite":
        engine = create_engine(address, connect_args=pool.PATIENCE, **_OPTIONS)
        pool.mind_the_dead(engine)
        event.listen(engine, "handle_error", _hide_detail)
        return engine
    patience = {"timeout": SECONDS_TO_WAIT_FOR_A_LOCK}
    engine = create_engine(address, connect_args=patience, **_OPTIONS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _hide_detail(context: ExceptionContext) -> None:
    """PostgreSQL's own words show the whole row that it refused."""
    raised = context.original_exception
    words = getattr(getattr(raised, "diag", None), "message_primary", None)
    if not words:
        return
    raised.args = (words,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(raised).__name__}) {words}",)


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    clock = record.info["clock"] = SqliteClock()
    connection.create_function("moment", 1, clock.moment)
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: an acknowledged call is on the disk, also after a power cut.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={SECONDS_TO_WAIT_FOR_A_LOCK * 1000}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    connection.info["clock"].set()  # after the wait for another writer
