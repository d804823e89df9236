"""A world (see tests/scenarios/helpers/world.py) on both databases, with a real Redis."""

import pytest

from tests.scenarios.helpers.world import World


@pytest.fixture
def world(database_url, embedded_redis_url, tmp_path):
    world = World(database_url, embedded_redis_url, tmp_path)
    yield world
    world.close()


@pytest.fixture
def light_world(sqlite_url, embedded_redis_url, tmp_path):
    """On SQLite alone, where the database makes no difference."""
    world = World(sqlite_url, embedded_redis_url, tmp_path)
    yield world
    world.close()
