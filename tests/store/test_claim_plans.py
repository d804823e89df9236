"""Claiming stays quick however many calls are done, of the account or of one number."""

from sqlalchemy import event, text

from core.store import Store


def test_a_claim_reads_only_unwritten_calls_and_sorts_nothing(store: Store) -> None:
    store.accounts.create("other", "Other")
    fill(store, 20_000)
    plan = " / ".join(explain(store, *claiming(store)))
    assert "ix_queue_account " in plan, plan
    assert "ix_queue_number " in plan, plan
    assert "Sort  (" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan


def claiming(store: Store) -> tuple[str, object]:
    """The statement that finds the calls to claim, and its values, as the driver got them."""
    seen: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement: str, values: object, *_more: object) -> None:
        if "FROM calls JOIN (" in statement and "LIMIT" in statement:
            seen.append((statement, values))

    event.listen(store.database.engine, "before_cursor_execute", note)
    lease = store.leases.take("acme", 60)
    assert len(store.deliveries.claim("acme", lease, 75, 60)) == 75
    event.remove(store.database.engine, "before_cursor_execute", note)
    return seen[0]


def explain(store: Store, statement: str, values: object) -> list[str]:
    explaining = "EXPLAIN QUERY PLAN" if _is_sqlite(store) else "EXPLAIN"
    with store.database.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(f"{explaining} {statement}", values)
        return [f"{row[-1]} " for row in cursor.fetchall()]


def fill(store: Store, count: int) -> None:
    """The newest tenth waits; half of all calls are one number's."""
    series = "generate_series(1, :count) AS n(i)"
    if _is_sqlite(store):
        series = """(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
            WHERE i < :count) SELECT i FROM n)"""
    with store.database.write() as session:
        for statement in MANY:
            session.execute(text(statement.format(series=series)), {"count": count})
    with store.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _is_sqlite(store: Store) -> bool:
    return store.database.engine.dialect.name == "sqlite"


NUMBER = "CASE WHEN i % 2 = 0 THEN '+380501112233' ELSE '+3805' || (10000000 + i) END"
MANY = (
    f"""
INSERT INTO calls (id, public_id, account_id, call_key, event, received_at, direction, answered,
  number, line, external_line, started_at, state, reason_code, reason_params, trace, written,
  api_calls, batch, unmapped_line)
SELECT i, i, 'acme', i, '{{{{"event": "CALL_END"}}}}', '2026-11-01 00:00:00.000000', 'IN', true,
  {NUMBER}, '', '', '2026-11-01 00:00:00.000000',
  CASE WHEN i > 18000 THEN 'waiting' ELSE 'done' END, '', '{{{{}}}}', '{{{{}}}}', '{{{{}}}}', 2,
  1, ''
FROM {{series}}""",
    f"""
INSERT INTO queue (call_id, received_at, account_id, number, started_at, state, due_at, attempts,
  lease, lessons, reason_code, reason_params, trace, unmapped_line, api_calls, batch, unsure,
  turn_of)
SELECT i, '2026-11-01 00:00:00.000000', 'acme', {NUMBER}, '2026-11-01 00:00:00.000000', 'waiting',
  '2026-11-01 00:00:00.000000', 0, '', '{{{{}}}}', '', '{{{{}}}}', '{{{{}}}}', '', 0, 0, false, 0
FROM {{series}} WHERE i > 18000""",
    # A neighbour's: else all indexes are the account's own.
    """
INSERT INTO queue (call_id, received_at, account_id, number, started_at, state, due_at, attempts,
  lease, lessons, reason_code, reason_params, trace, unmapped_line, api_calls, batch, unsure,
  turn_of)
SELECT call_id + 100000 * i, received_at, 'other', number, started_at, state, due_at, 0, '',
  lessons, '', lessons, lessons, '', 0, 0, false, 0 FROM queue, {series} WHERE i <= 9""",
)
