"""Turns what Salesforce answered into the errors of `errors`; nobody else reads error bodies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core import reasons
from core.reasons import Cause
from core.salesforce.codes import (
    CONCURRENT,
    CUSTOMER_CODE_FAILED,
    OAUTH,
    OAUTH_WORDS,
    REST,
    Meaning,
)
from core.salesforce.errors import (
    ConnectionDead,
    Paused,
    RecordRefused,
    Refusal,
    SalesforceError,
    SessionExpired,
    Transient,
)
from core.salesforce.ids import ids_in, to_18

_NESTED_TRANSIENT = ("UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE")
_NOT_FOR_REST: tuple[tuple[str, Cause], ...] = (
    ("not valid for use with the REST API", reasons.connection.session_not_for_api),
    ("is not attached to Agent", reasons.connection.app_not_attached),
)
"""A 401 with one of these texts is not mended by a new token. Source: jsforce's session guard."""


def rest_error(status: int, body: Any) -> SalesforceError:
    """The error of a REST answer or of one composite node.

    `body` is the parsed JSON: `[{"errorCode", "message", "fields"}]` as a rule,
    `{"success": false, "errors": [{"statusCode", …}]}` from collections; anything else (HTML,
    empty, cut) arrives as None and is judged by the HTTP status alone.
    """
    errors = _error_list(body)
    if not errors:
        return _by_status(status)
    first = errors[0]
    code = str(first.get("errorCode") or first.get("statusCode") or "")
    message = str(first.get("message") or "")
    fields = tuple(str(name) for name in first.get("fields") or ())
    if (cause := _not_for_rest(code, message)) is not None:
        return ConnectionDead(code, message, fields, status, cause=cause)
    meaning = _meaning(code, message, status)
    if meaning is None:
        return _by_status(status, code, message, fields)
    named = _named(code, message, first)
    return _build(meaning, code, message, fields, status, named)


def unknown_version(status: int, body: Any) -> SalesforceError:
    """The error of an answer that says: this org does not have the API version asked for. A retired
    one is 410 (Salesforce Help, 000354473). A page, or nothing, was said by something in between:
    that is no word of Salesforce's, and later."""
    said = rest_error(status, body)
    if isinstance(said, Transient) or (status == 404 and said.code != "NOT_FOUND"):
        return said
    return ConnectionDead(
        said.code, said.message, said.fields, status, cause=reasons.connection.api_version
    )


def oauth_error(error: str, description: str = "", status: int = 400) -> SalesforceError:
    """The error of the token endpoint, or of a callback that came back with `?error=`.

    `invalid_grant` covers most of what can happen; Salesforce tells its cases apart by the
    description (Salesforce Help, "OAuth 2.0 Errors").
    """
    words = description.lower()
    by_words = (meaning for text, meaning in OAUTH_WORDS if text in words)
    meaning = OAUTH.get(error)
    if meaning is None or meaning.error is ConnectionDead:
        meaning = next(by_words, meaning)
    if meaning is None:
        meaning = Meaning(Transient if status >= 500 else ConnectionDead)
    return _build(meaning, error, description, (), status, ())


def _error_list(body: Any) -> list[Mapping[str, Any]]:
    if isinstance(body, Mapping):
        body = body.get("errors") or [body]
    if not isinstance(body, Sequence) or isinstance(body, str):
        return []
    return [
        item
        for item in body
        if isinstance(item, Mapping) and (item.get("errorCode") or item.get("statusCode"))
    ]


def _not_for_rest(code: str, message: str) -> Cause | None:
    if code != "INVALID_SESSION_ID":
        return None
    return next((cause for text, cause in _NOT_FOR_REST if text in message), None)


def _meaning(code: str, message: str, status: int) -> Meaning | None:
    if code in CUSTOMER_CODE_FAILED and any(text in message for text in _NESTED_TRANSIENT):
        return Meaning(Transient)
    if code == "REQUEST_LIMIT_EXCEEDED" and "concurrent" in message.lower():
        return CONCURRENT
    known = REST.get(code)
    if known is None and status < 400:
        return Meaning(RecordRefused)
    return known


def _by_status(
    status: int, code: str = "", message: str = "", fields: tuple[str, ...] = ()
) -> SalesforceError:
    """A code nobody told us of, or a body without one."""
    code = code or f"HTTP_{status}"
    if status == 401:
        return SessionExpired(code, message, fields, status)
    if status in (408, 420, 429) or status >= 500 or code == f"HTTP_{status}":
        return Transient(code, message, fields, status)
    return RecordRefused(code, message, fields, status)


def _build(
    meaning: Meaning,
    code: str,
    message: str,
    fields: tuple[str, ...],
    status: int,
    named: tuple[str, ...],
) -> SalesforceError:
    if meaning.error is Paused:
        return Paused(code, message, fields, status, seconds=meaning.seconds, cause=meaning.cause)
    if meaning.error is ConnectionDead:
        return ConnectionDead(code, message, fields, status, cause=meaning.cause)
    if meaning.error is RecordRefused:
        return RecordRefused(code, message, fields, status, refusal=meaning.refusal, named=named)
    return meaning.error(code, message, fields, status)


def _named(code: str, message: str, error: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids that the refusal names: matches of a duplicate rule, else ids in the message."""
    if REST.get(code) == Meaning(RecordRefused, refusal=Refusal.DUPLICATE):
        return tuple(dict.fromkeys(_matches(error)))
    return ids_in(message)


def _matches(error: Mapping[str, Any]) -> Iterator[str]:
    # The platform spells the key `duplicateResut`; a day may come when it does not.
    result = error.get("duplicateResut") or error.get("duplicateResult") or {}
    for found in result.get("matchResults") or ():
        for match in found.get("matchRecords") or ():
            record_id = (match.get("record") or {}).get("Id")
            if record_id:
                yield to_18(str(record_id))
