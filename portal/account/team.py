"""The account's people: owners invite, remove, and say who is an owner."""

from __future__ import annotations

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.emails import looks_like_email, normalised
from core.models import Person
from core.store.members import LastOwner
from portal.signin import letters
from portal.web import replies
from portal.web.audit import INVITED, REMOVED, ROLE, note
from portal.web.extensions import limiter
from portal.web.named import Part, named
from portal.web.services import store
from portal.web.who import MEMBER, OWNER, current_account, myself, owner_required

bp = Part("team", __name__, url_prefix="/people", page=_l("People"))

ROLES = (OWNER, MEMBER)
LETTERS = "10 per minute; 60 per day"


@bp.get("")
@owner_required
def page() -> str:
    return _page()


@bp.post("/invite")
@owner_required
@named(button=_l("Invite"))
@limiter.limit(LETTERS, key_func=lambda: f"invite:{current_account().id}")
def invite() -> Response | tuple[str, int]:
    """A person of this account from now on; the mail brings them in."""
    account, role = current_account(), _role()
    email, name = normalised(request.form.get("email", "")), request.form.get("name", "").strip()
    if not looks_like_email(email):
        return _page(error=gettext("Enter an e-mail address.")), replies.REFUSED
    if store().members.find(account.id, email):
        return _page(error=gettext("This person is here already.")), replies.REFUSED
    person = store().accounts.add_person(email, name[:255].replace("\0", ""))
    note(account.id, INVITED, {"email": person.email, "role": role})
    # Support staff belong to no account. It is answered alike, so that nobody learns who is staff.
    if not person.is_staff:
        store().accounts.join(account.id, person.id, role)
        letters.send_invitation(person, account)
    flash(gettext("An invitation is on its way to %(email)s.", email=person.email), "good")
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
    flash(gettext("%(email)s has no access any more.", email=person.email), "good")
    return replies.go(url_for("index" if person.id == myself().id else "team.page"))


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
    return render_template(
        "account/team.html",
        people=store().members.of(current_account().id),
        me=myself(),
        error=error,
        typed=request.form,
    )


def _role() -> str:
    role = request.form.get("role", MEMBER)
    return role if role in ROLES else abort(400)


def _member() -> Person:
    """Somebody of this account; others do not exist here."""
    found = store().members.find(current_account().id, request.form.get("email", ""))
    return found[0] if found else abort(404)


def _last_owner() -> str:
    return gettext("An account needs an owner: make somebody else an owner first.")
