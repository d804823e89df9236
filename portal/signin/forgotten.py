"""A forgotten password: a link by e-mail, then a new one."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext
from flask_limiter import RateLimitExceeded
from werkzeug import Response

from portal.signin import known_browser, letters
from portal.signin.passwords import PasswordRefused, new_password
from portal.web import replies
from portal.web.extensions import limiter
from portal.web.services import store

bp = Blueprint("forgotten", __name__)

TRIES = "5 per minute; 20 per hour"
LETTERS = "3 per hour"
"""To one person; a browser that they know has its own. Nobody is told that there were more."""


@bp.get("/forgotten")
def ask() -> str:
    return render_template("signin/forgotten.html", sent=False)


@bp.post("/forgotten")
@limiter.limit(TRIES)
def send() -> str:
    """The same answer, as quickly, whether anybody has that e-mail and may have a letter: all
    that depends on it happens out of sight."""
    email = request.form.get("email", "")
    letters.in_background(_answer, email, known_browser.counted_by(email))
    return render_template("signin/forgotten.html", sent=True)


def _answer(email: str, counted_by: str) -> None:
    with suppress(RateLimitExceeded), limiter.limit(LETTERS, key_func=lambda: counted_by):
        person = store().accounts.person_by_email(email)
        if person and person.is_active:
            letters.send_reset(person)


@bp.get("/password/<key>")
@limiter.limit(TRIES)
def choose(key: str) -> tuple[str, int] | str:
    person = store().links.person(key)
    if person is None:
        return render_template("signin/link_ended.html"), 404
    return render_template("signin/new_password.html", key=key, email=person.email, error="")


@bp.post("/password/<key>")
@limiter.limit(TRIES)
def change(key: str) -> Response | tuple[str, int]:
    """Set it; whoever was signed in with the old one is signed out. Staff owe a code next."""
    person = store().links.person(key)
    if person is None:
        return render_template("signin/link_ended.html"), 404
    try:
        password_hash = new_password(person)
    except PasswordRefused as refusal:
        page = render_template(
            "signin/new_password.html", key=key, email=person.email, error=str(refusal)
        )
        return page, replies.REFUSED
    if store().links.use(key, password_hash) is None:
        return render_template("signin/link_ended.html"), 404
    if person.password_hash:
        letters.send_password_changed(person)
    # Who holds the letter gets in, however many guess at the new password meanwhile.
    known_browser.remember(person.email)
    flash(gettext("The password is set. Sign in with it."), "good")
    return replies.go(url_for("auth.sign_in"))
