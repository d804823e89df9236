"""The parts that blueprints share, made once per application."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from flask import Flask, current_app

from sandbox.apps import Apps
from sandbox.counters import Counters
from sandbox.faults import Faults
from sandbox.orgs import Orgs
from sandbox.rows import Rows
from sandbox.seed import seed_demo
from sandbox.setup_records import renew
from sandbox.storage import Storage
from sandbox.tokens import Tokens

_KEY = "sandbox"


@dataclass(frozen=True)
class Services:
    """Everything that outlives a request."""

    storage: Storage
    orgs: Orgs
    rows: Rows
    apps: Apps
    counters: Counters
    tokens: Tokens
    faults: Faults

    @classmethod
    def open(cls, folder: Path) -> "Services":
        """On the data of a folder, which is made if need be."""
        storage = Storage(folder)
        rows, counters = Rows(storage), Counters(storage)
        orgs = Orgs(storage, partial(renew, rows))
        tokens = Tokens(storage, orgs, rows, counters)
        return cls(storage, orgs, rows, Apps(storage), counters, tokens, Faults())

    def reset(self) -> None:
        """The data of a first start, apps excepted. Call within a transaction."""
        self.storage.empty()
        self.orgs.reload()
        seed_demo(self.orgs, self.rows)

    def attach(self, app: Flask) -> None:
        """Make these the services of an application."""
        app.extensions[_KEY] = self


def services() -> Services:
    """The services of the current application."""
    return cast(Services, current_app.extensions[_KEY])
