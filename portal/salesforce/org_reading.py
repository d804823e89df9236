"""Reading users, stages and fields of the customer's org again, without the page waiting long.

Pressed, or the page's own first look → Salesforce, for two seconds → the lists as they are now
                                        └ no answer yet → the page looks at the store a few times
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response as FlaskResponse
from flask import g, make_response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug import Response

from core.org import open_org
from core.salesforce.errors import SalesforceError
from core.salesforce.http import WORKER
from core.store.releases import SEEN_AGAIN
from portal.salesforce import connection_card, org_strip
from portal.salesforce.block import Block, bp, render
from portal.salesforce.blocks import BLOCKS
from portal.salesforce.saving import ORG_VIEW, Answer, Note, answer_with, org_of_request
from portal.web import replies
from portal.web.connection import CONNECTION, current_connection
from portal.web.named import named
from portal.web.often import not_too_often
from portal.web.once import forget
from portal.web.services import services
from portal.web.waiting import PAGE_SECONDS, TookTooLong, within
from portal.web.who import account_required, current_account

_OTHERS = tuple(block for block in BLOCKS if block is not org_strip.BLOCK)
"""Those that offer users, stages and fields."""
LOOKS = 8
"""So often a page looks whether a slow reading has ended."""


def _too_soon() -> Response:
    why = _("The lists were refreshed several times just now. Wait a minute, then refresh again.")
    return replies.own_refusal(_trouble(why, 429), org_strip.BLOCK.name)


@bp.post("/org")
@account_required
@named(button=_l("Refresh"))
@not_too_often("org", _too_soon)
def read_org() -> Response:
    """Ask Salesforce again; the page goes on with what it knew if no answer comes in time."""
    account_id = current_account().id
    now = services()
    if not current_connection().usable:
        return _trouble(_("Salesforce is not connected."))
    # Beyond a page's patience the reading goes on in the background, and the next look finds it.
    org = open_org(account_id, now.store, now.config, now.http, WORKER)
    before = now.store.shapes.get(account_id)
    try:
        within(PAGE_SECONDS, now.readings.once(account_id, lambda: org.shape(timedelta(0))))
    except TookTooLong:
        return _slow(LOOKS)
    except SalesforceError:
        return _trouble(_("Salesforce did not answer. What was last known is shown."))
    forget(CONNECTION, ORG_VIEW)
    card = (connection_card.BLOCK,) if _go_on() else ()
    others = _OTHERS if _differ(before, now.store.shapes.get(account_id)) else ()
    return _read(*card, *others)


def _go_on() -> bool:
    """The org has just answered: whether calls waited for no more than that."""
    connection, now = current_connection(), services()
    used, ceiling = connection.api_used, connection.ceiling
    reached = used is not None and ceiling is not None and used >= ceiling
    if not connection.still_paused or reached:
        return False
    if now.store.releases.answered(connection.account_id, *SEEN_AGAIN):
        now.waker.wake(connection.account_id)
    forget(CONNECTION)
    return not current_connection().still_paused


@bp.get("/org/known")
@account_required
def show_known() -> Response:
    """To a page that was told to be patient: what was read meanwhile. Salesforce is not asked."""
    if request.args.get("since", "") != org_strip.moment(org_of_request()):
        return _read(*_OTHERS)
    left = request.args.get("left", "")
    return _slow(min(int(left), LOOKS) - 1 if left.isdecimal() else 0)


def _read(*others: Block) -> Response:
    """The strip, and other blocks to be put in place of those shown."""
    answer = answer_with(org_strip.BLOCK, Answer())
    if replies.wants_fragment() and others:
        rest = Markup("").join(render(one, current_account(), oob=True) for one in others)
        return make_response(Markup(answer.get_data(as_text=True)) + rest)  # noqa: S704
    return answer


def _slow(looks: int) -> Response:
    """The page looks so many times more by itself."""
    g.org_looks = looks
    return _trouble(
        _("Salesforce is slow to answer. What was last known is shown; look again soon.")
    )


def _trouble(why: str, status: int = 200) -> FlaskResponse:
    answer = Answer(errors={"org": why}, notes=(Note("wait", why),))
    return make_response(answer_with(org_strip.BLOCK, answer, status))


def _differ(before: Any, after: Any) -> bool:
    left, right = (one and one[1] for one in (before, after))
    return bool(left != right)
