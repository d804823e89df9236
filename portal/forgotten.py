"""A forgotten password, and an invitation: a link by e-mail, then a new password."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext
from werkzeug import Response

from core.emails import normalised
from portal import letters, replies
from portal.extensions import limiter
from portal.new_password import PasswordRefused, new_password
from portal.services import store

bp = Blueprint("forgotten", __name__)

TRIES = "5 per minute; 20 per hour"
LETTERS = "3 per hour"


def _name_asked() -> str:
    return "letter:" + normalised(request.form.get("email", ""))


@bp.get("/forgotten")
def ask() -> str:
    return render_template("forgotten.html", sent=False)


@bp.post("/forgotten")
@limiter.limit(TRIES)
@limiter.limit(LETTERS, key_func=_name_asked)
def send() -> str:
    """The same answer, as quickly, whether anybody has that e-mail."""
    person = store().accounts.person_by_email(request.form.get("email", ""))
    if person and not person.disabled_at:
        letters.send_reset(person)
    return render_template("forgotten.html", sent=True)


@bp.get("/password/<key>")
@limiter.limit(TRIES)
def choose(key: str) -> tuple[str, int] | str:
    person = store().links.person(key)
    if person is None:
        return render_template("link_ended.html"), 404
    return render_template("new_password.html", key=key, email=person.email, error="")


@bp.post("/password/<key>")
@limiter.limit(TRIES)
def change(key: str) -> Response | tuple[str, int]:
    """Set it; whoever was signed in with the old one is signed out. Staff owe a code next."""
    person = store().links.person(key)
    if person is None:
        return render_template("link_ended.html"), 404
    try:
        password_hash = new_password(person)
    except PasswordRefused as refusal:
        page = render_template("new_password.html", key=key, email=person.email, error=str(refusal))
        return page, replies.REFUSED
    if store().links.use(key, password_hash) is None:
        return render_template("link_ended.html"), 404
    if person.password_hash:
        letters.send_password_changed(person)
    flash(gettext("The password is set. Sign in with it."), "good")
    return replies.go(url_for("auth.sign_in"))
