"""For machines that watch: alive, ready, metrics."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable
from functools import cache

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, abort, jsonify, make_response, request
from prometheus_client import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug import Response

from core import ROOT
from core.queues import open_redis
from portal.api.metrics import exposition
from portal.web.extensions import limiter
from portal.web.services import REDIS_SECONDS, config, store

bp = Blueprint("health", __name__)
limiter.exempt(bp)

MIGRATIONS = ROOT / "migrations"


OF_PROXIES = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


class NotReady(Exception):
    """One of the things needed is missing; says what is wrong with it."""


@bp.get("/healthz")
def alive() -> Response:
    """This process answers. Asks nobody else: a dead database is no reason to restart it."""
    return make_response("ok\n", 200, {"Content-Type": "text/plain"})


@bp.get("/readyz")
def ready() -> Response:
    """Whether calls and people can be served; 503 names what is missing.

    Without Redis they can: calls are written down and the sweeper finds them.
    """
    state = {name: _state(check) for name, check in NEEDED.items()}
    good = all(one == "ok" for one in state.values())
    state["redis"] = "ok" if _state(_redis) == "ok" else "degraded"
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
    with store().database.read() as session:
        session.execute(text("SELECT 1"))


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
        redis.ping()


NEEDED: dict[str, Callable[[], None]] = {"database": _database, "migrations": _migrations}
