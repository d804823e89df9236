"""Servers, databases and the browser, for every test that asks for them."""

import os
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache

from core import ROOT
from dev import clients
from dev.guard import Guard

settings.register_profile("unhurried", deadline=None)  # no machine is too slow for a test
settings.load_profile("unhurried")

pytest_plugins = ["tests.helpers.servers", "tests.helpers.databases", "tests.helpers.browser"]

_guard = pytest.StashKey[Guard]()
STARTERS = (
    "subprocess",
    "tests.bench.run",
    "tests.chaos.options",
    "tests.helpers.node",
    "tests.helpers.running",
    "tests.helpers.servers",
    "tests.whole.site",
)
"""What test modules use that start programs by themselves."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick", action="store_true", help="leave out what needs a database, server or browser"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--quick"):
        slow = [item for item in items if _starts_a_program(item)]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in set(slow)]


def _starts_a_program(item: pytest.Item) -> bool:
    """Every database, server and browser of a test comes from a fixture that asks for `servers`,
    or for `chromium`."""
    assert isinstance(item, pytest.Function)
    used = {
        getattr(one, "__module__", "") or getattr(one, "__name__", "")
        for one in vars(item.module).values()
    }
    return bool({"servers", "chromium"} & set(item.fixturenames) or used & set(STARTERS))


def pytest_configure(config: pytest.Config) -> None:
    """The first process fetches what tests run, and makes the folder of this run's servers;
    xdist's workers share both."""
    if not hasattr(config, "workerinput"):
        clients.fetch(ROOT)
        config.stash[_guard] = Guard()
        os.environ["TEST_SERVERS"] = str(config.stash[_guard].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Servers started for this run end with it, also when it is killed."""
    if _guard in config.stash:
        config.stash[_guard].close()


@pytest.fixture(scope="session", autouse=True)
def compiled_templates() -> None:
    """Each test has an app of its own; what its templates compile to is the same for all."""
    folder = Path(os.environ["TEST_SERVERS"]) / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}
