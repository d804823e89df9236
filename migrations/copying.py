"""What 0002 copies out of `calls`, on SQLite and PostgreSQL alike."""

from __future__ import annotations

STANDING = (
    *("state", "reason_code", "unmapped_line", "reason_params", "trace"),
    *("api_calls", "batch", "finished_at"),
)
"""How a call stands: `calls` and `queue` have these."""
QUEUED = (
    *("received_at", "account_id", "number", "started_at", "due_at", "attempts", "lease"),
    *("lessons", "unsure", "turn_of"),
    *STANDING,
)
SETTLED = "state IN ('done', 'skipped')"
LAST = f"c.{SETTLED} AND e.state = c.state"
"""The last event `e` of a settled call `c`. There is one: nothing leads on from there."""
DERIVED = f"(e.state = 'waiting' AND e.reason_code = '' AND e.at = c.received_at) OR ({LAST})"
"""The first and the last: the call tells them itself now."""


def copy_keys(calls: str, which: str = "true") -> str:
    return (
        "INSERT INTO call_keys (id, account_id, call_key, received_at)"
        f" SELECT id, account_id, call_key, received_at FROM {calls} WHERE {which}"
    )


def copy_queue(calls: str, which: str = "true") -> str:
    columns = ", ".join(QUEUED)
    return (
        f"INSERT INTO queue (call_id, {columns})"
        f" SELECT id, {columns} FROM {calls} WHERE NOT {SETTLED} AND {which}"
    )
