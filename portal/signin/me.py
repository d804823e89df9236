"""A person's own page: password, second factor, where they are signed in."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from portal.signin import letters
from portal.signin.passwords import PasswordRefused, new_password, password_fits
from portal.signin.session import admit
from portal.web import replies
from portal.web.audit import FACTOR_OFF, note_of_person
from portal.web.extensions import limiter
from portal.web.named import Part
from portal.web.services import store
from portal.web.who import myself, person_required, session_name

bp = Part("me", __name__, url_prefix="/me", page=_l("Password and sign-in"))

TRIES = "6 per minute; 30 per hour"


def person_tried() -> str:
    return f"me:{myself().id}"


@bp.get("")
@person_required
def page() -> str:
    return _page()


@bp.post("/password")
@person_required
@limiter.limit(TRIES, key_func=person_tried)
def password() -> Response | tuple[str, int]:
    """Change it, knowing the present one. Every session ends; this browser gets a new one."""
    person = myself()
    if not knows_password():
        return _page(old=gettext("This is not your current password.")), replies.REFUSED
    try:
        store().passwords.change(person.id, new_password(person))
    except PasswordRefused as refusal:
        return _page(new=str(refusal)), replies.REFUSED
    answer = admit(person, url_for("me.page"))
    letters.send_password_changed(person)
    flash(gettext("Your password is changed; other browsers are signed out."), "good")
    return answer


@bp.post("/second-factor/off")
@person_required
@limiter.limit(TRIES, key_func=person_tried)
def drop_factor() -> Response | tuple[str, int]:
    """Only with the password; staff cannot."""
    person = myself()
    if person.is_staff:
        return _page(factor=gettext("Support staff always sign in with a code.")), replies.REFUSED
    if not knows_password():
        return _page(factor=gettext("This is not your current password.")), replies.REFUSED
    note_of_person(person.id, FACTOR_OFF)
    store().factors.drop(person.id)
    letters.send_factor_changed(person, on=False)
    flash(gettext("You now sign in without a code."), "good")
    return replies.go(url_for("me.page"))


@bp.post("/sessions/end")
@person_required
def end_session() -> Response:
    """One browser by its name, or all the others."""
    name, person = request.form.get("session", ""), myself()
    if name:
        store().sessions.end(person.id, name)
    else:
        store().sessions.end_all(person.id, keep=session_name())
    flash(gettext("Signed out there."), "good")
    return replies.go(url_for("me.page"))


def knows_password() -> bool:
    """Whether the form holds the current password: a session alone does not change how one
    signs in."""
    return password_fits(myself().password_hash, request.form.get("present", ""))


def _page(**errors: str) -> str:
    person = myself()
    return render_template(
        "signin/me.html",
        errors=errors,
        factor_is_on=store().factors.is_on(person.id),
        codes_left=store().factors.codes_left(person.id),
        sessions=store().sessions.of(person.id),
        this_session=session_name(),
    )
