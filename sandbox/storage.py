"""The SQLite file that holds every org of the stand-in, and transactions on it.

One connection behind one lock: requests are served one after another, which makes each
request, and each graph within one, a transaction as in Salesforce.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = Path(__file__).with_name("tables.sql")


class Storage:
    """Open with `Storage(folder)`; the file `orgs.sqlite` in it keeps the data between starts."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(
            folder / "orgs.sqlite", check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(_TABLES.read_text())
        self._add_what_older_files_lack()

    def _add_what_older_files_lack(self) -> None:
        added = {
            ("apps", "scopes"): """TEXT NOT NULL DEFAULT '["api", "id", "refresh_token"]'""",
            ("apps", "client_credentials_user"): "TEXT NOT NULL DEFAULT 'null'",
            ("approvals", "standing"): "INTEGER NOT NULL DEFAULT 0",
        }
        for (table, column), kind in added.items():
            if column not in {row["name"] for row in self.all(f"PRAGMA table_info({table})")}:
                self.run(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; one inside another is a savepoint of the outer one."""
        with self.lock:
            name = f"level{self._depth}"
            self.run("BEGIN IMMEDIATE" if self._depth == 0 else f"SAVEPOINT {name}")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth:
                    self.run(f"ROLLBACK TO {name}")
                    self.run(f"RELEASE {name}")
                else:
                    self.run("ROLLBACK")
                raise
            self._depth -= 1
            self.run(f"RELEASE {name}" if self._depth else "COMMIT")

    def run(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Execute one statement."""
        with self.lock:
            return self._connection.execute(sql, values)

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Every row of a query."""
        with self.lock:
            return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, if there is one."""
        with self.lock:
            row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
            return row

    def next_number(self) -> int:
        """The next number for a record id; never given twice, also after a restart."""
        row = self.one("UPDATE sequence SET value = value + 1 RETURNING value")
        assert row is not None, "the sequence is seeded by tables.sql"  # noqa: S101
        return int(row["value"])

    def empty(self) -> None:
        """Delete everything but the registered apps; record numbers go on."""
        for row in self.all("SELECT name FROM sqlite_master WHERE type = 'table'"):
            if row["name"] not in {"apps", "sequence"} and not row["name"].startswith("sqlite_"):
                self.run(f"DELETE FROM {row['name']}")  # noqa: S608 - names from the schema

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._connection.close()
