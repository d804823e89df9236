"""Servers, databases and the browser, for every test that asks for them."""

import os

import pytest

from dev.guard import Guard

pytest_plugins = ["tests.helpers.servers", "tests.helpers.databases", "tests.helpers.browser"]

_guard = pytest.StashKey[Guard]()


def pytest_configure(config: pytest.Config) -> None:
    """The first process makes the folder of this run's servers; xdist's workers share it."""
    if not hasattr(config, "workerinput"):
        config.stash[_guard] = Guard()
        os.environ["TEST_SERVERS"] = str(config.stash[_guard].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Servers started for this run end with it, also when it is killed."""
    if _guard in config.stash:
        config.stash[_guard].close()
