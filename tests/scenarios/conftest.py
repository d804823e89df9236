import pytest

from tests.scenarios.helpers.world import World


@pytest.fixture(params=["package", "no package"])
def world(request, sqlite_url, embedded_redis_url, tmp_path):
    """An account and its org, once with our package installed and once without."""
    world = World(sqlite_url, embedded_redis_url, tmp_path)
    world.org(package=request.param == "package")
    yield world
    world.close()
