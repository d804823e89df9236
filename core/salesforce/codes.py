"""What each code of Salesforce means to us: one table for REST, one for OAuth.

REST codes: REST API developer guide, "Status Codes and Error Responses", and SOAP API guide,
"StatusCode". OAuth errors: Salesforce Help, "OAuth 2.0 Errors". A code that stands in neither
is judged by its HTTP status (`translate`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core import reasons
from core.reasons import Cause
from core.salesforce.errors import (
    ConnectionDead,
    Paused,
    RecordRefused,
    Refusal,
    SalesforceError,
    SessionExpired,
    Transient,
)

CONCURRENT_PAUSE = 30
"""Seconds to wait when too many long requests run at once: they last 20 seconds or more."""
DAILY_PAUSE = 900
"""Seconds between attempts once the day's API calls are used up; the window is a rolling one."""
STORAGE_PAUSE = 300
"""Seconds between attempts while there is no room: only a write shows whether there is some again.
`/limits` would tell late, and not to every user (REST guide, "Limits")."""
HOUR = 3600


@dataclass(frozen=True)
class Meaning:
    """The error a code becomes, with what that error needs."""

    error: type[SalesforceError]
    refusal: Refusal = Refusal.ATTENTION
    cause: Cause = reasons.connection.unknown
    """What is said of a connection that is dead or paused."""
    seconds: int = 0


def _refused(refusal: Refusal) -> Meaning:
    return Meaning(RecordRefused, refusal=refusal)


def _dead(cause: Cause) -> Meaning:
    return Meaning(ConnectionDead, cause=cause)


def _paused(seconds: int, cause: Cause) -> Meaning:
    return Meaning(Paused, cause=cause, seconds=seconds)


TRANSIENT = Meaning(Transient)
CONCURRENT = _paused(CONCURRENT_PAUSE, reasons.connection.concurrent)
"""Which limit REQUEST_LIMIT_EXCEEDED means, only its text says."""
ATTENTION = _refused(Refusal.ATTENTION)
FIELD = _refused(Refusal.FIELD)
GONE = _refused(Refusal.GONE)

REST: Mapping[str, Meaning] = {
    # the session and the connection
    "INVALID_SESSION_ID": Meaning(SessionExpired),
    "INVALID_AUTH_HEADER": Meaning(SessionExpired),
    "API_DISABLED_FOR_ORG": _dead(reasons.connection.api_disabled),
    "API_CURRENTLY_DISABLED": _dead(reasons.connection.api_disabled),
    "UNSUPPORTED_API_VERSION": _dead(reasons.connection.api_version),
    # the whole org
    "REQUEST_LIMIT_EXCEEDED": _paused(DAILY_PAUSE, reasons.connection.limit),
    "STORAGE_LIMIT_EXCEEDED": _paused(STORAGE_PAUSE, reasons.connection.storage),
    # later, by itself
    "UNABLE_TO_LOCK_ROW": TRANSIENT,
    "SERVER_UNAVAILABLE": TRANSIENT,
    "UNKNOWN_EXCEPTION": TRANSIENT,
    "QUERY_TIMEOUT": TRANSIENT,
    "QUERY_TOO_COMPLICATED": TRANSIENT,
    "TOO_MANY_APEX_REQUESTS": TRANSIENT,
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": TRANSIENT,
    # one field
    "STRING_TOO_LONG": FIELD,
    "INVALID_FIELD": FIELD,
    "INVALID_FIELD_FOR_INSERT_UPDATE": FIELD,
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": FIELD,
    "INVALID_TYPE_ON_FIELD_IN_RECORD": FIELD,
    "INVALID_EMAIL_ADDRESS": FIELD,
    "NUMBER_OUTSIDE_VALID_RANGE": FIELD,
    "JSON_PARSER_ERROR": FIELD,
    "MALFORMED_ID": FIELD,
    # another record
    "DUPLICATES_DETECTED": _refused(Refusal.DUPLICATE),
    "DUPLICATE_VALUE": _refused(Refusal.UNIQUE),
    "ENTITY_IS_DELETED": GONE,
    "INVALID_CROSS_REFERENCE_KEY": GONE,
    "CANNOT_UPDATE_CONVERTED_LEAD": GONE,
    "INACTIVE_OWNER_OR_USER": _refused(Refusal.OWNER),
    "PROCESSING_HALTED": _refused(Refusal.HALTED),
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": _refused(Refusal.HALTED),
    # a person has to look
    "INSUFFICIENT_ACCESS": ATTENTION,
    "INSUFFICIENT_ACCESS_OR_READONLY": ATTENTION,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": ATTENTION,
    "REQUIRED_FIELD_MISSING": ATTENTION,
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": ATTENTION,
    "FIELD_INTEGRITY_EXCEPTION": ATTENTION,
    "INVALID_PERSON_ACCOUNT_OPERATION": ATTENTION,
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": ATTENTION,
    "CANNOT_EXECUTE_FLOW_TRIGGER": ATTENTION,
    "APEX_ERROR": ATTENTION,
    "ENTITY_IS_LOCKED": ATTENTION,
    "NOT_FOUND": ATTENTION,
    "INVALID_TYPE": ATTENTION,
    "MALFORMED_QUERY": ATTENTION,
    "MALFORMED_SEARCH": ATTENTION,
    "INVALID_QUERY_LOCATOR": ATTENTION,
    "EXCEEDED_ID_LIMIT": ATTENTION,
    "METHOD_NOT_ALLOWED": ATTENTION,
    "UNSUPPORTED_MEDIA_TYPE": ATTENTION,
}

CUSTOMER_CODE_FAILED = frozenset(
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CANNOT_EXECUTE_FLOW_TRIGGER", "APEX_ERROR"}
)
"""The customer's own trigger or flow failed; its text may carry the true code, e.g. a lock."""

SCHEMA = frozenset({"INVALID_FIELD", "INVALID_TYPE", "NOT_FOUND"})
"""On a read, these say that the org changed since it was described."""

OAUTH: Mapping[str, Meaning] = {
    # the person or the customer's admin
    "access_denied": _dead(reasons.connection.denied),
    "inactive_user": _dead(reasons.connection.inactive_user),
    "inactive_org": _dead(reasons.connection.inactive_org),
    "invalid_grant": _dead(reasons.connection.refresh_refused),
    "OAUTH_APPROVAL_ERROR_GENERIC": _dead(reasons.connection.app_not_installed),
    "OAUTH_EC_APP_NOT_FOUND": _dead(reasons.connection.app_not_installed),
    "OAUTH_APP_BLOCKED": _dead(reasons.connection.app_blocked),
    "OAUTH_APP_ACCESS_DENIED": _dead(reasons.connection.not_approved),
    # the app's keys and settings
    "invalid_client_id": _dead(reasons.connection.client_id),
    "invalid_client": _dead(reasons.connection.client_secret),
    "invalid_client_credentials": _dead(reasons.connection.client_secret),
    "invalid_scope": _dead(reasons.connection.scope),
    "redirect_uri_mismatch": _dead(reasons.connection.redirect_uri),
    "invalid_request": _dead(reasons.connection.misconfigured),
    "unsupported_grant_type": _dead(reasons.connection.misconfigured),
    "unsupported_response_type": _dead(reasons.connection.misconfigured),
    "immediate_unsuccessful": _dead(reasons.connection.misconfigured),
    # later
    "rate_limit_exceeded": _paused(HOUR, reasons.connection.login_rate),
    "server_error": TRANSIENT,
    "temporarily_unavailable": TRANSIENT,
}

OAUTH_WORDS: tuple[tuple[str, Meaning], ...] = (
    # Salesforce tells these apart by `error_description` only; the first match counts.
    ("already being processed", TRANSIENT),
    ("authorization code", _dead(reasons.connection.code_expired)),
    ("code verifier", _dead(reasons.connection.code_verifier)),
    ("code challenge", _dead(reasons.connection.code_verifier)),
    ("approved this consumer", _dead(reasons.connection.not_approved)),
    ("admin approved", _dead(reasons.connection.not_approved)),
    ("ip restricted", _dead(reasons.connection.ip_restricted)),
    ("login hours", _dead(reasons.connection.login_hours)),
    ("must be installed", _dead(reasons.connection.app_not_installed)),
    ("not installed", _dead(reasons.connection.app_not_installed)),
    ("cross-org", _dead(reasons.connection.app_not_installed)),
    ("no client credentials user", _dead(reasons.app.no_user)),
    ("client credentials flow", _dead(reasons.app.flow_off)),
    ("not supported on this domain", _dead(reasons.app.my_domain)),
    ("no valid scopes", _dead(reasons.app.scopes)),
    ("blocked", _dead(reasons.connection.app_blocked)),
)

WITHOUT_A_PERSON: Mapping[Cause, Cause] = {
    reasons.connection.refresh_refused: reasons.app.refused,
    reasons.connection.inactive_user: reasons.app.user_inactive,
    reasons.connection.not_approved: reasons.app.user_not_approved,
    reasons.connection.app_not_installed: reasons.app.not_found,
    reasons.connection.scope: reasons.app.scopes,
}
"""What is said otherwise where the customer's own app connects alone. The texts that only this flow
knows are among `OAUTH_WORDS`; vendors' manuals quote them (Sumo Logic, Splunk, AWS)."""
