"""The journal's pages over very many calls, beside the same pages found by OFFSET.

Also the deliverer's question for the next calls, half of which are one busy number's.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

from cryptography.fernet import Fernet
from sqlalchemy import select, text

from core.models import CallRow, CallState
from core.store import Store
from core.store.journal import Place, Wanted

PAGE = 51
TIMES = 5
BUSY = "+380501112233"
"""Every second call is this number's."""


def questions(url: str, count: int) -> Iterator[str]:
    """One line per question: name, by keyset, by OFFSET where that is another way to ask."""
    store = Store(url, Fernet.generate_key().decode())
    began = time.perf_counter()
    fill(store, count)
    yield f"{'':34} {'ours':>8} {'OFFSET':>8}   (filled in {time.perf_counter() - began:.0f} s)"
    deep = count * 9 // 10
    for name, wanted, offset in (
        ("first page", Wanted(), 0),
        ("first page, need attention", Wanted(states=(CallState.ATTENTION,)), 0),
        ("first page, outgoing", Wanted(direction="OUT"), 0),
        ("first page, one busy number", Wanted(numbers=(BUSY,)), 0),
        ("a page nine tenths down", Wanted(), deep),
    ):
        place = place_at(store, offset) if offset else None
        ours = median(lambda w=wanted, p=place: store.journal.page("acme", w, p, PAGE))
        other = median(lambda o=offset: by_offset(store, o)) if wanted == Wanted() else None
        yield line(name, ours, other)
    yield line("75 calls to deliver, claimed", median(lambda: claim(store)), None)
    store.close()


def line(name: str, ours: float, other: float | None) -> str:
    return f"{name:34} {ours:8.1f} {'' if other is None else f'{other:8.1f}'}"


def median(ask: Callable[[], object]) -> float:
    """Milliseconds."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def place_at(store: Store, offset: int) -> Place:
    row = by_offset(store, offset)[0]
    return Place(row.started_at, row.id)


def by_offset(store: Store, offset: int) -> list[CallRow]:
    query = (
        select(CallRow)
        .where(CallRow.account_id == "acme")
        .order_by(CallRow.started_at.desc(), CallRow.id.desc())
        .offset(offset)
        .limit(PAGE)
    )
    with store.database.read() as session:
        return list(session.scalars(query))


def claim(store: Store) -> None:
    lease = store.leases.take("acme", 60)
    assert lease is not None
    assert len(store.deliveries.claim("acme", lease, 75, 60)) == 75
    store.leases.drop("acme", lease)


def fill(store: Store, count: int) -> None:
    """One call in a thousand waits, one needs attention; one in ten went out."""
    store.accounts.create("acme", "Acme")
    is_sqlite = store.database.engine.dialect.name == "sqlite"
    with store.database.write() as session:
        session.execute(text(MANY.format(**(SQLITE if is_sqlite else POSTGRESQL))), {"n": count})
    with store.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


SQLITE = {
    "series": """(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
        SELECT i FROM n)""",
    "moment": "datetime('2024-01-01', '+' || i || ' minutes') || '.000000'",
}
POSTGRESQL = {
    "series": "generate_series(1, :n) AS n(i)",
    "moment": "timestamptz '2024-01-01' + i * interval '1 minute'",
}
MANY = """
INSERT INTO calls (public_id, account_id, call_key, event, received_at, direction, answered,
  number, line, external_line, started_at, state, due_at, attempts, lease, lessons, reason_code,
  reason_params, trace, written, api_calls, batch, unmapped_line)
SELECT i, 'acme', i, '{{"event": "CALL_END"}}', {moment},
  CASE WHEN i % 10 = 0 THEN 'OUT' ELSE 'IN' END, true,
  CASE WHEN i % 2 = 0 THEN '+380501112233' ELSE '+3805' || (10000000 + i) END, '', '',
  {moment}, CASE i % 1000 WHEN 1 THEN 'waiting' WHEN 2 THEN 'waiting' WHEN 3 THEN 'attention'
  ELSE 'done' END, {moment}, 0, '', '{{}}', '', '{{}}', '{{}}', '{{}}', 2, 1, '' FROM {series}
"""
