"""What was asked of an org: facts alone, to be judged without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.facts import OrgShape
from core.reasons import Reason


@dataclass(frozen=True)
class Package:
    """A package that the org has installed."""

    name: str
    namespace: str
    version: str


@dataclass(frozen=True)
class Seen:
    """None stands for what Salesforce does not tell the connected user."""

    shape: OrgShape
    user_id: str
    """The connected user."""
    api_version: str = ""
    api_used: int | None = None
    """API calls of the org within 24 hours, everybody's."""
    api_allowed: int | None = None
    ceiling: int | None = None
    """API calls after which the account waits."""
    storage: tuple[int, int] | None = None
    """MB of data storage: free, in all."""
    packages: tuple[Package, ...] | None = None
    read: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By object: the fields that a look-up reads."""
    createable: Mapping[str, bool] = field(default_factory=dict)
    """By object: whether the connected user may create records."""
    record_types: Mapping[str, str] = field(default_factory=dict)
    """By object that has some: the name of the record type that new records get."""
    duplicate_rules: Mapping[str, tuple[str, ...]] | None = None
    """Names of the active ones, by object."""
    sees_all: Mapping[str, bool | None] = field(default_factory=dict)
    """By object: whether the connected user sees every record."""
    records: Mapping[str, int] | None = None
    """About how many there are, by object."""
    seconds: float | None = None
    """What a look-up for one number took."""
    refused: Reason | None = None
    """Why Salesforce did not answer it."""
    time_zone: str = ""
    """The org's; empty = unknown."""
