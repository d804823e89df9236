"""What machines that watch are told."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.config import Config as AlembicConfig
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from core import ROOT
from core.events import parse_call
from core.models import CallState
from core.reasons import stored
from core.store import Store
from core.store.counters import CHECKS, api_requests
from core.store.notices import DIED
from core.store.results import Result
from portal import create_app
from portal.api import health
from tests.helpers.calls import write_down
from tests.helpers.events import event

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def ready_config(config, embedded_redis_url):
    return config.model_copy(update={"redis_url": embedded_redis_url})


@pytest.fixture
def watcher(ready_config, store):
    return create_app(ready_config, store).test_client()


def test_alive_needs_nothing(config, store):
    store.close()
    assert create_app(config, store).test_client().get("/healthz").status_code == 200


def test_ready_with_everything_there(watcher):
    answer = watcher.get("/readyz")
    assert answer.status_code == 200, answer.json
    assert answer.json == {"database": "ok", "migrations": "ok", "redis": "ok"}


def test_without_redis_calls_are_taken_in_all_the_same(config, store):
    answer = create_app(config, store).test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"database": "ok", "migrations": "ok", "redis": "degraded"}


def test_not_ready_before_the_migrations(watcher, store):
    with store.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = watcher.get("/readyz")
    assert answer.status_code == 503
    assert "older" in answer.json["migrations"]
    assert answer.json["database"] == "ok"


WITH_A_LIMIT = """
import resource, sys, time
from portal import create_app
client = create_app().test_client()
print(client.get("/readyz").status_code)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
while client.get("/readyz").status_code == 200:
    time.sleep(0.1)
answer = client.get("/readyz")
print(answer.status_code, answer.json["database"], client.get("/healthz").status_code)
"""


def test_not_ready_when_no_file_may_grow(ready_config, store):
    variables = {
        name.upper(): str(value)
        for name, value in ready_config.model_dump(exclude_defaults=True).items()
    }
    done = subprocess.run(
        [sys.executable, "-c", WITH_A_LIMIT],
        cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["200", "503", "OperationalError", "200"]


def test_not_ready_when_the_database_only_reads(ready_config, postgresql_url):
    store = Store(postgresql_url, ready_config.token_keys)
    client = create_app(ready_config, store).test_client()
    with store.database.write() as session:
        name = session.scalar(text("SELECT current_database()"))
        session.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    store.database.engine.dispose()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["database"] == "InternalError"
    assert answer.json["migrations"] == "ok"
    store.close()


def test_whoever_asks_without_end_makes_no_load(watcher, store, monkeypatch):
    monkeypatch.setattr(health, "MOMENT", 3600)
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: watcher.application.test_client().get("/readyz"), range(40))
        )
    assert {one.status_code for one in answers} == {200}
    assert store.counters.all()[CHECKS] == {"": 1}


def test_the_newest_migration_is_looked_for_once(watcher, monkeypatch):
    health._newest.cache_clear()
    read = []
    monkeypatch.setattr(health, "AlembicConfig", lambda: read.append(1) or AlembicConfig())
    assert [watcher.get("/readyz").status_code for _ in range(3)] == [200, 200, 200]
    assert read == [1]


def test_watchers_are_not_sent_to_https(ready_config, store):
    secure = ready_config.model_copy(update={"portal_url": "https://x.example", "demo": False})
    client = create_app(secure, store).test_client()
    assert [client.get(path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [
        200, 200, 200,
    ]  # fmt: skip


def read(client, **headers):
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def deliver_one(store, dbid, state, reason):
    one = event(dbid=dbid)
    call = parse_call(one)
    number = f"+{call.client_number}"
    moment = call.started_at.replace(tzinfo=store.policies.get("acme").zone)
    assert write_down(store, "acme", call, one, number, moment)
    lease = store.leases.take("acme", 60)
    row = store.deliveries.claim("acme", lease, 75, 60)[0]
    store.deliveries.record("acme", lease, [Result(row.id, state, stored(reason, {}))], 2)
    store.leases.drop("acme", lease)


def test_metrics_tell_what_became_of_calls(watcher, store):
    deliver_one(store, 1, CallState.DONE, "write.lead_created")
    deliver_one(store, 2, CallState.SKIPPED, "skip.internal")
    deliver_one(store, 3, CallState.DONE, "write.lead_found")
    deliver_one(store, 4, CallState.HELD, "connection.refresh_refused")
    store.counters.add(api_requests([0.2, 7.0]))
    found = read(watcher)
    assert found["unitalk_calls_settled_total", "write.lead_created", "done"] == 1
    assert found["unitalk_calls_settled_total", "skip.internal", "skipped"] == 1
    assert found["unitalk_calls", "held"] == 1
    assert found["unitalk_calls", "waiting"] == 0
    assert found[("unitalk_api_calls_total",)] == 2
    assert found["unitalk_api_request_seconds_bucket", "0.25"] == 1
    assert found["unitalk_api_request_seconds_bucket", "10.0"] == 2
    assert found[("unitalk_api_request_seconds_sum",)] == pytest.approx(7.2)
    assert found["unitalk_delivery_seconds_bucket", "60.0"] == 2
    assert found[("unitalk_delivery_seconds_count",)] == 2
    assert found[("unitalk_oldest_waiting_seconds",)] == 0


def test_metrics_without_a_key_are_for_this_machine_only(watcher, ready_config, store):
    def ask(client, **given):
        return client.get("/metrics", **given).status_code

    assert ask(watcher) == 200
    for address in ("8.8.8.8", "10.1.2.3", "192.168.0.9"):
        assert ask(watcher, environ_base={"REMOTE_ADDR": address}) == 401
    for header in ("X-Forwarded-For", "X-Real-IP", "Via"):
        assert ask(watcher, headers={header: "127.0.0.1"}) == 401
    behind = create_app(ready_config.model_copy(update={"trusted_proxies": 1}), store)
    assert ask(behind.test_client()) == 401


def test_a_key_opens_the_metrics_and_nothing_else_does(ready_config, store):
    keyed = create_app(ready_config.model_copy(update={"metrics_key": "m3"}), store).test_client()
    assert keyed.get("/metrics").status_code == 401
    assert keyed.get("/metrics", headers={"Authorization": "Bearer m4"}).status_code == 401
    assert read(keyed, Authorization="Bearer m3")


def test_a_connection_that_died_is_counted(watcher, store):
    store.connections.connected("acme", "access", "refresh", instance_url="http://x")
    assert store.connections.died("acme", stored("connection.refresh_refused", {}))
    assert read(watcher)["unitalk_connections", "dead"] == 1
    assert store.notices.claim().kind == DIED
