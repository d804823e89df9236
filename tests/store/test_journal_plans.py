"""The journal reads a page from an index, however many calls there are: asked of SQLite."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite

from core.models import CallState
from core.store import Store
from core.store.journal import Place, Wanted, page_queries

KEY = "iuZhOoj0PfaYXkKJLJ8ydrcv1wVJ6vKUwmxdjx-31UY="
MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
PLACE = Place(MOMENT, 10)


@pytest.fixture
def store(sqlite_url):
    store = Store(sqlite_url, KEY)
    yield store
    store.close()


def plan(store, query) -> str:
    statement = query.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
    with store.database.engine.connect() as connection:
        raw = connection.connection.cursor()
        values = [str(value) for value in statement.params.values()]
        rows = raw.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    return " / ".join(row[3] for row in rows)


@pytest.mark.parametrize("after", [None, PLACE], ids=["first page", "later page"])
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(), "ix_calls_journal"),
        (Wanted(states=(CallState.WAITING, CallState.RETRY)), "ix_queue_state"),
        (Wanted(states=(CallState.DONE,)), "ix_calls_journal_state"),
        (Wanted(direction="IN", answered=False), "ix_calls_journal_direction"),
        (Wanted(numbers=("+380505557182", "0505557182")), "ix_calls_journal_number"),
        (Wanted(since=MOMENT, until=MOMENT), "ix_calls_journal"),
    ],
)
def test_a_page_is_read_from_its_index_without_sorting(store, wanted, index, after):
    for query in page_queries("acme", wanted, after, 50):
        said = plan(store, query)
        assert f"USING INDEX {index} " in said
        assert "TEMP B-TREE" not in said
        assert "SCAN" not in said


def test_pages_follow_each_other_over_many_calls(store):
    store.accounts.create("acme", "Acme")
    with store.database.write() as session:
        session.execute(text(MANY), {"count": 200_000})
    rows = store.journal.page("acme", Wanted(states=(CallState.DONE,)), None, 51)
    assert len(rows) == 51
    later = store.journal.page("acme", Wanted(), Place(rows[-1].started_at, rows[-1].id), 51)
    assert [row.id for row in later] == list(range(rows[-1].id - 1, rows[-1].id - 52, -1))


MANY = """
INSERT INTO calls (id, public_id, account_id, call_key, event, received_at, direction, answered,
  number, line, external_line, started_at, state, reason_code, reason_params, trace, written,
  api_calls, batch, unmapped_line)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
SELECT i, i, 'acme', i, '{}', '2026-01-01 00:00:00', 'IN', 1, '+38050' || (i % 5000), '', '',
  datetime('2020-01-01', '+' || i || ' minutes') || '.000000', 'done', '', '{}', '{}',
  '{}', 2, 1, '' FROM n
"""
