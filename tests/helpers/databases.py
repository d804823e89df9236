"""A database for each test, made by the migrations and copied from a template."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event, make_url
from sqlalchemy.pool import Pool

from core import ROOT
from tests.helpers.servers import locked, once

TEMPLATE = "unitalk_template"


@event.listens_for(Pool, "checkout")
def without_sync(connection: object, *_: object) -> None:
    """No test of this process cuts the power, so none waits for the disk."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, servers: Path) -> str:
    """A fresh, migrated database, once in SQLite and once in PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def sqlite_url(servers: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    template = Path(once(servers, "sqlite-template", make_sqlite_template))
    shutil.copyfile(template, tmp_path / "unitalk.db")
    return f"sqlite:///{tmp_path / 'unitalk.db'}"


@pytest.fixture
def postgresql_url(postgresql: str, servers: Path) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    once(servers, "postgresql-template", lambda _: make_postgresql_template(postgresql))
    name = f"unitalk_{uuid4().hex[:12]}"
    with locked(servers / "postgresql-copy.lock"):  # a template may be copied by one at a time
        administer(postgresql, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield postgresql.format(name=name)
    administer(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


def make_sqlite_template(servers: Path) -> str:
    """A migrated SQLite file to copy. Returns its path."""
    path = servers / "template.db"
    migrate(f"sqlite:///{path}")
    assert not Path(f"{path}-wal").exists(), "a write-ahead log was left: the copy would lack it"
    return str(path)


def make_postgresql_template(server: str) -> str:
    """A migrated PostgreSQL database to copy. Returns its name."""
    administer(server, f"CREATE DATABASE {TEMPLATE}")
    migrate(server.format(name=TEMPLATE))
    return TEMPLATE


def administer(server: str, statement: str) -> None:
    """Run one statement that no transaction may surround."""
    url = make_url(server.format(name="postgres")).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(), autocommit=True) as connection:
        connection.execute(statement)


def migrate(url: str, revision: str = "head") -> None:
    """Bring a database to the newest schema, or to an older one, as production does."""
    subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", revision],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        check=True,
        capture_output=True,
    )
