"""For machines that watch: alive, ready, metrics."""

from __future__ import annotations

import ipaddress
import math
import secrets
import time
from collections.abc import Callable
from functools import cache
from threading import Lock

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, abort, current_app, jsonify, make_response, request
from flask.sansio.blueprints import BlueprintSetupState
from prometheus_client import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug import Response

from core import ROOT
from core.queues import open_redis
from core.store.counters import CHECKS
from portal.api.metrics import exposition
from portal.web.extensions import limiter
from portal.web.services import REDIS_SECONDS, config, store

bp = Blueprint("health", __name__)
limiter.exempt(bp)

MIGRATIONS = ROOT / "migrations"
LATELY = "unitalk.ready"
MOMENT = 1.0
"""Seconds."""

OF_PROXIES = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


class NotReady(Exception):
    """One of the things needed is missing; says what is wrong with it."""


class Lately:
    """What was found a moment ago: who asks without end makes no load, however many they are."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._at = -math.inf
        self._state: dict[str, str] = {}

    def state(self) -> dict[str, str]:
        with self._lock:
            if time.monotonic() - self._at > MOMENT:
                self._state = {name: _state(check) for name, check in NEEDED.items()}
                self._state["redis"] = "ok" if _state(_redis) == "ok" else "degraded"
                self._at = time.monotonic()
            return self._state


@bp.record_once
def _attach(setup: BlueprintSetupState) -> None:
    setup.app.extensions[LATELY] = Lately()


@bp.get("/healthz")
def alive() -> Response:
    """This process answers. Asks nobody else: a dead database is no reason to restart it."""
    return make_response("ok\n", 200, {"Content-Type": "text/plain"})


@bp.get("/readyz")
def ready() -> Response:
    """Whether calls and people can be served; 503 names what is missing.

    Without Redis they can: calls are written down and the sweeper finds them.
    """
    state = current_app.extensions[LATELY].state()
    good = all(state[name] == "ok" for name in NEEDED)
    return make_response(jsonify(state), 200 if good else 503)


@bp.get("/metrics")
def metrics() -> Response:
    """Prometheus' text format, for whoever knows METRICS_KEY; without one, for this machine."""
    if not _may_read_metrics():
        abort(401)
    return make_response(exposition(store()), 200, {"Content-Type": CONTENT_TYPE_LATEST})


# Watchers ask by plain HTTP, from inside.
for view in (alive, ready, metrics):
    view.talisman_view_options = {"force_https": False}  # type: ignore[attr-defined]


def _may_read_metrics() -> bool:
    if key := config().metrics_key:
        given = request.headers.get("Authorization", "")
        return secrets.compare_digest(given.encode(), f"Bearer {key}".encode())
    if config().trusted_proxies or any(name in request.headers for name in OF_PROXIES):
        return False  # a proxy stands before us: who asks may be anybody
    return ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except (NotReady, SQLAlchemyError, RedisError) as error:
        return str(error) if isinstance(error, NotReady) else type(error).__name__
    return "ok"


def _database() -> None:
    """By a write that is committed, and a file: a disk that is full, a file too large and a
    database that only reads refuse nothing before that."""
    store().counters.add({(CHECKS, ""): 1})
    store().database.make_a_file()


@cache
def _newest() -> frozenset[str]:
    """What the code expects. It is read once: the files do not change under a running portal."""
    alembic = AlembicConfig()
    alembic.set_main_option("script_location", str(MIGRATIONS))
    return frozenset(ScriptDirectory.from_config(alembic).get_heads())


def _migrations() -> None:
    newest = _newest()
    with store().database.engine.connect() as connection:
        present = set(MigrationContext.configure(connection).get_current_heads())
    if present != newest:
        raise NotReady(f"at {sorted(present)}, the code is at {sorted(newest)}")


def _redis() -> None:
    with open_redis(config().redis_url, seconds=REDIS_SECONDS) as redis:
        redis.set("ready", 1, ex=60)  # a full one still answers pings


NEEDED: dict[str, Callable[[], None]] = {"database": _database, "migrations": _migrations}
