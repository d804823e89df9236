"""The invited person's side: the cards after sign-in, and the letter's link for somebody new."""

from __future__ import annotations

from flask import Blueprint, abort, flash, render_template, url_for
from flask_babel import gettext
from werkzeug import Response

from core.models import Invitation
from core.store.invitations import Invited, is_new
from core.store.policies import Actor
from portal.signin import known_browser
from portal.signin.passwords import PasswordRefused, new_password_of
from portal.web import errors, replies
from portal.web.address import go_on_in
from portal.web.audit import ACCEPTED, DECLINED
from portal.web.extensions import limiter
from portal.web.flashes import tell
from portal.web.services import store
from portal.web.who import current_person, myself, person_required

bp = Blueprint("invitations", __name__)

TRIES = "10 per minute; 60 per hour"


@bp.post("/invitations/<name>/accept")
@person_required
def accept(name: str) -> Response:
    """Only by the person whose e-mail it is: to others it does not exist."""
    answered = store().invitations.accept(name[:22], myself()) or abort(404)
    _note(answered, ACCEPTED, Actor(myself().id))
    account = store().accounts.get(answered.account_id) or abort(404)
    go_on_in(account.public_name)
    tell(gettext("You now work in %(account)s.", account=account.name), "good")
    return replies.go(url_for("salesforce.page"))


@bp.post("/invitations/<name>/decline")
@person_required
def decline(name: str) -> Response:
    """Noted without the person: of who declines, the account learns nothing but the address."""
    declined = store().invitations.decline(name[:22], myself()) or abort(404)
    _note(declined, DECLINED, Actor())
    flash(gettext("You declined the invitation."), "good")
    return replies.go(url_for("index"))


@bp.get("/invitation/<key>")
@limiter.limit(TRIES)
def read(key: str) -> Response | str | tuple[str, int]:
    """Somebody new chooses a password here; a known person signs in, and answers on their card.
    To look at it accepts nothing."""
    invited = store().invitations.of_key(key)
    if invited is None:
        return _ended()
    return _not_for_a_link(invited) or _choose(key, invited)


@bp.post("/invitation/<key>")
@limiter.limit(TRIES)
def begin(key: str) -> Response | tuple[str, int]:
    """The password, and with it the yes. The link works once."""
    invited = store().invitations.of_key(key)
    if invited is None:
        return _ended()
    if elsewhere := _not_for_a_link(invited):
        return elsewhere
    mine = invited.invitation
    try:
        password_hash = new_password_of([mine.email, mine.called, invited.account.name])
    except PasswordRefused as refusal:
        return _choose(key, invited, str(refusal)), replies.REFUSED
    person = store().invitations.accept_with_password(key, password_hash)
    if person is None:  # another answer was quicker
        return _not_for_a_link(invited) or _ended()
    _note(mine, ACCEPTED, Actor(person.id))
    known_browser.remember(person.email)
    flash(gettext("The password is set. Sign in with it."), "good")
    return replies.go(url_for("auth.sign_in"))


def _not_for_a_link(invited: Invited) -> Response | None:
    """A link neither signs anybody in nor sets a password of somebody who has one."""
    email, me = invited.invitation.email, current_person()
    if me and me.email != email:
        advice = gettext(
            "It was sent to %(email)s, and you are signed in as %(mine)s. Nothing was changed:"
            " sign out, then open the link again.",
            email=email,
            mine=me.email,
        )
        return errors.page(403, gettext("This invitation is for somebody else"), advice)
    if me or not is_new(store().accounts.person_by_email(email)):
        return replies.go(url_for("index"))
    return None


def _note(answered: Invitation, action: str, by: Actor) -> None:
    params = {"email": answered.email, "role": answered.role}
    store().audit.note(answered.account_id, by, action, params)


def _choose(key: str, invited: Invited, error: str = "") -> str:
    return render_template(
        "account/invitation.html", key=key, invited=invited, email=invited.invitation.email,
        error=error,
    )  # fmt: skip


def _ended() -> tuple[str, int]:
    return render_template("account/invitation_ended.html"), 404
