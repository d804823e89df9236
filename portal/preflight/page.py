"""What was found in the org, and the button that looks again.

Pressed → a look, waited for two seconds → what it found
                                         └ it goes on → the page looks a few times how far it is
"""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.preflight import Level
from core.salesforce.preflight import REQUESTS
from portal.preflight.words import groups
from portal.salesforce.examples import variable_names
from portal.salesforce.looking import look, looked
from portal.salesforce.own_fields import adding, own_field_of_form
from portal.salesforce.reading import Refused
from portal.web import replies
from portal.web.address import PREFIX
from portal.web.connection import CONNECTION, current_connection
from portal.web.named import Part, named
from portal.web.often import not_too_often
from portal.web.once import forget
from portal.web.who import account_required, change_policy, current_account

bp = Part(
    "preflight", __name__, url_prefix=f"{PREFIX}/salesforce/check", page=_l("Pre-flight check")
)


def _too_soon() -> Response:
    why = _("Salesforce was checked several times just now. Wait a minute, then check again.")
    return replies.own_refusal(_page(429, refused=why), "preflight")


@bp.get("")
@account_required
def page() -> Response:
    return _page()


@bp.post("")
@account_required
@named(button=_l("Check again"))
@not_too_often("preflight", _too_soon)
def check() -> Response:
    return _look_again()


@bp.post("/own-field")
@account_required
@named(button=_l("Add as own field and check again"))
@not_too_often("preflight", _too_soon)
def fill() -> Response:
    """A row of own fields for what Salesforce asks of every new record."""
    name = request.form.get("field", "")
    try:
        object_name, _dot, field = name.partition(".")
        change_policy(adding(own_field_of_form(field, object_name)))
    except Refused as refusal:
        return _page(replies.REFUSED, field=name, refused=str(refusal))
    return _look_again()


def _look_again() -> Response:
    if current_connection().usable:
        look(current_account().id)
        forget(CONNECTION)
    return _page() if replies.wants_fragment() else replies.go(url_for("preflight.page"))


def _page(status: int = 200, **refused: str) -> Response:
    known = looked()
    return replies.show(
        "preflight/page.html",
        "preflight/_report.html",
        status,
        connection=current_connection(),
        known=known,
        groups=groups(known.report),
        counts={one.value: len(known.report.of(one)) for one in Level},
        requests=REQUESTS,
        variables=variable_names(),
        typed=request.form,
        **{"field": "", "refused": "", **refused},
    )
