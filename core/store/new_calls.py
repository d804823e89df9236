"""Calls that a door took over, written down.

PostgreSQL takes any number of them in one statement, which is a transaction by itself: one round
trip rather than five. SQLite has one writer anyway, and no round trips.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlalchemy.dialects import sqlite

from core.call import Call
from core.models import CallEvent, CallRow, CallState
from core.secrets import new_name
from core.store.database import Database, utc_now


@dataclass(frozen=True)
class NewCall:
    call: Call
    event: dict[str, Any]
    """As telephony sent it, without what a database refuses."""
    number: str
    """As `core.phone.client_number` makes it."""
    started_at: datetime
    """With a zone."""


def write_down(database: Database, account_id: str, calls: Sequence[NewCall]) -> set[str]:
    """Returns the keys that are new."""
    rows = [_row(one) for one in calls]
    shared = {"account_id": account_id, "now": utc_now()}
    if database.engine.dialect.name == "sqlite":
        return _add_to_sqlite(database, shared, rows)
    return _add_to_postgresql(database.engine, shared, rows)


def _row(new: NewCall) -> dict[str, Any]:
    """What differs from call to call."""
    return {
        "public_id": new_name(),
        "call_key": new.call.key,
        "event": new.event,
        "direction": new.call.direction.value,
        "answered": new.call.answered,
        "number": new.number[:64],
        "line": new.call.line[:64],
        "external_line": new.call.external_line[:255],
        "started_at": new.started_at,
    }


_ADD = """
WITH locks AS MATERIALIZED (SELECT {locks}),
new AS (
    INSERT INTO calls (
        account_id, received_at, due_at, {names}, state, attempts, lease, lessons, reason_code,
        reason_params, trace, written, api_calls, batch, unmapped_line
    )
    SELECT
        :account_id, :now, :now, {names}, 'waiting', 0, '', '{{}}', '',
        '{{}}', '{{}}', '{{}}', 0, 0, ''
    FROM locks, unnest({columns}) WITH ORDINALITY AS sent({names}, place)
    ORDER BY place
    ON CONFLICT (account_id, call_key) DO NOTHING
    RETURNING id, call_key
),
begun AS (
    INSERT INTO call_events (call_id, at, state, reason_code, reason_params)
    SELECT id, :now, 'waiting', '', '{{}}' FROM new
)
SELECT call_key FROM new
"""
_TYPES = {"event": "json", "answered": "boolean", "started_at": "timestamptz"}
_NAMES = (
    "public_id", "call_key", "event", "direction", "answered", "number", "line", "external_line",
    "started_at",
)  # fmt: skip


def _statement(locks: str) -> Any:
    columns = (f"CAST(:{name} AS {_TYPES.get(name, 'text')}[])" for name in _NAMES)
    return text(_ADD.format(locks=locks, names=", ".join(_NAMES), columns=", ".join(columns)))


# PostgreSQL gives ids before it commits: two calls of one number that come at once wait for each
# other, lest the later id be delivered before the earlier one can be seen. A list waits for the
# whole account instead, and the account for it: two lists with the same keys in another order would
# else wait for each other for ever, and PostgreSQL's table of locks has no room for each number.
_ACCOUNT = "hashtextextended(:account_id, 0)"
_NUMBER = "hashtextextended(:account_id || ' ' || (CAST(:number AS text[]))[1], 0)"
_ONE = _statement(f"pg_advisory_xact_lock_shared({_ACCOUNT}), pg_advisory_xact_lock({_NUMBER})")
_SEVERAL = _statement(f"pg_advisory_xact_lock({_ACCOUNT})")


def _add_to_postgresql(
    engine: Engine, shared: dict[str, Any], rows: list[dict[str, Any]]
) -> set[str]:
    columns = {name: [row[name] for row in rows] for name in _NAMES}
    columns["event"] = [json.dumps(event) for event in columns["event"]]
    statement = _ONE if len(rows) == 1 else _SEVERAL
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return set(connection.scalars(statement, shared | columns))


def _add_to_sqlite(
    database: Database, shared: dict[str, Any], rows: list[dict[str, Any]]
) -> set[str]:
    now = shared["now"]
    common = {"account_id": shared["account_id"], "received_at": now, "due_at": now}
    statement = (
        sqlite.insert(CallRow)
        .on_conflict_do_nothing(index_elements=["account_id", "call_key"])
        .returning(CallRow.id, CallRow.call_key)
    )
    with database.write() as session:
        connection = session.connection()
        new = connection.execute(statement, [common | row for row in rows]).all()
        if new:
            begun = {"at": now, "state": CallState.WAITING}
            connection.execute(insert(CallEvent), [{"call_id": one.id, **begun} for one in new])
        return {one.call_key for one in new}
