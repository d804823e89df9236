"""Signing in, second part: the code of the authenticator app, and setting it up.

Staff set it up at their first sign-in; customers when they like.
"""

from __future__ import annotations

from flask import render_template, request, session, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.models import Person
from portal.signin import letters, totp
from portal.signin.demo_factor import STAFF_SECRET
from portal.signin.me import knows_password, person_tried
from portal.signin.session import admit, person_halfway, target_halfway
from portal.web import replies
from portal.web.audit import FACTOR_ON, note_of_person
from portal.web.extensions import limiter
from portal.web.named import Part
from portal.web.services import config, store
from portal.web.who import current_person, myself, person_required

bp = Part("factor", __name__, page=_l("Password and sign-in"))

OFFER = "factor_offer"
"""In the session: the sealed secret that this browser is setting up."""
TRIES = "6 per minute; 30 per hour"


def _person_tried() -> str:
    person = person_halfway()
    return f"code:{person.id}" if person else "code:nobody"


@bp.get("/sign-in/code")
def code() -> Response | str:
    return _ask() if person_halfway() else replies.go(url_for("auth.sign_in"))


@bp.post("/sign-in/code")
@limiter.limit(TRIES)
@limiter.limit(TRIES, key_func=_person_tried)
def check() -> Response | tuple[str, int]:
    """Take the app's code, or a recovery code; each works once."""
    person, given = person_halfway(), request.form.get("code", "")[:40]
    if person is None:
        return replies.go(url_for("auth.sign_in"))
    factors = store().factors
    # A recovery code first: it helps also when no key opens the secret any more.
    if not factors.recover(person.id, given) and not factors.check(person.id, totp.match(given)):
        return _ask(gettext("This code is not right, or was used already.")), replies.REFUSED
    return admit(person, target_halfway())


@bp.get("/sign-in/second-factor")
def first_time() -> Response | str:
    person = person_halfway()
    if person is None or store().factors.is_on(person.id):
        return replies.go(url_for("auth.sign_in"))
    return _set_up(person)


@bp.post("/sign-in/second-factor")
@limiter.limit(TRIES)
@limiter.limit(TRIES, key_func=_person_tried)
def finish_first_time() -> Response | str | tuple[str, int]:
    person = person_halfway()
    if person is None or store().factors.is_on(person.id):
        return replies.go(url_for("auth.sign_in"))
    target = target_halfway()
    codes = _confirm(person)
    if codes is None:
        return _set_up(person, wrong=True), replies.REFUSED
    letters.send_factor_changed(person, on=True)
    answer = admit(person, target)
    return render_template("signin/factor_codes.html", codes=codes, on=answer.location)


@bp.get("/me/second-factor")
@person_required
def set_up() -> Response | str:
    person = myself()
    return replies.go(url_for("me.page")) if store().factors.is_on(person.id) else _set_up(person)


@bp.post("/me/second-factor")
@person_required
@limiter.limit(TRIES, key_func=person_tried)
def finish() -> Response | str | tuple[str, int]:
    person = myself()
    if store().factors.is_on(person.id):
        return replies.go(url_for("me.page"))
    if not knows_password():
        refusal = gettext("This is not your current password.")
        return _set_up(person, refusal=refusal), replies.REFUSED
    codes = _confirm(person)
    if codes is None:
        return _set_up(person, wrong=True), replies.REFUSED
    letters.send_factor_changed(person, on=True)
    return render_template("signin/factor_codes.html", codes=codes, on=url_for("me.page"))


def _confirm(person: Person) -> list[str] | None:
    """Recovery codes when the first code is right; the secret is stored only now."""
    secret = store().factors.offered(person.id, session.get(OFFER, ""))
    step = totp.match(request.form.get("code", "")[:40])(secret) if secret else None
    if step is None:
        return None
    session.pop(OFFER)
    note_of_person(person.id, FACTOR_ON)
    return store().factors.switch_on(person.id, secret, step)


def _set_up(person: Person, *, wrong: bool = False, refusal: str = "") -> str:
    """The same secret in this browser until it is confirmed: a reload does not undo a scan."""
    secret = store().factors.offered(person.id, session.get(OFFER, ""))
    if not secret:
        secret = totp.new_secret()
        session[OFFER] = store().factors.offer(person.id, secret)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return render_template(
        "signin/factor_set_up.html",
        qr=totp.qr_code(secret, person.email),
        secret=groups,
        wrong=wrong,
        refusal=refusal,
        asks_password=current_person() is not None,
    )


def _ask(error: str = "") -> str:
    person = person_halfway()
    demo = bool(config().demo and person and store().factors.secret(person.id) == STAFF_SECRET)
    return render_template(
        "signin/factor_code.html",
        error=error,
        demo_code=totp.code_now(STAFF_SECRET) if demo else "",
    )
