"""The customer's own ceiling: how many API calls a day the integration may let the org reach."""

from __future__ import annotations

from flask import make_response, render_template, request
from markupsafe import Markup
from werkzeug import Response

from core.store.ceilings import API_CEILING
from portal.salesforce import general, reading
from portal.salesforce.reading import Refused
from portal.salesforce.saving import answer_saved, org_of_request, refuse
from portal.web import replies
from portal.web.connection import CONNECTION, current_connection
from portal.web.once import forget
from portal.web.services import services
from portal.web.who import NEWEST_CHANGE, actor, current_account

MOST = 9_999_999


@general.BLOCK.post("/ceiling", general.CEILING)
def set_ceiling() -> Response:
    """A number, or nothing: then 80 % of what the org allows."""
    try:
        ceiling = reading.number_or_none(1, MOST)(request.form, org_of_request())
    except Refused as refusal:
        return refuse(general.BLOCK, API_CEILING, str(refusal))
    changed = change_ceiling(ceiling)
    names = (API_CEILING,) if changed else ()
    answer = answer_saved(general.BLOCK, API_CEILING, names)
    return make_response(_with_card(answer)) if replies.wants_fragment() else answer


def change_ceiling(ceiling: int | None) -> bool:
    """Whether it was another one before. An account that waited for it looks again at once."""
    here, account_id = services(), current_account().id
    changed = here.store.ceilings.set(account_id, actor(), ceiling)
    if changed:
        forget(CONNECTION, NEWEST_CHANGE)
        here.waker.wake(account_id)
    return changed


def _with_card(answer: Response) -> Markup:
    """The connection card says the ceiling, too."""
    card = render_template("salesforce/_ceiling.html", connection=current_connection(), oob=True)
    return Markup(answer.get_data(as_text=True) + card)  # noqa: S704 - templates escaped both
