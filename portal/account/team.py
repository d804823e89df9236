"""The account's people: owners invite, remove, and say who is an owner."""

from __future__ import annotations

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.emails import looks_like_email, normalised
from core.models import MEMBER, OWNER, Invitation, Person
from core.store.database import utc_now
from core.store.members import LastOwner
from portal.signin import letters
from portal.web import replies
from portal.web.address import PREFIX
from portal.web.audit import INVITED, REMOVED, ROLE, WITHDRAWN, note
from portal.web.extensions import limiter
from portal.web.flashes import tell
from portal.web.named import Part, named
from portal.web.services import store
from portal.web.who import current_account, myself, owner_required

bp = Part("team", __name__, url_prefix=f"{PREFIX}/people", page=_l("People"))

ROLES = (OWNER, MEMBER)
letters_limit = limiter.shared_limit(
    "10 per minute; 60 per day", "invitations", key_func=lambda: f"invite:{current_account().id}"
)


@bp.get("")
@owner_required
def page() -> str:
    return _page()


@bp.post("/invite")
@owner_required
@named(button=_l("Invite"))
@letters_limit
def invite() -> Response | tuple[str, int]:
    """Nobody of this account before they accept; whether anybody signs in with that address,
    the answer does not tell."""
    role = _role()
    email, name = normalised(request.form.get("email", "")), request.form.get("name", "").strip()
    if not looks_like_email(email):
        return _page(error=gettext("Enter an e-mail address.")), replies.REFUSED
    if store().members.find(current_account().id, email):
        return _page(error=gettext("This person is here already.")), replies.REFUSED
    return _invite(email, role, name[:255], "")


@bp.post("/invite-again")
@owner_required
@named(button=_l("Send again"))
@letters_limit
def invite_again() -> Response:
    """Another letter, with another week; the one before works no more."""
    known = _invitation()
    return _invite(known.email, known.role, known.called, known.language)


@bp.post("/withdraw")
@owner_required
@named(button=_l("Withdraw"))
def withdraw() -> Response:
    account, known = current_account(), _invitation()
    note(account.id, WITHDRAWN, {"email": known.email})
    store().invitations.withdraw(account.id, known.name)
    tell(gettext("The invitation of %(email)s is withdrawn.", email=known.email), "good")
    return replies.go(url_for("team.page"))


@bp.post("/remove")
@owner_required
@named(button=_l("Remove"))
def remove() -> Response | tuple[str, int]:
    account, person = current_account(), _member()
    try:
        store().members.remove(account.id, person.id)
    except LastOwner:
        return _page(error=_last_owner()), replies.REFUSED
    note(account.id, REMOVED, {"email": person.email})
    if person.id == myself().id:
        flash(gettext("You left %(account)s.", account=account.name), "good")
        return replies.go(url_for("index"))
    tell(gettext("%(email)s has no access any more.", email=person.email), "good")
    return replies.go(url_for("team.page"))


@bp.post("/role")
@owner_required
def set_role() -> Response | tuple[str, int]:
    account, role, person = current_account(), _role(), _member()
    try:
        store().members.set_role(account.id, person.id, role)
    except LastOwner:
        return _page(error=_last_owner()), replies.REFUSED
    note(account.id, ROLE, {"email": person.email, "role": role})
    return replies.go(url_for("index" if person.id == myself().id else "team.page"))


def _page(error: str = "") -> str:
    people = store().members.of(current_account().id)
    owners = [one.id for one, role in people if role == OWNER and one.is_active]
    return render_template(
        "account/team.html",
        people=people,
        roles=ROLES,
        last_owner=owners[0] if len(owners) == 1 else None,
        invitations=store().invitations.of(current_account().id),
        now=utc_now(),
        me=myself(),
        error=error,
        typed=request.form,
    )


def _invite(email: str, role: str, called: str, language: str) -> Response:
    account, me = current_account(), myself()
    note(account.id, INVITED, {"email": email, "role": role})
    key = store().invitations.invite(
        account.id, email, role, called=called, language=language, invited_by=me.id
    )
    letters.send_invitation(account, email, key, language=language, by=me.called_with_email)
    tell(gettext("An invitation is on its way to %(email)s.", email=email), "good")
    return replies.go(url_for("team.page"))


def _invitation() -> Invitation:
    """One of this account; others do not exist here."""
    name = request.form.get("invitation", "")[:22]
    return store().invitations.named(current_account().id, name) or abort(404)


def _role() -> str:
    role = request.form.get("role", MEMBER)
    return role if role in ROLES else abort(400)


def _member() -> Person:
    """Somebody of this account; others do not exist here."""
    found = store().members.find(current_account().id, request.form.get("email", ""))
    return found[0] if found else abort(404)


def _last_owner() -> str:
    return gettext("An account needs an owner who can sign in: make somebody else an owner first.")
