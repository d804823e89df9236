"""Telephony's HTTP door: `POST /api/calls`.

key → body → one event after the other into the ledger → one wake-up → an answer for each.
Nothing is decided here: that a call is on the disk is all that an answer promises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from flask import Blueprint, Response, jsonify, make_response, request
from flask_limiter import RequestLimit
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import RequestEntityTooLarge

from core.events import BadEvent, opened
from core.intake import Intake, accept
from core.secrets import hash_key
from core.store.refused import HTTP, Refusal
from portal.api.bodies import read_body
from portal.web.extensions import csrf, limiter
from portal.web.services import services

log = structlog.get_logger()

bp = Blueprint("intake", __name__, url_prefix="/api")
csrf.exempt(bp)

PER_KEY = "600 per minute"
WRONG_KEYS = "30 per minute"
"""From one address. Telephony posts for all its customers from few, so only a key that opens no
account is counted: one customer's old key must not close the door for the others."""

LARGEST_BODY = 256 * 1024
"""Bytes."""
MOST_EVENTS = 500
"""In one list."""


@dataclass(frozen=True)
class Events:
    items: list[Any]
    as_list: bool
    """Whether they came in a list, and so whether the answer lists results."""


class _OneWakeUp:
    """However many events a request brings, a worker is woken once."""

    def __init__(self) -> None:
        self.account_id = ""

    def wake(self, account_id: str) -> bool:
        self.account_id = account_id
        return True


def _key() -> str:
    """From the header; from the path for handlers that cannot set headers."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    return str((request.view_args or {}).get("token", ""))


def _too_many(_limit: RequestLimit) -> Response:
    return make_response(jsonify(error="too many requests"), 429)


@bp.post("/calls")
@bp.post("/calls/<token>")
@limiter.limit(PER_KEY, key_func=lambda: hash_key(_key()), on_breach=_too_many)
def calls(token: str = "") -> Response:
    """Take over one event, or a list of them; see docs/telephony.md for the answers."""
    request.max_content_length = LARGEST_BODY
    here = services()
    account_id = here.store.accounts.account_of_key(_key())
    if account_id is None:
        return _unknown_key()
    events = read_events()
    wake_up, refusals = _OneWakeUp(), list[Refusal]()
    try:
        results = [_take(account_id, event, wake_up, refusals) for event in events.items]
        here.store.refused.add_all(account_id, HTTP, refusals)
    finally:
        if wake_up.account_id:
            here.waker.wake(wake_up.account_id)
    return _answer(results, as_list=events.as_list)


def read_events() -> Events:
    """The events of this request.

    Raises BadEvent for a body that cannot be read, UnsupportedMediaType, RequestEntityTooLarge.
    """
    body = opened(read_body(request))
    if not isinstance(body, list):
        return Events([body], as_list=False)
    if not body:
        raise BadEvent("body", "is an empty list")
    if len(body) > MOST_EVENTS:
        raise RequestEntityTooLarge
    return Events(body, as_list=True)


@limiter.limit(WRONG_KEYS, on_breach=_too_many)
def _unknown_key() -> Response:
    answer = make_response(jsonify(error="unknown key"), 401)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="calls"'
    return answer


def _take(
    account_id: str, event: Any, wake_up: _OneWakeUp, refusals: list[Refusal]
) -> dict[str, str]:
    try:
        taken = accept(services().store, wake_up, account_id, event)
    except BadEvent as error:
        refusals.append(Refusal(event, error))
        log.info("event refused", account=account_id, field=error.field)
        return {"error": "bad event", "field": error.field, "message": str(error)}
    return {"result": taken.value}


def _answer(results: list[dict[str, str]], *, as_list: bool) -> Response:
    body: Any = {"results": results} if as_list else results[0]
    return make_response(jsonify(body), _status(results))


def _status(results: list[dict[str, str]]) -> int:
    if any("error" in one for one in results):
        return 400
    accepted = any(one["result"] == Intake.ACCEPTED for one in results)
    return 202 if accepted else 200


@bp.errorhandler(BadEvent)
def _bad_body(error: BadEvent) -> Response:
    answer = jsonify(error="bad event", field=error.field, message=str(error))
    return make_response(answer, 400)


@bp.errorhandler(DBAPIError)
def _refused(error: DBAPIError) -> Response:
    """Away, overloaded or shutting down is later; what a database refuses of us is our mistake."""
    away = (OperationalError, InterfaceError, InternalError)
    if not (error.connection_invalidated or isinstance(error, away)):
        raise error
    return _later(type(error.orig).__name__)


@bp.errorhandler(NoConnectionLeft)
def _busy(error: NoConnectionLeft) -> Response:
    return _later(type(error).__name__)


def _later(why: str) -> Response:
    """Nothing was acknowledged, so telephony repeats it."""
    log.error("event not taken", error=why)
    answer = make_response(jsonify(error="try again later"), 503)
    answer.headers["Retry-After"] = "10"
    return answer
