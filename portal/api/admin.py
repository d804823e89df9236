"""Provisioning for the telephony cabinet: accounts, people, intake keys. See docs/admin-api.md.

Off unless ADMIN_KEY is set. Repeating a request that was answered already does no harm, except
for keys: each request makes a new one.
"""

from __future__ import annotations

import hmac
from typing import Any, Literal

from flask import Blueprint, Response, abort, jsonify, make_response, request
from flask_limiter import RequestLimit
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from core.emails import looks_like_email, normalised
from core.models import MEMBER, OWNER, Account, IntakeKey, Role
from core.store.database import utc_now
from core.store.policies import Actor
from portal.signin import letters
from portal.web.audit import INVITED, KEY_ENDED, KEY_ISSUED
from portal.web.extensions import csrf, limiter
from portal.web.services import config, store

bp = Blueprint("admin_api", __name__, url_prefix="/api/admin")
csrf.exempt(bp)

LIMIT = "120 per minute"
WRONG_KEYS = "30 per minute"
"""From one address. The right key is let in from there all the same."""
PROGRAM = Actor()
PRODUCT = "UniTalk"
"""Who invites, in the letter."""


class NewAccount(BaseModel):
    """Body of `PUT /api/admin/accounts/{account_id}`."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f]+$")


class NewPerson(BaseModel):
    """Body of `POST /api/admin/accounts/{account_id}/people`."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    email: str = Field(max_length=254)
    name: str = Field(default="", max_length=255, pattern=r"^[^\x00-\x1f]*$")
    role: Role = MEMBER
    language: Literal["", "ru", "uk", "en"] = ""

    @field_validator("email")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if not looks_like_email(value):
            raise ValueError("not an e-mail address")
        return normalised(value)


@bp.before_request
def _with_the_key() -> Response | None:
    """Compared in constant time; without a configured key there is no such API."""
    expected = config().admin_key
    if not expected:
        abort(404)
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), expected.encode()):
        return None
    return _unknown_key()


def _too_many(_limit: RequestLimit) -> Response:
    return make_response(jsonify(error="too many requests"), 429)


@limiter.limit(WRONG_KEYS, on_breach=_too_many)
def _unknown_key() -> Response:
    answer = _error(401, "unknown key")
    answer.headers["WWW-Authenticate"] = 'Bearer realm="admin"'
    return answer


@bp.get("/accounts/<account_id>")
@limiter.limit(LIMIT)
def show(account_id: str) -> Response:
    return _answer(_known(account_id))


@bp.put("/accounts/<account_id>")
@limiter.limit(LIMIT)
def create(account_id: str) -> Response:
    """201 when it is new, 200 when it was there: its name stays as it was."""
    new = NewAccount.model_validate(_body())
    try:
        made = store().accounts.create(account_id, new.name)
    except ValueError as refused:
        return _error(400, str(refused))
    return _answer(_known(account_id), 201 if made else 200)


@bp.post("/accounts/<account_id>/people")
@limiter.limit(LIMIT)
def add_person(account_id: str) -> Response:
    """201 and an invitation by mail; 200 for a person of the account, and while they are invited.
    Nobody belongs to it before they accept."""
    account, new = _known(account_id), NewPerson.model_validate(_body())
    if store().members.find(account.id, new.email) or new.email in _invited(account):
        return _answer(account)
    _note(account, INVITED, {"email": new.email, "role": new.role})
    key = store().invitations.invite(
        account.id, new.email, new.role, called=new.name, language=new.language
    )
    letters.send_invitation(account, new.email, key, language=new.language, by=PRODUCT)
    return _answer(account, 201)


@bp.post("/accounts/<account_id>/keys")
@limiter.limit(LIMIT)
def issue_key(account_id: str) -> Response:
    """The key is in this answer only; the account's older ones work on for seven days."""
    account = _known(account_id)
    key = store().accounts.issue_key(account.id)
    _note(account, KEY_ISSUED, {"ending": key[-4:]})
    return make_response(jsonify(key=key, **_described(account)), 201)


@bp.delete("/accounts/<account_id>/keys/<key_id>")
@limiter.limit(LIMIT)
def end_key(account_id: str, key_id: str) -> Response:
    account = _known(account_id)
    ended = next((one for one in store().accounts.keys(account.id) if one.name == key_id), None)
    if ended is None:
        return _error(404, "no such key")
    _note(account, KEY_ENDED, {"ending": ended.ending})
    store().accounts.end_key(account.id, ended.name)
    return _answer(account)


@bp.errorhandler(ValidationError)
def _wrong_body(error: ValidationError) -> Response:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    return make_response(jsonify(error="bad request", field=field, message=first["msg"]), 400)


def _body() -> Any:
    """What is no JSON object is refused as one without its fields."""
    try:
        found = request.get_json(silent=True)
    except RecursionError:  # lists in lists without end
        found = None
    return found if isinstance(found, dict) else {}


def _known(account_id: str) -> Account:
    return store().accounts.get(account_id) or abort(_error(404, "no such account"))


def _note(account: Account, action: str, params: dict[str, Any]) -> None:
    store().audit.note(account.id, PROGRAM, action, params)


def _answer(account: Account, status: int = 200) -> Response:
    return make_response(jsonify(_described(account)), status)


def _described(account: Account) -> dict[str, Any]:
    people = store().members.of(account.id)
    return {
        "id": account.id,
        "name": account.name,
        "connection": store().connections.get(account.id).state,
        "owners": [one.email for one, role in people if one.is_active and role == OWNER],
        "invited": _invited(account),
        "members": [one.email for one, role in people if one.is_active and role == MEMBER],
        "disabled": [one.email for one, _role in people if not one.is_active],
        "keys": [_key(one) for one in store().accounts.keys(account.id)],
    }


def _invited(account: Account) -> list[str]:
    """Who has not answered yet, and still can."""
    now = utc_now()
    return [one.email for one in store().invitations.of(account.id) if one.expires_at > now]


def _key(one: IntakeKey) -> dict[str, Any]:
    expires = one.expires_at.isoformat() if one.expires_at else None
    return {"id": one.name, "ending": one.ending, "expires_at": expires}


def _error(status: int, message: str) -> Response:
    return make_response(jsonify(error=message), status)
