"""Our own services, made once per process and reached by name."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx
from flask import Flask, current_app

from core.config import Config
from core.queues import Waker, open_redis
from core.salesforce.http import make_http
from core.store import Store
from portal.web.waiting import Readings

NAME = "unitalk"
REDIS_SECONDS = 0.5
"""What a request waits at most for a Redis that hangs: the sweeper wakes whom nobody woke, and
limits are counted in memory meanwhile."""


@dataclass(frozen=True)
class Services:
    config: Config
    store: Store
    waker: Waker
    http: httpx.Client
    """For Salesforce."""
    readings: Readings = field(default_factory=Readings)


def attach(app: Flask, config: Config, store: Store, http: httpx.Client | None = None) -> None:
    waker = Waker(open_redis(config.redis_url, seconds=REDIS_SECONDS))
    app.extensions[NAME] = Services(config, store, waker, http or make_http())


def services() -> Services:
    found: Services = current_app.extensions[NAME]
    return found


def config() -> Config:
    return services().config


def store() -> Store:
    return services().store
