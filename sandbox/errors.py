"""Salesforce's refusals, with the HTTP status that goes with each error code.

Source: REST API guide, "Status Codes and Error Responses".
"""

from typing import Any

_STATUS = {
    "INVALID_SESSION_ID": 401,
    "INVALID_AUTH_HEADER": 401,
    "REQUEST_LIMIT_EXCEEDED": 403,
    "API_DISABLED_FOR_ORG": 403,
    "API_CURRENTLY_DISABLED": 403,
    "INSUFFICIENT_ACCESS": 403,
    "INSUFFICIENT_ACCESS_OR_READONLY": 403,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": 403,
    "NOT_FOUND": 404,
    "ENTITY_IS_DELETED": 404,
    "UNSUPPORTED_API_VERSION": 404,
    "METHOD_NOT_ALLOWED": 405,
    "GONE": 410,
    "PRECONDITION_FAILED": 412,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "UNKNOWN_EXCEPTION": 500,
    "SERVER_UNAVAILABLE": 503,
}


class SalesforceError(Exception):
    """One refusal: errorCode, message, the fields it names, and the HTTP status.

    `extra` holds further keys of the body, such as `duplicateResut`.
    `fields` is None for refusals that are not about a record (the key is then absent).
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: list[str] | None = None,
        status: int | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.fields = fields
        self.status = status or _STATUS.get(code, 400)
        self.extra = extra or {}

    def body(self) -> list[dict[str, Any]]:
        """The JSON body of a refused request: an array with one entry."""
        entry: dict[str, Any] = {**self.extra, "message": self.message, "errorCode": self.code}
        if self.fields is not None:
            entry["fields"] = self.fields
        return [entry]

    def row(self) -> dict[str, Any]:
        """The same inside a collection's row, where the code is called `statusCode`."""
        return {"statusCode": self.code, "message": self.message, "fields": self.fields or []}


def not_found() -> SalesforceError:
    """404 for a resource or object that does not exist."""
    return SalesforceError("NOT_FOUND", "The requested resource does not exist")
