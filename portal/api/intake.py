"""Telephony's HTTP door: `POST /api/calls`.

key → body → limit → all its events into the ledger → one wake-up → an answer for each.
Nothing is decided here: that a call is on the disk is all that an answer promises.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Blueprint, Response, g, jsonify, make_response, request
from flask_limiter import RequestLimit
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import RequestEntityTooLarge

from core.events import BadEvent, opened
from core.intake import MOST_EVENTS, Intake, accept_all
from core.store.doors import UnknownKey
from core.store.refused import HTTP, Refusal
from portal.api.bodies import read_body
from portal.web.extensions import csrf, limiter
from portal.web.services import services

log = structlog.get_logger()

bp = Blueprint("intake", __name__, url_prefix="/api")
csrf.exempt(bp)

EVENTS_A_MINUTE = 60_000
"""Of one account, whatever its keys. A thousand a second: no call centre has so many for long, and
a program that sends in circles does within seconds."""
A_REQUEST = 10
"""Events that a request counts as, at least: so single events are taken 6,000 times a minute."""
WRONG_KEYS = "30 per minute"
"""From one address. Telephony posts for all its customers from few, so only a key that opens no
account is counted: one customer's old key must not close the door for the others."""

LARGEST_BODY = 256 * 1024
"""Bytes."""


@dataclass(frozen=True)
class Events:
    items: list[Any]
    as_list: bool
    """Whether they came in a list, and so whether the answer lists results."""


def _key() -> str:
    """From the header; from the path for handlers that cannot set headers."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    return str((request.view_args or {}).get("token", ""))


def _too_many(limit: RequestLimit) -> Response:
    """Whoever waits as long as it says finds the door open: the limiter, which sets the header
    again, cuts seconds off twice, and Redis rounds them."""
    answer = make_response(jsonify(error="too many requests"), 429)
    wait = math.ceil(limit.window.reset_time - time.time() + 0.5)
    answer.headers["Retry-After"] = str(max(1, wait) + 2)
    return answer


@bp.post("/calls")
@bp.post("/calls/<token>")
def calls(token: str = "") -> Response:
    """Take over one event, or a list of them; see docs/telephony.md for the answers."""
    request.max_content_length = LARGEST_BODY
    try:
        g.account_id = services().store.doors.account_of_key(_key())
    except UnknownKey:
        return _unknown_key()
    g.events = read_events()
    return _take()


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


@limiter.limit(
    f"{EVENTS_A_MINUTE} per minute",
    key_func=lambda: g.account_id,
    cost=lambda: max(len(g.events.items), A_REQUEST),
    on_breach=_too_many,
)
def _take() -> Response:
    """All of them, or none."""
    here, events = services(), g.events
    answers = accept_all(here.store, here.waker, g.account_id, events.items)
    told = zip(events.items, answers, strict=True)
    refusals = [Refusal(sent, one) for sent, one in told if isinstance(one, BadEvent)]
    try:
        here.store.refused.add_all(g.account_id, HTTP, refusals)
    except DBAPIError as error:  # a note must not cost the answer: the good ones are taken
        log.warning("refused events not noted", error=type(error.orig).__name__)
    return _answer([_as_json(one) for one in answers], as_list=events.as_list)


def _as_json(answer: Intake | BadEvent) -> dict[str, str]:
    if isinstance(answer, BadEvent):
        return {"error": "bad event", "field": answer.field, "message": str(answer)}
    return {"result": answer.value}


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
    log.error("event put off", error=why)
    answer = make_response(jsonify(error="try again later"), 503)
    answer.headers["Retry-After"] = "10"
    return answer
