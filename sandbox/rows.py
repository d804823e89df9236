"""Records as rows: stored, fetched and found, without any rule."""

import json
import time
from dataclasses import dataclass
from typing import Any

from sandbox.clock import now_stamp
from sandbox.ids import make_id
from sandbox.org import Org
from sandbox.schema import ID_TYPES, ObjectSchema
from sandbox.storage import Storage

Record = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A stored record: its object's name, whether it is in the recycle bin, and its fields."""

    id: str
    object: str
    deleted: bool
    data: Record


def fold(schema: ObjectSchema, data: Record) -> Record:
    """The record for comparisons: texts in lower case, ids as they are, no long texts."""
    folded: Record = {}
    fields = schema.stored
    for name, value in data.items():
        field = fields.get(name.lower())
        if field is not None and field.is_long:
            continue
        is_id = field is not None and field.type in ID_TYPES
        folded[name] = value.casefold() if isinstance(value, str) and not is_id else value
    return folded


class Rows:
    """The records of all orgs."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def index(self, field: str) -> None:
        """Make look-ups by a field quick, as tables.sql does for the usual ones."""
        column = f"json_extract(folded, '$.{field}')"
        self._storage.run(
            f"CREATE INDEX IF NOT EXISTS records_by_{field.lower()}"
            f" ON records ({column}, org, object) WHERE {column} IS NOT NULL"
        )

    def insert(self, org: Org, schema: ObjectSchema, data: Record) -> str:
        """Store a new record; returns its id, which is also put into `data` if it has none."""
        record_id: str = data.get("Id") or make_id(schema.prefix, self._storage.next_number())
        data["Id"] = record_id
        folded = json.dumps(fold(schema, data))
        values = (record_id, org.id, schema.name, time.time(), json.dumps(data), folded)
        self._storage.run("INSERT INTO records VALUES (?, ?, ?, 0, ?, ?, ?)", values)
        return record_id

    def replace(self, schema: ObjectSchema, data: Record) -> None:
        """Store the record anew under its Id."""
        values = (json.dumps(data), json.dumps(fold(schema, data)), data["Id"])
        self._storage.run("UPDATE records SET data = ?, folded = ? WHERE id = ?", values)

    def mark_deleted(self, record_id: str) -> None:
        """Put a record into the recycle bin; its SystemModstamp tells when."""
        moment = now_stamp()
        change = "'$.IsDeleted', json('true'), '$.SystemModstamp', ?"
        self._storage.run(
            f"UPDATE records SET deleted = 1, data = json_set(data, {change}),"  # noqa: S608
            f" folded = json_set(folded, {change}) WHERE id = ?",
            (moment, moment.casefold(), record_id),
        )

    def get(self, org: Org, record_id: str | None) -> Row | None:
        """The record of that 18-character id, deleted ones included."""
        row = self._storage.one(
            "SELECT * FROM records WHERE id = ? AND org = ?", (record_id, org.id)
        )
        if row is None:
            return None
        return Row(row["id"], row["object"], bool(row["deleted"]), json.loads(row["data"]))

    def all(self, org: Org, name: str, *, deleted: bool = False) -> list[Record]:
        """Every record of an object, oldest first; or those in the recycle bin."""
        rows = self._storage.all(
            "SELECT data FROM records WHERE org = ? AND object = ? AND deleted = ?"
            " ORDER BY created, id",
            (org.id, name, deleted),
        )
        return [json.loads(row["data"]) for row in rows]

    def find(self, org: Org, name: str, **equal: Any) -> list[Record]:
        """Records of an object, not deleted, with these values exactly (texts in any case)."""
        # Field names come from our own code or a schema, never from a request.
        schema = org.object(name)
        folded = fold(schema, equal) if schema else {}
        where = "".join(
            f" AND json_extract(folded, '$.{field}') {'IS' if value is None else '='} ?"
            for field, value in folded.items()
        )
        values = folded.values()
        sql = f"SELECT data FROM records WHERE org = ? AND object = ? AND deleted = 0{where}"  # noqa: S608
        rows = self._storage.all(f"{sql} ORDER BY id", (org.id, name, *values))
        return [json.loads(row["data"]) for row in rows]
