"""Migrations make what the models describe, and can be taken back."""

import json
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, inspect, text

from core import ROOT
from core.models import Base
from core.store.months import partitions
from dev import prepare


@pytest.fixture
def alembic(database_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    return Config(ROOT / "alembic.ini")


@pytest.fixture
def engine(database_url):
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def test_autogenerate_finds_nothing_to_do(alembic):
    command.check(alembic)


def test_models_would_make_the_same_tables(alembic, engine):
    migrated = found(engine)
    command.downgrade(alembic, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    Base.metadata.create_all(engine)
    assert found(engine) == migrated


def test_migrations_can_be_taken_back_and_made_again(alembic, engine):
    migrated = found(engine)
    command.downgrade(alembic, "base")
    command.upgrade(alembic, "head")
    assert found(engine) == migrated


def found(engine: Engine) -> dict[str, Any]:
    """Columns, keys and indexes of each table, as the database tells them."""
    seen = inspect(engine)
    with engine.connect() as connection:
        months = partitions(connection)
    tables = set(seen.get_table_names()) - {"alembic_version"} - months
    assert len(tables) == len(Base.metadata.tables)
    return {
        table: (
            by_name(seen.get_columns(table)),
            seen.get_pk_constraint(table),
            by_name(seen.get_foreign_keys(table)),
            by_name(seen.get_unique_constraints(table)),
            by_name(seen.get_indexes(table)),
        )
        for table in tables
    }


def by_name(things: list[Any]) -> dict[str, str]:
    return {thing["name"]: json.dumps(thing, default=str, sort_keys=True) for thing in things}


def test_a_demo_of_an_older_build_says_what_to_do(alembic, engine):
    command.upgrade(alembic, "head")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0010'"))
    with pytest.raises(SystemExit, match="Remove data/"):
        prepare.main()
