"""The way from a right password to a session: the second factor in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import request, session, url_for
from flask_login import login_user, logout_user
from werkzeug import Response

from core.models import Person
from core.secrets import hash_key
from portal.signin import known_browser
from portal.web import replies
from portal.web.services import store
from portal.web.who import SignedIn, current_person, session_name

HALFWAY = timedelta(minutes=10)


def password_was_right(person: Person, target: str) -> Response:
    """On to the code, to setting the second factor up (staff must), or straight in."""
    factor_is_on = store().factors.is_on(person.id)
    if not factor_is_on and not person.is_staff:
        return admit(person, target)
    begin_afresh()
    session["halfway"] = {
        "person": person.id,
        "target": target,
        "until": (datetime.now(UTC) + HALFWAY).timestamp(),
        # A password changed meanwhile makes this half of the way worthless.
        "password": _mark(person),
    }
    return replies.go(url_for("factor.code" if factor_is_on else "factor.first_time"))


def person_halfway() -> Person | None:
    """Who gave the right password a moment ago and still owes the second factor."""
    halfway = session.get("halfway") or {}
    if halfway.get("until", 0) < datetime.now(UTC).timestamp():
        return None
    person = store().accounts.person(halfway["person"])
    if person is None or not person.is_active or _mark(person) != halfway["password"]:
        return None
    return person


def target_halfway() -> str:
    return replies.local_path((session.get("halfway") or {}).get("target"))


def admit(person: Person, target: str) -> Response:
    """Begin a session, and go where the person wanted to go."""
    begin_afresh()
    session.permanent = True
    name = store().sessions.begin(
        person.id, request.remote_addr or "", request.headers.get("User-Agent", "")
    )
    login_user(SignedIn(person, name))
    known_browser.remember(person.email)
    return replies.go(target or url_for("index"))


def begin_afresh() -> None:
    """Nothing is carried over from the session before: whoever planted it gains nothing.

    Of whoever was signed in here the stored session ends, too, and with it a visit.
    """
    if person := current_person():
        store().sessions.end(person.id, session_name())
    logout_user()
    session.clear()


def _mark(person: Person) -> str:
    return hash_key(person.password_hash)[:16]
