"""The orgs of the stand-in, kept in its file."""

import json
import time
from collections.abc import Callable

from sandbox.ids import make_id
from sandbox.org import Org
from sandbox.settings import OrgSettings
from sandbox.storage import Storage


class Orgs:
    """All orgs, read once and kept; `change` writes through.

    renew: called, within the transaction, with an org whose settings are new.
    """

    def __init__(self, storage: Storage, renew: Callable[[Org], None]) -> None:
        self._storage = storage
        self._renew = renew
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
        self._renew(changed)
        self._orgs[org.id] = changed
        return changed
