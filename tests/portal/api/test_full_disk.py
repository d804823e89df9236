"""A disk that is full: who watches is told, telephony is asked to come again, nothing is lost."""

import pytest
from sqlalchemy import event as engine_event
from sqlalchemy import func, select, text

from core.models import CallRow
from core.store import Store
from portal import create_app
from portal.api import health
from tests.helpers.events import event

MOST = "PRAGMA max_page_count = {}"


@pytest.fixture
def no_memory(monkeypatch):
    """/readyz looks anew each time."""
    monkeypatch.setattr(health, "MOMENT", -1)


def let_sqlite_have(store, pages):
    """SQLite refuses to grow as it does on a full disk; 1 is what it has now."""
    limit = MOST.format(pages)
    engine_event.listen(store.database.engine, "connect", lambda one, _: one.execute(limit))
    store.database.engine.dispose()


def test_calls_come_again_when_there_is_room(app, store):
    client = app.test_client()
    key = store.accounts.issue_key("acme")

    def post(dbid):
        body = event(dbid=dbid, link="x" * 1000)
        return client.post(f"/api/calls/{key}", json=body)

    let_sqlite_have(store, 1)
    taken = 0
    while (answer := post(taken)).status_code == 202:
        taken += 1
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    let_sqlite_have(store, 100_000)
    assert [post(dbid).status_code for dbid in range(taken + 1)] == [200] * taken + [202]
    with store.database.read() as session:
        assert session.scalar(select(func.count()).select_from(CallRow)) == taken + 1


def test_postgresql_without_room_for_a_file_is_not_ready(config, postgresql_url, no_memory):
    store = Store(postgresql_url, config.token_keys)
    client = create_app(config, store).test_client()

    def allow(setting):
        with store.database.write() as session:
            name = session.scalar(text("SELECT current_database()"))
            session.execute(text(f'ALTER DATABASE "{name}" {setting}'))
        store.database.engine.dispose()

    assert client.get("/readyz").status_code == 200
    allow("SET temp_file_limit = 0")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "OperationalError")
    allow("RESET temp_file_limit")
    assert client.get("/readyz").status_code == 200
    store.close()
