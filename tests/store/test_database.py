"""The engine: what it tells nobody, and how long it waits."""

import socket
import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.store.database import DATABASE_AWAY, Database
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
