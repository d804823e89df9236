"""The provisioning API, described for programs; part of `GET /api/openapi.json` while it is on."""

from __future__ import annotations

from typing import Any

from core.store.accounts import ACCOUNT_ID
from portal.api.admin import NewAccount, NewPerson

SCHEME = {"admin": {"type": "http", "scheme": "bearer"}}
_ID = {"name": "account_id", "in": "path", "required": True}
_ACCOUNT = {
    "type": "object",
    "required": ["id", "name", "connection", "owners", "members", "disabled", "invited", "keys"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "connection": {"enum": ["none", "active", "paused", "dead"]},
        "owners": {"type": "array", "items": {"type": "string"}},
        "members": {"type": "array", "items": {"type": "string"}},
        "disabled": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Owners and members who may not sign in any more",
        },
        "invited": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Who has not accepted yet",
        },
        "keys": {"type": "array", "items": {"type": "object"}},
        "key": {"type": "string", "description": "Only in the answer that issued it"},
    },
}
_ERROR = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}


def paths() -> dict[str, Any]:
    """OpenAPI paths of `portal.admin_api`."""
    account = "/api/admin/accounts/{account_id}"
    key_id = {"name": "key_id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        account: {
            "get": _operation("Show an account", [200, 404]),
            "put": _operation("Create an account", [200, 201, 400], NewAccount),
        },
        f"{account}/people": {
            "post": _operation("Invite a person", [200, 201, 400, 404], NewPerson)
        },
        f"{account}/keys": {"post": _operation("Issue an intake key", [201, 404])},
        f"{account}/keys/{{key_id}}": {
            "delete": _operation("End an intake key", [200, 404], more=[key_id])
        },
    }


def _operation(
    summary: str, statuses: list[int], body: Any = None, more: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    an_id = {**_ID, "schema": {"type": "string", "pattern": f"^{ACCOUNT_ID}$"}}
    found: dict[str, Any] = {
        "summary": summary,
        "security": [{"admin": []}],
        "parameters": [an_id, *(more or [])],
        "responses": {str(one): _answer(one) for one in (*statuses, 401, 429)},
    }
    if body is not None:
        schema = body.model_json_schema()
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return found


def _answer(status: int) -> dict[str, Any]:
    schema = _ACCOUNT if status < 300 else _ERROR
    return {
        "description": _MEANINGS[status],
        "content": {"application/json": {"schema": schema}},
    }


_MEANINGS = {
    200: "As it stands now",
    201: "Made",
    400: "The body is wrong; `field` names where",
    401: "The admin key is missing or wrong",
    404: "There is no such account or key",
    429: "Too many requests",
}
