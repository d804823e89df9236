"""The test call: its button, how far it is, and what it found.

Pressed → a test call, waited for two seconds → what stood in the org, field by field
                                              └ it goes on → the page looks how far it is
Opened  → what an earlier one left is removed first
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from flask import Response as FlaskResponse
from flask import make_response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_limiter import RequestLimit
from werkzeug import Response

from core.test_call import Kind, finish, is_unfinished, run
from core.texts import label
from portal.preflight.test_call_words import shown
from portal.salesforce.looking import TESTED, tested
from portal.web import replies
from portal.web.address import PREFIX
from portal.web.connection import CONNECTION, current_connection
from portal.web.extensions import limiter
from portal.web.named import Part, named
from portal.web.once import forget
from portal.web.services import services
from portal.web.waiting import PAGE_SECONDS, TookTooLong, within
from portal.web.who import account_required, current_account, current_policy

bp = Part("test_call", __name__, url_prefix=f"{PREFIX}/salesforce/test-call", page=_l("Test call"))
KINDS = {
    Kind.ANSWERED: _l("Incoming"),
    Kind.MISSED: _l("Missed"),
    Kind.OUTGOING: _l("Outgoing"),
}
API_CALLS = 5
"""Of one that goes well; what is tried again, or looked for, costs more."""
OFTEN = "6 per minute"
"""Of one account: each spends its API calls and takes a thread."""


def _too_soon(_limit: RequestLimit) -> FlaskResponse:
    why = _("Several test calls were made just now. Wait a minute, then make another.")
    return make_response(replies.own_refusal(_page(429, refused=why), "test-call"))


@bp.get("")
@account_required
def page() -> Response:
    account_id, known = current_account().id, tested().look
    if current_connection().usable and known and not known.is_running and is_unfinished(known):
        here = services()
        _meanwhile(lambda: finish(account_id, here.store, here.config, here.http))
    return _page()


@bp.post("")
@account_required
@named(button=_l("Make a test call"))
@limiter.limit(OFTEN, key_func=lambda: f"test:{current_account().id}", on_breach=_too_soon)
def make() -> Response:
    account_id, asked = current_account().id, request.form.get("kind", "")
    kind = Kind(asked) if asked in set(Kind) else Kind.ANSWERED
    if current_connection().usable:
        here = services()
        _meanwhile(lambda: run(account_id, kind, here.store, here.config, here.http))
    return _page() if replies.wants_fragment() else replies.go(url_for("test_call.page"))


def _meanwhile(work: Callable[[], None]) -> None:
    """Waited for as long as a page may; `checks` sees to it that one is made at a time."""
    with suppress(TookTooLong):
        within(PAGE_SECONDS, work)
    forget(CONNECTION, TESTED)


def _page(status: int = 200, refused: str = "") -> Response:
    known = tested()
    return replies.show(
        "preflight/test_call.html",
        "preflight/_test_call.html",
        status,
        connection=current_connection(),
        known=known,
        test=shown(known.report),
        kinds=KINDS,
        mark=label("test_call", current_policy().language),
        api_calls=API_CALLS,
        refused=refused,
    )
