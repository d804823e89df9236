"""What an org has switched on, and how it treats the app that connects to it."""

import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any

OLDEST_API, NEWEST_API = 31, 68
"""Versions before the oldest are retired since Summer '25 (Salesforce Help, 000354473); the newest
is Winter '27."""
_PATTERNS = {
    "sharing": "public|private",
    "namespace": r"([A-Za-z]\w{0,14})?",
    "package_version": r"\d+\.\d+(\.\d+)?",
}
SHARED = ("Account", "Contact", "Lead", "Opportunity")
"""Objects whose records may be kept from users."""


@dataclass
class DuplicateRule:
    """Standard duplicate rule: records of `against` whose `match` fields agree are duplicates.

    `action`: "alert" lets allowSave through, "block" does not.
    """

    object: str
    action: str
    against: list[str]
    match: list[str] = field(default_factory=lambda: ["Phone", "MobilePhone", "Email"])
    name: str = "Standard_Duplicate_Rule"
    message: str = "Use one of these records?"
    active: bool = True


@dataclass
class ValidationRule:
    """A record for which the SOQL condition `when` holds is refused with `message`."""

    object: str
    when: str
    message: str
    field: str | None = None


@dataclass
class Flow:
    """A record-triggered flow: a new record of `object` gets these values before it is saved."""

    object: str
    sets: dict[str, Any]


@dataclass
class RecordKind:
    """A record type of an object. available, default: to all users alike."""

    object: str
    name: str
    active: bool = True
    available: bool = True
    default: bool = False


@dataclass
class OrgSettings:
    """The switches of one org; the control API sets them by these names.

    app_policy: "installed", or what the authorize page refuses with: "not_installed" (external
    client app), "uninstalled" (connected app), "blocked", "not_approved".
    visible_users: "all", "own" (the running user alone, as with sharing of users set to private)
    or "none" (the object is refused).
    search_lag and access_token_lifetime are seconds, refresh_idle_days days.
    newest_api: the newest API version; orgs get a new one on different days.
    field_changes: "Lead.Phone" → describe keys that differ in this org.
    custom_fields: object name → entries with describe keys.
    namespace: of the package, "" for a package without one; package_version: "1.2".
    encrypted_fields: by Shield, with the probabilistic scheme, such as "Lead.Phone".
    sharing: "public" (everybody reads and edits) or "private" (a record's owner only) for Account,
    Contact, Lead, Opportunity and, through them, activities and contact roles. A contact without an
    account is its owner's under both.
    view_setup: whether the users have "View Setup and Configuration".
    view_all: the objects on which the users have View All Records; it does not let them edit.
    modify_all: whether they have Modify All Data, which lets them read, edit and delete everything.
    record_counts: object name → number that /limits/recordCount tells instead of the real one.
    """

    package: bool = True
    namespace: str = ""
    package_version: str = "1.0"
    person_accounts: bool = False
    hidden_fields: list[str] = field(default_factory=list)
    encrypted_fields: list[str] = field(default_factory=list)
    sharing: str = "public"
    view_all: list[str] = field(default_factory=lambda: list(SHARED))
    modify_all: bool = False
    record_counts: dict[str, int] = field(default_factory=dict)
    record_types: list[RecordKind] = field(default_factory=list)
    field_changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    custom_fields: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    duplicate_rules: list[DuplicateRule] = field(default_factory=list)
    validation_rules: list[ValidationRule] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    assignment_owner: str | None = None
    visible_users: str = "all"
    view_setup: bool = True
    edit_converted_leads: bool = False
    api_enabled: bool = True
    active: bool = True
    storage_full: bool = False
    api_limit: int = 100_000
    newest_api: int = NEWEST_API
    search_lag: float = 0.0
    app_policy: str = "installed"
    rotation: bool = True
    refresh_idle_days: float = 30.0
    access_token_lifetime: float = 7200.0

    @classmethod
    def parse(cls, raw: dict[str, Any]) -> "OrgSettings":
        """From JSON. Raises ValueError on a name that is no switch or a value of another type."""
        known = {f.name for f in fields(cls)}
        if unknown := sorted(set(raw) - known):
            raise ValueError(f"unknown switches: {', '.join(unknown)}")
        given = dict(raw)
        entries = {
            "duplicate_rules": DuplicateRule,
            "validation_rules": ValidationRule,
            "flows": Flow,
            "record_types": RecordKind,
        }
        try:
            for name, kind in entries.items():
                given[name] = [kind(**entry) for entry in raw.get(name, [])]
        except TypeError as error:
            raise ValueError(str(error)) from error
        settings = cls(**given)
        settings.check_types()
        return settings

    def check_types(self) -> None:
        """Raise ValueError where a value is not of its default's type."""
        for default in fields(self):
            value, usual = getattr(self, default.name), getattr(OrgSettings(), default.name)
            if usual is None:
                fits = value is None or isinstance(value, str)
            elif isinstance(usual, float):
                fits = isinstance(value, int | float) and not isinstance(value, bool)
            else:
                fits = type(value) is type(usual)
            if not fits:
                raise ValueError(f"{default.name}: {value!r} is not of the right type")
        for name, pattern in _PATTERNS.items():
            if not re.fullmatch(pattern, getattr(self, name), re.ASCII):
                raise ValueError(f"{name} is {pattern}, not {getattr(self, name)}")

    def as_json(self) -> dict[str, Any]:
        """For storing and for the control API."""
        return asdict(self)
