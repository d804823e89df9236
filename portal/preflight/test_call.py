"""The test call: its button, how far it is, and what it found.

Pressed → a test call, waited for two seconds → what stood in the org, field by field
                                              └ it goes on → the page looks how far it is
Opened  → what an earlier one left is removed
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.test_call import Kind, finish, is_due, is_unfinished, run
from portal.preflight.test_call_words import shown
from portal.salesforce.looking import forget_looks, tested
from portal.web import replies
from portal.web.address import PREFIX
from portal.web.audit import TESTED as MADE
from portal.web.audit import note
from portal.web.connection import CONNECTION, current_connection
from portal.web.named import Part, named
from portal.web.often import not_too_often
from portal.web.once import forget
from portal.web.services import services
from portal.web.waiting import PAGE_SECONDS, TookTooLong, within
from portal.web.who import account_required, current_account, visit

bp = Part("test_call", __name__, url_prefix=f"{PREFIX}/salesforce/test-call", page=_l("Test call"))
KINDS = {
    Kind.ANSWERED: _l("Incoming"),
    Kind.MISSED: _l("Missed"),
    Kind.OUTGOING: _l("Outgoing"),
}
API_CALLS = 5
"""Of one that goes well; what is tried again, or looked for, costs more."""


def _too_soon() -> Response:
    why = _("Several test calls were made just now. Wait a minute, then make another.")
    return replies.own_refusal(_page(429, refused=why), "test-call")


@bp.get("")
@account_required
def page() -> Response:
    return _page()


@bp.post("/rest")
@account_required
@named(button=_l("Remove what it left"))
@not_too_often("test_call", _too_soon)
def remove() -> Response:
    """What a test call left that was broken off, or got no answer. The page asks by itself."""
    account_id, here = current_account().id, services()
    return _after(lambda: finish(account_id, here.store, here.config, here.http))


@bp.post("")
@account_required
@named(button=_l("Make a test call"))
@not_too_often("test_call", _too_soon)
def make() -> Response:
    account_id, asked = current_account().id, request.form.get("kind", "")
    kind = Kind(asked) if asked in set(Kind) else Kind.ANSWERED
    here = services()
    if current_connection().usable and not tested().is_running and not visit():  # a visit tells it
        note(account_id, MADE, {"kind": kind})
    return _after(lambda: run(account_id, kind, here.store, here.config, here.http))


def _after(work: Callable[[], None]) -> Response:
    """The page once the work is done, or how far it is when a page may wait no longer. Whoever
    presses twice begins nothing twice: `checks` sees to that."""
    with suppress(TookTooLong):
        within(PAGE_SECONDS, work)
    forget(CONNECTION)
    forget_looks()
    return _page() if replies.wants_fragment() else replies.go(url_for("test_call.page"))


def _page(status: int = 200, refused: str = "") -> Response:
    known = tested()
    return replies.show(
        "preflight/test_call.html",
        "preflight/_test_call.html",
        status,
        connection=current_connection(),
        known=known,
        is_unfinished=known.look is not None and is_unfinished(known.look),
        is_due=known.look is not None and is_due(known.look),
        test=shown(known.report),
        kinds=KINDS,
        api_calls=API_CALLS,
        refused=refused,
    )
