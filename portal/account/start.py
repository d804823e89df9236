"""Where people begin: the account they used last, else the list of theirs."""

from __future__ import annotations

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask_login import login_required
from werkzeug import Response

from portal.web import who
from portal.web.services import store
from portal.web.who import person_required

bp = Blueprint("start", __name__)


def attach(app: Flask) -> None:
    app.add_url_rule("/", "index", index)


@login_required  # type: ignore[untyped-decorator]
def index() -> Response | str:
    """Invitations first. Nobody has a default among several accounts but the one used last."""
    person, home = who.current_person(), who.home()
    if who.is_invited():
        cards = store().invitations.to(person.email) if person else []
        return render_template("account/invitations.html", cards=cards, home=home)
    if home:
        target = url_for("salesforce.page", account=home.account.public_name)
    elif person and person.is_staff:
        target = url_for("support.search")
    else:
        target = url_for("start.accounts")
    return redirect(target, 303)


@bp.get("/accounts")
@person_required
def accounts() -> str:
    return render_template("account/accounts.html")
