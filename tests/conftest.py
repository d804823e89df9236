"""Servers, databases and the browser, for every test that asks for them."""

import os
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from dev.guard import Guard

pytest_plugins = ["tests.helpers.servers", "tests.helpers.databases", "tests.helpers.browser"]

_guard = pytest.StashKey[Guard]()
STARTED = frozenset({"chromium", "postgresql", "redis_server", "valkey_server"})
"""Fixtures that start a program. Tests that start one by themselves have these in their module:"""
STARTERS = frozenset({"subprocess", "Run", "main"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out what starts a program")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--quick"):
        slow = [item for item in items if _starts_a_program(item)]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in set(slow)]


def _starts_a_program(item: pytest.Item) -> bool:
    assert isinstance(item, pytest.Function)
    chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
    wanted = {*item.fixturenames, *(one for one in chosen if isinstance(one, str))}
    return bool(wanted & (STARTED | {"redis", "valkey"}) or vars(item.module).keys() & STARTERS)


def pytest_configure(config: pytest.Config) -> None:
    """The first process makes the folder of this run's servers; xdist's workers share it."""
    if not hasattr(config, "workerinput"):
        config.stash[_guard] = Guard()
        os.environ["TEST_SERVERS"] = str(config.stash[_guard].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Servers started for this run end with it, also when it is killed."""
    if _guard in config.stash:
        config.stash[_guard].close()


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(servers: Path) -> None:
    """Each test has an app of its own; what its templates compile to is the same for all."""
    folder = servers / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}
