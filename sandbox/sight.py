"""Which records a user sees and may change: sharing, private contacts, View All.

Sources: help, "Organization-Wide Sharing Defaults", "Built-in Sharing Behavior" (who owns a contact
or an opportunity reads its account) and article 000384762 (a contact without an account is its
owner's alone); View All reads, only Modify All edits. Public Read/Write lets nobody delete but the
owner, who is above them, and Modify All: articles 000385525, 000387393. The code for a Task about a
record out of sight: help of Revenue.io, a telephony vendor.
"""

from sandbox.errors import SalesforceError
from sandbox.org import Org
from sandbox.rows import Row
from sandbox.settings import SHARED
from sandbox.storage import Storage

_ACTIVITIES = ("Event", "Task")
_MINE = "json_extract({r}.folded, '$.OwnerId') = '{user}'"
_HAS_ACCOUNT = "json_extract({r}.folded, '$.AccountId') IS NOT NULL"
_OWNS_A_CHILD = (
    "EXISTS (SELECT 1 FROM records c WHERE c.object IN ('Contact', 'Opportunity')"
    " AND json_extract(c.folded, '$.AccountId') = {r}.id AND c.deleted = 0"
    " AND json_extract(c.folded, '$.OwnerId') = '{user}')"
)
_HAS_PARENT = "EXISTS (SELECT 1 FROM records p WHERE p.id IN ({ids}) AND {good})"


class Sight:
    """What one user of one org sees, as SQL conditions on rows of the table of records.

    The user's id comes from our own table, so it may stand in the SQL. A condition is None where
    every record is good.
    """

    def __init__(self, org: Org, user_id: str) -> None:
        self._private = org.settings.sharing == "private"
        self._modify_all = org.settings.modify_all
        self._view_all = {name.lower() for name in org.settings.view_all}
        self._user = user_id

    def of(self, name: str, alias: str, *, reads: bool = True) -> str | None:
        """The condition for reading, or for changing, an object's records behind `alias`."""
        if name in SHARED:
            return self._shared(name, alias, reads)
        if name in _ACTIVITIES:
            return self._activity(alias, reads)
        if name == "OpportunityContactRole":
            deal = self._shared("Opportunity", "p", reads)
            link = _extract(alias, "OpportunityId")
            return _HAS_PARENT.format(ids=link, good=deal) if deal else None
        return None

    def of_any(self, alias: str, *, reads: bool = True) -> str | None:
        """The same for a record of SHARED or of any other object, as behind a lookup."""
        found = {name: sql for name in SHARED if (sql := self._shared(name, alias, reads))}
        cases = " ".join(f"WHEN '{name}' THEN {sql}" for name, sql in found.items())
        return f"CASE {alias}.object {cases} ELSE 1 END" if cases else None

    def sees(self, storage: Storage, row: Row) -> bool:
        """Whether a stored record is in sight."""
        return _holds(storage, row, self.of(row.object, "r"))

    def edits(self, storage: Storage, row: Row) -> bool:
        """Whether the user may change a stored record."""
        return _holds(storage, row, self.of(row.object, "r", reads=False))

    def deletes(self, row: Row) -> bool:
        """Whether the user may delete a stored record that they may change."""
        owned = row.object in (*SHARED, *_ACTIVITIES)
        return self._modify_all or not owned or bool(row.data["OwnerId"] == self._user)

    def _shared(self, name: str, alias: str, reads: bool) -> str | None:
        """The condition on records of one of SHARED."""
        if self._modify_all or (reads and name.lower() in self._view_all):
            return None
        mine = _MINE.format(r=alias, user=self._user)
        if not self._private:
            return f"({_HAS_ACCOUNT.format(r=alias)} OR {mine})" if name == "Contact" else None
        if name == "Account" and reads:
            return f"({mine} OR {_OWNS_A_CHILD.format(r=alias, user=self._user)})"
        return mine

    def _activity(self, alias: str, reads: bool) -> str | None:
        """Its owner's, and those of who sees, or for a change may change, what it is about."""
        parent = self.of_any("p", reads=reads)
        if parent is None or not (reads or self._private):
            return None
        about = f"{_extract(alias, 'WhoId')}, {_extract(alias, 'WhatId')}"
        mine = _MINE.format(r=alias, user=self._user)
        loose = "" if self._private else f" OR COALESCE({about}) IS NULL"
        return f"({mine}{loose} OR {_HAS_PARENT.format(ids=about, good=parent)})"


def _extract(alias: str, field: str) -> str:
    return f"json_extract({alias}.folded, '$.{field}')"


def _holds(storage: Storage, row: Row, condition: str | None) -> bool:
    if condition is None:
        return True
    sql = f"SELECT 1 FROM records r WHERE r.id = ? AND {condition}"  # noqa: S608 - own names only
    return storage.one(sql, (row.id,)) is not None


def out_of_sight(record_id: str) -> SalesforceError:
    """The refusal of a record that the user has no access to: changed, deleted or referred to."""
    return SalesforceError(
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        f"insufficient access rights on cross-reference id: {record_id[:15]}",
        fields=[],
    )


def not_editable() -> SalesforceError:
    """The refusal to change what the user may only read, or to delete what they may only change."""
    return SalesforceError(
        "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", fields=[]
    )
