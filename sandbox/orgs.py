"""The orgs of the stand-in and what each of them looks like from within."""

import json
import time
from typing import Any

from sandbox.features import PACKAGE_FIELDS, PERSON_FIELDS
from sandbox.ids import make_id
from sandbox.schema import ObjectSchema, build_object, standard_objects
from sandbox.settings import OrgSettings
from sandbox.storage import Storage


class Org:
    """One org: id (18 characters), name, settings, and the objects that follow from them.

    changed: when the settings last changed, seconds since 1970.
    """

    def __init__(self, org_id: str, name: str, settings: OrgSettings, changed: float = 0.0) -> None:
        self.id = org_id
        self.changed = changed
        self.name = name
        self.settings = settings
        self._objects: dict[str, ObjectSchema] = {}

    def object(self, name: str) -> ObjectSchema | None:
        """The object of that name, whatever its letter case, as this org has it."""
        key = _NAMES.get(name.lower())
        if key is None:
            return None
        if key not in self._objects:
            self._objects[key] = self._build(key)
        return self._objects[key]

    def objects(self) -> list[ObjectSchema]:
        """Every object, by name."""
        return [schema for name in standard_objects() if (schema := self.object(name))]

    def _build(self, name: str) -> ObjectSchema:
        settings = self.settings
        more: list[dict[str, Any]] = []
        if settings.package:
            more += PACKAGE_FIELDS.get(name, [])
        if settings.person_accounts:
            more += PERSON_FIELDS.get(name, [])
        more += settings.custom_fields.get(name, [])
        start = f"{name}.".lower()
        hidden = {
            h.lower()[len(start) :] for h in settings.hidden_fields if h.lower().startswith(start)
        }
        changes = {
            path[len(start) :]: keys
            for path, keys in settings.field_changes.items()
            if path.lower().startswith(start)
        }
        if name == "Lead" and settings.person_accounts:
            # With person accounts a lead without a company converts to a person account.
            changes = {"Company": {"nillable": True}, **changes}
        return build_object(standard_objects()[name], more, hidden, changes)


_NAMES = {name.lower(): name for name in standard_objects()}


class Orgs:
    """All orgs, read once and kept; `save` writes a change through."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._orgs: dict[str, Org] = {}
        self.reload()

    def reload(self) -> None:
        """Read every org from the storage."""
        self._orgs = {
            row["id"]: Org(
                row["id"],
                row["name"],
                OrgSettings.parse(json.loads(row["settings"])),
                row["changed"],
            )
            for row in self._storage.all("SELECT * FROM orgs ORDER BY id")
        }

    def get(self, org_id: str) -> Org | None:
        """The org of that 18-character id."""
        return self._orgs.get(org_id)

    def named(self, name_or_id: str) -> Org | None:
        """The org of that id or, whatever the letter case, of that name."""
        found = self._orgs.get(name_or_id)
        by_name = (o for o in self._orgs.values() if o.name.lower() == name_or_id.lower())
        return found or next(by_name, None)

    def all(self) -> list[Org]:
        """Every org, oldest first."""
        return list(self._orgs.values())

    def add(self, name: str, settings: OrgSettings) -> Org:
        """A new org without any record. Call within a transaction."""
        org = Org(make_id("00D", self._storage.next_number()), name, settings, time.time())
        values = (org.id, name, json.dumps(settings.as_json()), org.changed)
        self._storage.run("INSERT INTO orgs VALUES (?, ?, ?, ?)", values)
        self._orgs[org.id] = org
        return org

    def change(self, org: Org, settings: OrgSettings) -> Org:
        """Other switches for an org; everything derived from the old ones is forgotten."""
        changed = Org(org.id, org.name, settings, time.time())
        values = (json.dumps(settings.as_json()), changed.changed, org.id)
        self._storage.run("UPDATE orgs SET settings = ?, changed = ? WHERE id = ?", values)
        self._orgs[org.id] = changed
        return changed
