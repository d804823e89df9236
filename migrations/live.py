"""How 0002 changes a PostgreSQL that is in use: no row of a call is copied, and nobody waits long.

    prepare   minutes; calls come in and are delivered meanwhile
              indexes, concurrently
              keys, queue and events, batch by batch, each committed
              a promise that every call was received before some month
    swap      a moment, under locks, in the transaction that notes the new revision
              what came meanwhile
              the old table becomes a part of the new one

Interrupted, it goes on where it was: what `call_keys` has is copied.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from core.store.months import after, make_ahead, midnight
from migrations.copying import (
    DERIVED,
    LAST,
    QUEUED,
    SETTLED,
    copy_keys,
    copy_queue,
)

BATCH = 5_000
"""Ids that one transaction copies."""
FEW = 200
"""Calls that may be left to the swap."""
TRIES = 60
PAUSE_SECONDS = 1.0
PATIENCE = "500ms"
"""For how long a strong lock is waited for. Less than `deadlock_timeout` (1 s), so that nobody else
is the one to give up; `WEAK` has sent away autovacuum before."""
TABLES = "delivery_leases, calls, call_events"
WEAK = "SHARE UPDATE EXCLUSIVE"
"""Nobody who reads or writes waits for such a lock; vacuum does, and autovacuum gives way to it."""
SPARE = timedelta(days=3)
"""The old version must not run into the month that the old table has no room for."""

T = TypeVar("T")


def prepare(engine: Engine) -> date:
    """Returns the first day of the first month of its own."""
    build(engine, "UNIQUE INDEX", "pk_calls_before", "calls (id, received_at)")
    build(engine, "INDEX", "ix_calls_before_public_id", "calls (public_id)")
    build(engine, "INDEX", "ix_client_records_created_at", "client_records (created_at)")
    copy_all(engine)
    end = after((datetime.now(UTC) + SPARE).date())
    promise(engine, end)
    with engine.begin() as connection:
        run(connection, "ANALYZE queue", "ANALYZE call_keys")
        follow(connection)
    copy_all(engine)  # of what came meanwhile, as little as may be is left to the swap
    return end


def build(engine: Engine, kind: str, name: str, on: str) -> None:
    """One index, while others write; one that was left half made is made anew."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        valid = connection.scalar(
            text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"),
            {"name": name},
        )
        if valid:
            return
        run(connection, f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        run(connection, f"CREATE {kind} CONCURRENTLY {name} ON {on}")


def copy_all(engine: Engine) -> None:
    with engine.connect() as connection:
        done = highest(connection, "call_keys")
    while (last := known(engine)) > done + FEW:
        while done < last:
            with engine.begin() as connection:
                copy(connection, done, done := min(done + BATCH, last))


def known(engine: Engine) -> int:
    """An id up to which no call can appear any more: who was writing one has committed."""
    with engine.begin() as connection:
        return patiently(connection, _known)


def _known(connection: Connection) -> int:
    run(connection, "LOCK TABLE calls IN SHARE MODE")
    return highest(connection, "calls")


def highest(connection: Connection, table: str) -> int:
    return connection.scalar(text(f"SELECT max(id) FROM {table}")) or 0


def copy(connection: Connection, done: int, last: int) -> None:
    """Take over the calls with ids above `done`, up to `last`."""
    some = {"done": done, "last": last}
    for statement in (
        copy_queue("calls", "id > :done AND id <= :last"),
        # After the queue: a call that is settled between the two is there for `follow` to find.
        "DELETE FROM call_events e USING calls c WHERE e.call_id = c.id"
        f" AND e.call_id > :done AND e.call_id <= :last AND ({DERIVED})",
        copy_keys("calls", "id > :done AND id <= :last"),
    ):
        connection.execute(text(statement), some)


def follow(connection: Connection) -> None:
    """Bring what was copied into the queue up to date: it was delivered meanwhile."""
    marks = ("state", "reason_code", "due_at", "lease", "attempts", "api_calls", "number")
    old, new = (", ".join(f"{table}.{name}" for name in marks) for table in ("q", "c"))
    changed = connection.scalars(
        text(
            "SELECT c.id FROM queue q JOIN calls c ON c.id = q.call_id"
            f" WHERE ({old}) IS DISTINCT FROM ({new})"
        )
    )
    some = {"changed": list(changed)}
    for statement in (
        f"UPDATE queue q SET {', '.join(f'{name} = c.{name}' for name in QUEUED)} FROM calls c"
        " WHERE q.call_id = ANY(:changed) AND c.id = q.call_id",
        f"DELETE FROM queue WHERE call_id = ANY(:changed) AND {SETTLED}",
        "DELETE FROM call_events e USING calls c"
        f" WHERE e.call_id = ANY(:changed) AND c.id = e.call_id AND ({LAST})",
    ):
        connection.execute(text(statement), some)


def promise(engine: Engine, end: date) -> None:
    """Every call was received before `end`: then attaching need not look at each."""
    with engine.begin() as connection:
        patiently(connection, lambda connection: _promise(connection, end))
    with engine.begin() as connection:
        run(connection, "ALTER TABLE calls VALIDATE CONSTRAINT ck_calls_before")


def _promise(connection: Connection, end: date) -> None:
    run(
        connection,
        "ALTER TABLE calls DROP CONSTRAINT IF EXISTS ck_calls_before",
        "ALTER TABLE calls ADD CONSTRAINT ck_calls_before"
        f" CHECK (received_at < '{midnight(end)}') NOT VALID",
    )


def swap(connection: Connection, end: date, create_calls: Callable[[], None]) -> None:
    """The new `calls` takes the old table over, as the part before `end`."""

    def change(connection: Connection) -> None:
        run(connection, f"LOCK TABLE {TABLES} IN ACCESS EXCLUSIVE MODE")
        copy(connection, highest(connection, "call_keys"), _known(connection))
        follow(connection)
        run(
            connection,
            "SELECT setval('call_keys_id_seq', coalesce(max(id), 0) + 1, false) FROM calls",
        )
        part = f"calls_before_{end:%Y_%m}"
        run(connection, *strip(part))
        create_calls()
        run(
            connection,
            f"ALTER TABLE calls ATTACH PARTITION {part}"
            f" FOR VALUES FROM (MINVALUE) TO ('{midnight(end)}')",
            f"ALTER TABLE {part} DROP CONSTRAINT ck_calls_before",
            "CREATE TABLE calls_other PARTITION OF calls DEFAULT",
        )
        make_ahead(connection)

    patiently(connection, change)


def strip(part: str) -> list[str]:
    """Statements that leave of the old table what the new one has, under another name."""
    gone = ("due_at", "attempts", "lease", "lessons", "unsure", "turn_of")
    kept = ("journal", "journal_state", "journal_direction", "journal_number")
    return [
        "ALTER TABLE call_events DROP CONSTRAINT fk_call_events_call_id",
        "ALTER TABLE calls"
        " DROP CONSTRAINT pk_calls, DROP CONSTRAINT uq_calls_account_id_call_key,"
        " DROP CONSTRAINT uq_calls_public_id, ALTER id DROP DEFAULT,"
        f" {', '.join(f'DROP COLUMN {name}' for name in gone)},"
        " ADD CONSTRAINT pk_calls_before PRIMARY KEY USING INDEX pk_calls_before",
        "DROP SEQUENCE calls_id_seq",
        # They name columns that stay, but nobody looks for such calls here any more.
        "DROP INDEX IF EXISTS ix_calls_unwritten, ix_calls_unwritten_number, ix_calls_due",
        *(f"ALTER INDEX ix_calls_{one} RENAME TO ix_calls_before_{one}" for one in kept),
        f"ALTER TABLE calls RENAME TO {part}",
    ]


def patiently(connection: Connection, work: Callable[[Connection], T], tables: str = TABLES) -> T:
    """Do what needs locks of these tables. While others hold them, the wait is short, since who
    comes later waits behind us; then again. Raises OperationalError in the end."""
    run(connection, f"LOCK TABLE {tables} IN {WEAK} MODE")
    for left in reversed(range(TRIES)):
        try:
            with connection.begin_nested():
                run(connection, f"SET LOCAL lock_timeout = '{PATIENCE}'")
                return work(connection)
        except OperationalError:
            if not left:
                raise
            time.sleep(PAUSE_SECONDS)
    raise AssertionError("unreachable")


def run(connection: Connection, *statements: str, **values: Any) -> None:
    for statement in statements:
        connection.execute(text(statement), values)
