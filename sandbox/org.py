"""One org: its settings, and the objects that follow from them."""

from dataclasses import replace
from functools import cached_property
from typing import Any

from sandbox.features import PERSON_FIELDS, RECORD_TYPE_ID, package_fields
from sandbox.schema import ObjectSchema, build_object, standard_objects
from sandbox.settings import SHARED, OrgSettings

_NAMES = {name.lower(): name for name in standard_objects()}
# Objects that only users with "View Setup and Configuration" have.
_FOR_SETUP = {"DuplicateRule", "ObjectPermissions", "PermissionSet", "PermissionSetAssignment"}
_ACTIVITY = ("Task", "Event")
# Shield's probabilistic scheme: such a field is read, not filtered, sorted, grouped or aggregated.
_ENCRYPTED = {
    "encrypted": True,
    **dict.fromkeys(("aggregatable", "filterable", "groupable", "sortable"), False),
}


class Org:
    """One org: id (18 characters), name, settings, and the objects as its users see them.

    changed: when the settings last changed, seconds since 1970.
    """

    def __init__(self, org_id: str, name: str, settings: OrgSettings, changed: float = 0.0) -> None:
        self.id = org_id
        self.changed = changed
        self.name = name
        self.settings = settings
        self._objects: dict[str, ObjectSchema] = {}

    @cached_property
    def whole(self) -> "Org":
        """The same org as its own rules and its admin know it: nothing hidden or out of sight."""
        open_to_all = replace(
            self.settings,
            hidden_fields=[],
            encrypted_fields=[],
            sharing="public",
            view_all=list(SHARED),
            modify_all=True,
            view_setup=True,
        )
        return Org(self.id, self.name, open_to_all, self.changed)

    def object(self, name: str) -> ObjectSchema | None:
        """The object of that name, whatever its letter case, as this org has it."""
        key = _NAMES.get(name.lower())
        if key is None or (key in _FOR_SETUP and not self.settings.view_setup):
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
            more += package_fields(settings.namespace).get(name, [])
        if settings.person_accounts:
            more += PERSON_FIELDS.get(name, [])
        if any(kind.object == name for kind in settings.record_types):
            more.append(RECORD_TYPE_ID)
        # A custom field of Activity shows in the describes of both Task and Event.
        for owner in _ACTIVITY if name in _ACTIVITY else (name,):
            more += settings.custom_fields.get(owner, [])
        changes: dict[str, dict[str, Any]] = {}
        if name == "Lead" and settings.person_accounts:
            # With person accounts a lead without a company converts to a person account.
            changes["company"] = {"nillable": True}
        for path, keys in settings.field_changes.items():
            if field := _of(name, path):
                changes[field] = {**changes.get(field, {}), **keys}
        for path in settings.encrypted_fields:
            if field := _of(name, path):
                changes[field] = {**changes.get(field, {}), **_ENCRYPTED}
        hidden = {field for path in settings.hidden_fields if (field := _of(name, path))}
        return build_object(standard_objects()[name], more, hidden, changes)


def _of(name: str, path: str) -> str | None:
    """The field of `Lead.Phone`, in lower case, if the path is of that object."""
    owner, _, field = path.lower().partition(".")
    return field if owner == name.lower() else None
