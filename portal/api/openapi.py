"""The HTTP door described for programs: `GET /api/openapi.json`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from werkzeug import Response

from core.events import event_schema
from core.intake import MOST_EVENTS
from portal.api import admin_openapi
from portal.api.intake import A_REQUEST, EVENTS_A_MINUTE
from portal.web.services import config

bp = Blueprint("openapi", __name__, url_prefix="/api")

ANSWERS = {
    "200": "Nothing new: the call is known already, or the event is not final",
    "202": "Written down; it will be delivered",
    "400": "The body or a field is wrong; the good events of a list were taken all the same",
    "401": "The key is missing, unknown or has ended",
    "413": "More than 256 KiB, or more than 500 events",
    "415": "Does not look like JSON or a form, whatever it is declared to be",
    "429": (
        f"More than {EVENTS_A_MINUTE:,} events of one account within a minute, a request counting "
        f"as {A_REQUEST} at least; nothing of it was taken. `Retry-After` says in how many seconds "
        "to send it again"
    ),
}


@bp.get("/openapi.json")
def document() -> Response:
    """OpenAPI 3.1 of the intake."""
    return jsonify(
        openapi="3.1.0",
        info={"title": "UniTalk calls for Salesforce", "version": "1"},
        servers=[{"url": config().portal_url}],
        paths={
            "/api/calls": {"post": _post([])},
            "/api/calls/{token}": {"post": {**_post([_token()]), "security": []}},
            **(admin_openapi.paths() if config().admin_key else {}),
        },
        components={
            "schemas": {"Event": event_schema()},
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                **admin_openapi.SCHEME,
            },
        },
        security=[{"key": []}],
    )


def _post(parameters: list[dict[str, Any]]) -> dict[str, Any]:
    event = {"$ref": "#/components/schemas/Event"}
    several = {"type": "array", "minItems": 1, "maxItems": MOST_EVENTS, "items": event}
    return {
        "summary": "Hand over finished calls",
        "parameters": parameters,
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"anyOf": [event, several]}},
                "application/x-www-form-urlencoded": {"schema": event},
                "multipart/form-data": {"schema": event},
            },
        },
        "responses": {
            status: {
                "description": meaning,
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
            for status, meaning in ANSWERS.items()
        },
    }


def _token() -> dict[str, Any]:
    return {
        "name": "token",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
        "description": "The intake key, for handlers that cannot set headers",
    }
