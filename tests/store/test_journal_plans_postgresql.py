"""The journal's plans on PostgreSQL, as its planner makes them over many calls."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.models import CallState
from core.store import Store
from core.store.journal import Wanted, page_queries
from tests.store.test_journal_plans import KEY, MOMENT, PLACE

CALLS = 50_000
QUESTIONS = (
    (Wanted(), "ix_calls_journal"),
    (Wanted(states=(CallState.WAITING, CallState.RETRY)), "ix_queue_state"),
    (Wanted(states=(CallState.SKIPPED,)), "ix_calls_journal_state"),
    (Wanted(direction="OUT"), "ix_calls_journal_direction"),
    (Wanted(numbers=("+3805042", "05042")), "ix_calls_journal_number"),
    (Wanted(since=MOMENT - timedelta(2), until=MOMENT), "ix_calls_journal"),
)


@pytest.fixture
def store(postgresql_url: str):
    """Fifty thousand calls of one account: one in a hundred went out, waits or is to be retried.

    The planner chooses by what ANALYZE saw: of a state that no call is in, any index is as good.
    """
    store = Store(postgresql_url, KEY)
    store.accounts.create("acme", "Acme")
    with store.database.write() as session:
        for statement in MANY:
            session.execute(text(statement), {"count": CALLS})
    with store.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    yield store
    store.close()


def test_a_page_is_read_from_its_index_without_sorting_or_scanning(store: Store):
    for wanted, index in QUESTIONS:
        for after in (None, PLACE):
            for query in page_queries("acme", wanted, after, 50):
                said = plan(store, query)
                assert f"using {index} " in said, said
                sorted_rows = re.findall(r"Sort  \(cost=\S+ rows=(\d+)", said)
                assert all(int(rows) <= 50 for rows in sorted_rows), said
                assert not re.search(r"Seq Scan on (queue|calls_before)", said), (
                    said
                )  # the rest is empty


def plan(store: Store, query) -> str:
    """EXPLAIN of the statement with its values in place, as the driver would send it."""
    engine = store.database.engine
    compiled = query.compile(dialect=engine.dialect, compile_kwargs={"render_postcompile": True})
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(f"EXPLAIN {compiled}", compiled.params)
        said = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute(PARTS)
        for part, whole in cursor.fetchall():
            said = said.replace(f"using {part} ", f"using {whole} ")
        return said


PARTS = """
SELECT inhrelid::regclass::text, inhparent::regclass::text
FROM pg_inherits JOIN pg_class ON pg_class.oid = inhparent WHERE relkind = 'I'
"""
"""Indexes of a month, and what they are a part of."""


STATE = (
    "CASE i % 100 WHEN 1 THEN 'waiting' WHEN 2 THEN 'retry' WHEN 3 THEN 'skipped' ELSE 'done' END"
)
STARTED = "timestamptz '2026-10-01' + i * interval '90 seconds'"
MANY = (
    f"""
INSERT INTO calls (id, public_id, account_id, call_key, event, received_at, direction, answered,
  number, line, external_line, started_at, state, reason_code, reason_params, trace, written,
  api_calls, batch, unmapped_line)
SELECT i, i, 'acme', i, '{{}}', '2026-11-01', CASE WHEN i % 100 = 0 THEN 'OUT' ELSE 'IN' END, true,
  '+38050' || (i % 50), '', '', {STARTED}, {STATE}, '', '{{}}', '{{}}', '{{}}', 2, 1, ''
FROM generate_series(1, :count) AS i""",
    f"""
INSERT INTO queue (call_id, received_at, account_id, number, started_at, state, due_at, attempts,
  lease, lessons, reason_code, reason_params, trace, unmapped_line, api_calls, batch, unsure,
  turn_of)
SELECT i, '2026-11-01', 'acme', '+38050' || (i % 50), {STARTED}, {STATE}, '2026-11-01', 0, '',
  '{{}}', '', '{{}}', '{{}}', '', 0, 0, false, 0
FROM generate_series(1, :count) AS i WHERE i % 100 IN (1, 2)""",
)
