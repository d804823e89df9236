"""Signing in with e-mail and password, and out."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from werkzeug import Response

from portal.signin import known_browser
from portal.signin.passwords import hash_password, is_outdated, password_fits
from portal.signin.session import begin_afresh, password_was_right
from portal.web import replies
from portal.web.extensions import limiter
from portal.web.services import config, store
from portal.web.who import current_person

bp = Blueprint("auth", __name__)

TRIES = "10 per minute; 60 per hour"
"""Wrong ones, by address and by name; a browser that the person knows has its own."""


def _tried_by() -> str:
    return known_browser.counted_by(request.form.get("email", ""))


def _known() -> bool:
    return known_browser.is_known(request.form.get("email", ""))


def _was_wrong(answer: Response) -> bool:
    return answer.status_code == replies.REFUSED


@bp.get("/sign-in")
def sign_in() -> Response | str:
    target = replies.local_path(request.args.get("next"))
    if current_person():
        return replies.go(target or url_for("index"))
    return _page(target)


@bp.post("/sign-in")
@limiter.limit(TRIES, exempt_when=_known, deduct_when=_was_wrong)
@limiter.limit(TRIES, key_func=_tried_by, deduct_when=_was_wrong)
def check() -> Response | tuple[str, int] | str:
    """Compare the password; a wrong name and a wrong password are told apart by nobody."""
    target = replies.local_path(request.form.get("next"))
    email, password = request.form.get("email", ""), request.form.get("password", "")
    person = store().accounts.person_by_email(email)
    fits = password_fits(person.password_hash if person else "", password)
    if person is None or not person.is_active or not fits:
        error = gettext("The e-mail or the password is wrong.")
        return _page(target, email, error), replies.REFUSED
    if is_outdated(person.password_hash):
        store().passwords.rehash(person.id, person.password_hash, hash_password(password))
    return password_was_right(store().accounts.person(person.id) or person, target)


@bp.post("/sign-out")
def sign_out() -> Response:
    begin_afresh()
    return replies.go(url_for("auth.sign_in"))


def _page(target: str, email: str = "", error: str = "") -> str:
    return render_template(
        "signin/sign_in.html", target=target, email=email, error=error, demo=config().demo
    )
