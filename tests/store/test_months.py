"""Months of calls: made ahead, and after the fact where somebody was late."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core.models import CallRow
from core.store import Store
from core.store.months import partitions
from tests.store.conftest import TOKEN_KEY


@pytest.fixture
def months(postgresql_url: str):
    """A store with one account, in PostgreSQL."""
    store = Store(postgresql_url, TOKEN_KEY)
    store.accounts.create("acme", "Acme")
    yield store
    store.close()


@pytest.fixture
def missing(months: Store) -> str:
    """The name of the last month that is made ahead, not made yet."""
    name = last(months)
    with months.database.write() as session:
        session.execute(text(f"DROP TABLE {name}"))
    return name


def test_nothing_is_to_be_made_after_a_migration(store):
    assert store.months.make_ahead() == []


def test_a_missing_month_is_made(months, missing):
    assert months.months.make_ahead() == [missing]
    put(months, 1, begin_of(missing))
    put(months, 2, begin_of(missing) - timedelta(microseconds=1))
    assert place(months, 1) == missing
    assert place(months, 2) not in (missing, "calls_other")


def test_calls_of_a_missing_month_are_taken_in_and_move_when_it_is_made(months, missing):
    put(months, 1, begin_of(missing) + timedelta(days=3))
    put(months, 2, begin_of(missing) + timedelta(days=9000))
    assert [place(months, 1), place(months, 2)] == ["calls_other", "calls_other"]
    made = months.months.make_ahead()
    assert len(made) == 2  # also the far one: no call stays without a month
    assert [place(months, 1), place(months, 2)] == made


def test_making_waits_for_nobody_for_long(months, missing):
    with months.database.engine.connect() as other:
        other.execute(text("LOCK TABLE calls_other"))
        with pytest.raises(OperationalError):
            months.months.make_ahead()
    assert months.months.make_ahead() == [missing]


def test_a_call_of_the_queue_is_looked_for_in_its_month_alone(months):
    name = last(months)
    with months.database.write() as session:
        for statement in (MANY, NEWEST_QUEUED, "ANALYZE calls, queue"):
            session.execute(text(statement), {"begin": begin_of(name)})
        (plan,) = session.scalars(text(EXPLAINED))
    assert sorted(looked_in(plan[0]["Plan"])) == [name, "queue"]


MANY = """
INSERT INTO calls (id, received_at, started_at, public_id, account_id, call_key, event, written,
  direction, answered, number, line, external_line, state, reason_code, reason_params, trace,
  unmapped_line, api_calls, batch)
SELECT i, moment, moment, i, 'acme', i, '{}', '{}', 'IN', true, '', '', '', 'waiting', '', '{}',
  '{}', '', 0, 0
FROM (SELECT i, CAST(:begin AS timestamptz) + i * interval '1 minute' AS moment
  FROM generate_series(1, 20000) AS i) AS one
"""
NEWEST_QUEUED = """
INSERT INTO queue (call_id, received_at, account_id, number, started_at, due_at, attempts, lease,
  lessons, unsure, turn_of, state, reason_code, reason_params, trace, unmapped_line, api_calls,
  batch)
SELECT id, received_at, account_id, number, started_at, received_at, 0, '', '{}', false, 0, state,
  '', '{}', '{}', '', 0, 0 FROM calls WHERE id > 19990
"""
EXPLAINED = """
EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM queue
JOIN calls ON calls.id = queue.call_id AND calls.received_at = queue.received_at
WHERE queue.account_id = 'acme'
"""


def looked_in(node: dict[str, Any]) -> set[str]:
    """The tables that the plan read when it was carried out."""
    own = {node["Relation Name"]} if "Relation Name" in node and node["Actual Loops"] else set()
    return own.union(*(looked_in(part) for part in node.get("Plans", ())))


def last(store: Store) -> str:
    """The latest month that there is."""
    with store.database.engine.connect() as connection:
        return max(one for one in partitions(connection) if one[6].isdigit())


def begin_of(name: str) -> datetime:
    return datetime.strptime(name, "calls_%Y_%m").replace(tzinfo=UTC)


def put(store: Store, call_id: int, received_at: datetime) -> None:
    with store.database.write() as session:
        session.add(
            CallRow(
                id=call_id,
                received_at=received_at,
                started_at=received_at,
                public_id=f"p{call_id}",
                account_id="acme",
                call_key=str(call_id),
                event={},
                direction="IN",
                answered=True,
                number="+380501112233",
                line="",
                external_line="",
            )
        )


def place(store: Store, call_id: int) -> str:
    """The table that a call is in."""
    with store.database.read() as session:
        query = text("SELECT tableoid::regclass::text FROM calls WHERE id = :id")
        return session.scalars(query, {"id": call_id}).one()
