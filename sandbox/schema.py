"""Objects and fields: the standard ones from standard/, changed by what an org has switched on."""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).with_name("standard")
TEXT_TYPES = {"string", "picklist", "combobox", "phone", "email", "url", "textarea"}
NUMBER_TYPES = {"int", "double", "currency", "percent"}
ID_TYPES = {"id", "reference"}
_UNSORTED = {"address", "combobox", "currency", "datetime", "double", "percent"}


@cache
def _usual(kind: str, length: int) -> dict[str, Any]:
    in_lists = not (kind == "textarea" and length > 255)
    return {
        "byteLength": 3 * length if kind in TEXT_TYPES else length,
        "precision": 0,
        "scale": 0,
        "digits": 0,
        "nillable": True,
        "createable": True,
        "updateable": True,
        "defaultedOnCreate": kind == "boolean",
        "unique": False,
        "externalId": False,
        "idLookup": False,
        "custom": False,
        "calculated": False,
        "autoNumber": False,
        "filterable": in_lists,
        "sortable": in_lists and kind != "address",
        "groupable": in_lists and kind not in _UNSORTED,
        "aggregatable": in_lists and kind not in {"address", "boolean"},
        "restrictedPicklist": False,
        "referenceTo": [],
        "polymorphicForeignKey": False,
        "namePointing": False,
        "nameField": False,
        "caseSensitive": False,
        "permissionable": True,
        "searchPrefilterable": False,
        "relationshipName": None,
        "compoundFieldName": None,
    }


@dataclass(frozen=True)
class Field:
    """One field; `raw` keeps what differs from the usual for its type, in describe's own keys."""

    name: str
    type: str
    label: str
    length: int = 0
    raw: dict[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def parse(cls, raw: dict[str, Any]) -> "Field":
        """From one entry of a data file or a custom field given to the control API."""
        return cls(raw["name"], raw["type"], raw["label"], raw.get("length", 0), raw)

    @property
    def is_long(self) -> bool:
        """A long text area: neither filterable nor sortable."""
        return self.type == "textarea" and self.length > 255

    def get(self, key: str) -> Any:
        """A describe key: as given, else the usual for the type."""
        return self.raw[key] if key in self.raw else self.usual()[key]

    def usual(self) -> dict[str, Any]:
        """Describe keys that a field of this type usually has. Not to be changed."""
        return _usual(self.type, self.length)


@dataclass(frozen=True)
class Child:
    """A child relationship: the other side of a reference field."""

    object: str
    field: str
    name: str
    cascade: bool


@dataclass(frozen=True)
class ObjectSchema:
    """One object as one org has it. `fields` is keyed by the field name in lower case.

    hidden: the fields that the users have no access to; they are stored all the same.
    """

    name: str
    raw: dict[str, Any]
    fields: dict[str, Field]
    children: tuple[Child, ...]
    hidden: dict[str, Field] = field(default_factory=dict)

    @property
    def stored(self) -> dict[str, Field]:
        """Every field of a stored record."""
        return {**self.fields, **self.hidden} if self.hidden else self.fields

    def field(self, name: str) -> Field | None:
        """The field of that name, whatever its letter case."""
        return self.fields.get(name.lower())

    def relationship(self, name: str) -> Field | None:
        """The reference field whose relationship has that name (`Owner` → OwnerId)."""
        wanted = name.lower()
        for candidate in self.fields.values():
            relation = candidate.get("relationshipName") if candidate.type == "reference" else None
            if relation and relation.lower() == wanted:
                return candidate
        return None

    def child(self, name: str) -> Child | None:
        """The child relationship of that name (`OpportunityContactRoles`)."""
        return next((c for c in self.children if c.name.lower() == name.lower()), None)

    @property
    def prefix(self) -> str:
        """The first three characters of its record ids."""
        return str(self.raw["keyPrefix"])


@cache
def standard_objects() -> dict[str, dict[str, Any]]:
    """The data files, parsed: object name → file content."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(_DATA.glob("*.json"))}


def build_object(
    raw: dict[str, Any], more: list[dict[str, Any]], hidden: set[str], changes: dict[str, Any]
) -> ObjectSchema:
    """One object with `more` fields, the `hidden` ones kept from its users.

    `changes` maps a field's name to describe keys that this org has otherwise. Names of hidden and
    changed fields are in lower case.
    """
    given = {**{entry["name"]: entry for entry in raw["fields"]}, **{e["name"]: e for e in more}}
    stored = {
        name.lower(): Field.parse({**entry, **changes.get(name.lower(), {})})
        for name, entry in given.items()
    }
    fields = {name: field for name, field in stored.items() if name not in hidden}
    children = tuple(
        Child(c["childSObject"], c["field"], c["relationshipName"], c["cascadeDelete"])
        for c in raw["childRelationships"]
    )
    flags = {k: v for k, v in raw.items() if k not in {"fields", "childRelationships"}}
    unseen = {name: field for name, field in stored.items() if name in hidden}
    return ObjectSchema(raw["name"], flags, fields, children, unseen)
