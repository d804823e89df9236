"""A connection to an org, as the rest of the product sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.reasons import Reason, stored


class ConnectionState(StrEnum):
    NONE = "none"
    """Never connected, or disconnected by the customer."""
    ACTIVE = "active"
    PAUSED = "paused"
    """The org's API limit or the account's own ceiling is reached, or the org gives no answer;
    goes on by itself."""
    DEAD = "dead"
    """Salesforce refuses us; calls are held until somebody reconnects."""


USABLE = (ConnectionState.ACTIVE, ConnectionState.PAUSED)


class Flow(StrEnum):
    """How access to an org is got, and got again."""

    CONSENT = "consent"
    """A person logs in and agrees; renewed by a refresh token."""
    CLIENT_CREDENTIALS = "client_credentials"
    """The customer's own app alone: its key and secret, each time."""


class Environment(StrEnum):
    PRODUCTION = "production"
    SANDBOX = "sandbox"
    MY_DOMAIN = "my_domain"


@dataclass(frozen=True)
class Connection:
    """One account's connection, without its tokens."""

    account_id: str
    state: ConnectionState = ConnectionState.NONE
    reason_code: str = ""
    reason_params: Mapping[str, str] = field(default_factory=dict)
    paused_until: datetime | None = None
    still_paused: bool = False
    """Whether that moment is still to come, by the database's clock."""
    shape_read_at: datetime | None = None
    """When the org's shape was read last; None = it is not known."""
    flow: Flow = Flow.CONSENT
    environment: Environment = Environment.PRODUCTION
    my_domain: str = ""
    client_id: str = ""
    """The customer's own app; empty = the product's."""
    has_secret: bool = False
    """Whether that app's secret is kept."""
    org_id: str = ""
    org_name: str = ""
    user_id: str = ""
    user_name: str = ""
    username: str = ""
    instance_url: str = ""
    connected_at: datetime | None = None
    api_used: int | None = None
    """API calls in the org's rolling day; None = it has not said so for a day."""
    api_allowed: int | None = None
    api_ceiling: int | None = None
    last_written_at: datetime | None = None
    package_since: datetime | None = None
    """When the org was first seen with our package's key on Tasks; None while it is without."""

    @property
    def reason(self) -> Reason:
        """Why it is dead or paused."""
        return stored(self.reason_code, self.reason_params)

    @property
    def usable(self) -> bool:
        return self.state in USABLE

    @property
    def ceiling(self) -> int | None:
        """API calls a day after which the account waits: its own number, else 80 % of the org's."""
        if self.api_ceiling is not None:
            return self.api_ceiling
        return None if self.api_allowed is None else self.api_allowed * 8 // 10


@dataclass(frozen=True)
class StoredTokens:
    """The secrets of a connection, unsealed. Never logged, never shown."""

    access_token: str
    refresh_token: str
    instance_url: str
    version: int

    def __repr__(self) -> str:
        return f"StoredTokens(version={self.version})"
