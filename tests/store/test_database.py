"""The engine: what it tells nobody, and how long it waits."""

import socket
import traceback

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.store.database import DATABASE_AWAY, Database
from core.store.now import now
from tests.helpers.events import CLIENT


def test_an_errors_text_carries_no_values(store):
    statement = text("INSERT INTO accounts (id, name) VALUES (:id, :name)")
    with pytest.raises(DBAPIError) as error, store.database.write() as session:
        session.execute(statement, {"id": "acme", "name": CLIENT})
    told = "".join(traceback.format_exception(error.value))
    assert "accounts" in told
    assert CLIENT not in told


def test_a_postgresql_that_says_nothing_is_away():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = Database(f"postgresql://anna@127.0.0.1:{silent.getsockname()[1]}/unitalk")
        with pytest.raises(DATABASE_AWAY), database.read() as session:
            session.execute(text("SELECT 1"))


def test_the_clock_stands_still_for_all_rows_of_a_statement_and_then_goes_on(store):
    """Else a call could be due for those behind it, but not yet for itself, and be overtaken."""
    count = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
    moments = select(now()).select_from(text(f"({count} SELECT i FROM n) AS rows_of_it"))
    seen = []
    for _ in range(2):
        with store.database.read() as session:
            (moment,) = set(session.scalars(moments))
            seen.append(moment)
    assert seen[0] < seen[1]
