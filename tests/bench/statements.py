"""What PostgreSQL was asked, by whom: counted by itself (pg_stat_statements)."""

from __future__ import annotations

from collections import Counter

import psycopg
from sqlalchemy import make_url

from tests.bench.house import INTAKE_ROLE, House

INTAKE, DELIVERY = INTAKE_ROLE, "postgres"
"""Roles: of the portal, and of the worker."""
KINDS = ("statements", "commits")
NO_QUESTION = ("BEGIN", "COMMIT", "ROLLBACK", "SELECT $1", "SHOW", "SET", "DEALLOCATE")
"""Neither these nor the pings of kept connections count as statements."""
QUESTIONS = "SELECT userid::regrole::text, query, calls FROM pg_stat_statements WHERE dbid = %s"


class Statements:
    def __init__(self, house: House) -> None:
        self._url = make_url(house.database_url).set(drivername="postgresql")

    def forget(self) -> None:
        with self._connection() as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            connection.execute("SELECT pg_stat_statements_reset()")

    def count(self) -> Counter[tuple[str, str]]:
        """Since the last `forget`: (role, "statements" or "commits") → how many."""
        counted: Counter[tuple[str, str]] = Counter()
        with self._connection() as connection:
            this = "SELECT oid FROM pg_database WHERE datname = current_database()"
            (database,) = connection.execute(this).fetchone() or (0,)
            for role, query, times in connection.execute(QUESTIONS, [database]):
                words = query.upper()
                if words.startswith("COMMIT"):
                    counted[role, "commits"] += times
                elif not words.startswith(NO_QUESTION) and "PG_STAT_STATEMENTS" not in words:
                    counted[role, "statements"] += times
        return counted

    def _connection(self) -> psycopg.Connection:
        return psycopg.connect(self._url.render_as_string(), autocommit=True)
