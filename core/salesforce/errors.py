"""What can go wrong with Salesforce, as its callers see it.

    SalesforceError
    ├── Transient        the same request may work later: time-outs, 5xx, a body that is HTML,
    │   │                empty or cut, locks, maintenance
    │   ├── Unreachable  no connection was made, so nothing was sent
    │   └── Unreadable   an answer came, larger or odder than we read
    ├── Paused           the whole org waits for `seconds`: API limit, log-in rate, storage
    ├── SessionExpired   the access token is not taken: renew once, repeat once. One that was just
    │                    renewed: later, as a moment of trouble must not cut a customer off
    ├── ConnectionDead   only a person can mend the connection; `cause` says how
    ├── ShapeStale       the org no longer looks as remembered: read its shape again, repeat
    └── RecordRefused    this record, not the org; `refusal` says which kind of no

Answers become these in one place, `translate`, from the one table in `codes`.
"""

from __future__ import annotations

from enum import StrEnum

from core import reasons
from core.reasons import Cause, Reason, Words


class Refusal(StrEnum):
    """Why Salesforce would not take one record."""

    ATTENTION = "attention"
    """Only a person can mend it: a validation rule, a required field, no access."""
    FIELD = "field"
    """One field or its value was not taken."""
    DUPLICATE = "duplicate"
    """A duplicate rule named records to use instead."""
    UNIQUE = "unique"
    """A unique field already has this value on another record."""
    GONE = "gone"
    """The record referred to is deleted, converted or out of sight."""
    OWNER = "owner"
    """The owner is inactive."""
    HALTED = "halted"
    """Not tried, or rolled back, because something else in the transaction failed."""


class SalesforceError(Exception):
    """Salesforce's own words, kept: `code`, `message`, `fields`, and the HTTP status (0 = none)."""

    cause: Cause = reasons.salesforce.refused

    def __init__(
        self, code: str, message: str = "", fields: tuple[str, ...] = (), http_status: int = 0
    ) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.fields = fields
        self.http_status = http_status

    @property
    def reason(self) -> Reason:
        """The sentence for the customer, carrying Salesforce's own words."""
        return self.cause(self.words)

    @property
    def words(self) -> Words:
        return Words(self.code, self.message, ", ".join(self.fields))


class Transient(SalesforceError):
    cause = reasons.salesforce.transient


class Unreachable(Transient):
    """The host is unknown or refuses connections: Salesforce saw nothing of the request."""


class Unreadable(Transient):
    """Whether Salesforce acted on the request is unknown, as with any `Transient`; but the next
    answer is likely to be no better, so a person is asked after few attempts."""

    cause = reasons.salesforce.unreadable


class Paused(SalesforceError):
    """The whole org waits. `seconds` is how long before it is worth asking again."""

    def __init__(
        self,
        code: str,
        message: str = "",
        fields: tuple[str, ...] = (),
        http_status: int = 0,
        *,
        seconds: int,
        cause: Cause,
    ) -> None:
        super().__init__(code, message, fields, http_status)
        self.seconds = seconds
        self.cause = cause


class SessionExpired(SalesforceError):
    cause = reasons.salesforce.session_expired


class ConnectionDead(SalesforceError):
    def __init__(
        self,
        code: str,
        message: str = "",
        fields: tuple[str, ...] = (),
        http_status: int = 0,
        *,
        cause: Cause,
    ) -> None:
        super().__init__(code, message, fields, http_status)
        self.cause = cause


class ShapeStale(SalesforceError):
    """`fields` are those that a query may not ask for (`Object.Field`)."""

    cause = reasons.salesforce.shape_stale
    unreadable = False
    """Nor name among its columns: they are not there for us."""


class RecordRefused(SalesforceError):
    """`named` holds ids of records that Salesforce named in its refusal (18 characters)."""

    def __init__(
        self,
        code: str,
        message: str = "",
        fields: tuple[str, ...] = (),
        http_status: int = 0,
        *,
        refusal: Refusal = Refusal.ATTENTION,
        named: tuple[str, ...] = (),
    ) -> None:
        super().__init__(code, message, fields, http_status)
        self.refusal = refusal
        self.named = named
