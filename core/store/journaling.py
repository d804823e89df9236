"""Settled calls, written into the journal for good."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from core.models import CallRow
from core.store.database import dialect_of

_COLUMNS = {
    "id": "bigint",
    "received_at": "timestamptz",
    "state": "text",
    "reason_code": "text",
    "reason_params": "json",
    "trace": "json",
    "written": "json",
    "unmapped_line": "text",
    "api_calls": "int",
    "batch": "int",
    "finished_at": "timestamptz",
}
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_SET = ", ".join(f"{name} = now.{name}" for name in _COLUMNS if name not in ("id", "received_at"))
_NOW = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
_ALL_AT_ONCE = text(
    f"UPDATE calls SET {_SET} FROM json_to_recordset(:rows) AS now({_NOW})"  # noqa: S608
    " WHERE calls.id = now.id AND calls.received_at = now.received_at"
)


def write_journal(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """In one statement where there are round trips to save. `rows` have all of _COLUMNS."""
    if dialect_of(session) == "sqlite":
        session.execute(update(CallRow), rows)
        return
    session.execute(_ALL_AT_ONCE, {"rows": _as_json(rows)})


def _as_json(rows: Sequence[dict[str, Any]]) -> str:
    """Without what PostgreSQL takes in no text, whoever sent it: NUL, halves of characters."""
    text = json.dumps(rows, default=str, ensure_ascii=False)
    return _NUL.sub(r"\1", text).encode("utf-8", "replace").decode()
