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

from sqlalchemy import insert, text
from sqlalchemy.dialects import sqlite

from core.call import Call
from core.models import CallKey, CallRow, CallState, QueuedCall
from core.secrets import new_name
from core.store.database import Database
from core.store.now import now


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
    """Returns the keys that are new; of several calls with one key the first is kept."""
    rows = {one.call.key: _row(one) for one in reversed(calls)}
    in_order = [rows.pop(key) for key in dict.fromkeys(one.call.key for one in calls)]
    if database.engine.dialect.name == "sqlite":
        return _add_to_sqlite(database, account_id, in_order)
    return _add_to_postgresql(database, account_id, in_order)


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
sent AS (SELECT * FROM unnest({columns}) WITH ORDINALITY AS sent({names}, place)),
new AS (
    INSERT INTO call_keys (account_id, call_key, received_at)
    SELECT :account_id, call_key, statement_timestamp() FROM locks, sent ORDER BY place
    ON CONFLICT (account_id, call_key) DO NOTHING
    RETURNING id, call_key, received_at
),
in_journal AS (
    INSERT INTO calls (
        id, received_at, account_id, {names}, state, reason_code, reason_params, trace,
        unmapped_line, api_calls, batch, written
    )
    SELECT
        id, received_at, :account_id, {names}, 'waiting', '', '{{}}', '{{}}', '', 0, 0, '{{}}'
    FROM new JOIN sent USING (call_key)
),
in_queue AS (
    INSERT INTO queue (
        call_id, received_at, account_id, number, started_at, due_at, attempts, lease, lessons,
        unsure, turn_of, state, reason_code, reason_params, trace, unmapped_line, api_calls, batch
    )
    SELECT
        id, received_at, :account_id, number, started_at, received_at, 0, '', '{{}}',
        false, 0, 'waiting', '', '{{}}', '{{}}', '', 0, 0
    FROM new JOIN sent USING (call_key)
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
    database: Database, account_id: str, rows: Sequence[dict[str, Any]]
) -> set[str]:
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in _NAMES}
    columns["event"] = [json.dumps(event) for event in columns["event"]]
    statement = _ONE if len(rows) == 1 else _SEVERAL
    autocommit = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with autocommit as connection:
        return set(connection.scalars(statement, {"account_id": account_id, **columns}))


_FRESH: dict[str, Any] = {
    "state": CallState.WAITING,
    "reason_code": "",
    "reason_params": {},
    "trace": {},
    "unmapped_line": "",
    "api_calls": 0,
    "batch": 0,
}


def _add_to_sqlite(database: Database, account_id: str, rows: Sequence[dict[str, Any]]) -> set[str]:
    keys = (
        sqlite.insert(CallKey)
        .values(account_id=account_id, received_at=now())
        .on_conflict_do_nothing(index_elements=["account_id", "call_key"])
        .returning(CallKey.id, CallKey.call_key, CallKey.received_at)
    )
    sent = {row["call_key"]: row for row in rows}
    with database.write() as session:
        new = session.execute(keys, [{"call_key": key} for key in sent]).all()
        if new:
            fresh = {"account_id": account_id, **_FRESH}
            journal = [{"id": i, "received_at": at, **sent[key], **fresh} for i, key, at in new]
            session.execute(insert(CallRow).values(written={}), journal)
            queue = [
                {
                    "call_id": row["id"],
                    "received_at": row["received_at"],
                    "due_at": row["received_at"],
                    "number": row["number"],
                    "started_at": row["started_at"],
                    **fresh,
                }
                for row in journal
            ]
            nothing_yet = {"attempts": 0, "lease": "", "lessons": {}, "unsure": False, "turn_of": 0}
            session.execute(insert(QueuedCall).values(**nothing_yet), queue)
        return {key for _, key, _ in new}
