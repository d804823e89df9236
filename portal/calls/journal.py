"""The journal: an account's calls, newest first; live while one of them is on its way."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug import Response

from core.models import UNFINISHED, CallRow
from core.store.journal import COUNT_AT_MOST
from portal.calls.filter import Filter, read_filter
from portal.web import replies
from portal.web.address import PREFIX
from portal.web.flashes import tell
from portal.web.named import Part, named
from portal.web.services import services, store
from portal.web.who import account_required, current_account, current_place

bp = Part("calls", __name__, url_prefix=f"{PREFIX}/calls", page=_l("Calls"))

A_PAGE = 50


@bp.get("")
@account_required
def journal() -> Response:
    """One page of the journal; while something waits, it asks for itself every two seconds."""
    return _page("calls/_list.html")


@bp.post("/again")
@account_required
@named(button=_l("Try again"))
def all_again() -> Response:
    """Try now those selected, all that wait for one reason, or all that wait."""
    account_id, form = current_account().id, request.form
    selected = [one[:22] for one in form.getlist("call")[:A_PAGE]]
    tried = 0
    if form.get("which") == "selected":
        tried = store().releases.try_again(account_id, selected)
    elif form.get("which") == "all":
        tried = store().releases.try_again(account_id)
    elif "reason" in form:
        tried = store().releases.try_again(account_id, reason_code=form["reason"])
    if tried:
        services().waker.wake(account_id)
    _say(tried, nothing_selected=form.get("which") == "selected" and not selected)
    if replies.wants_fragment():
        return _page("calls/_answer.html")
    return replies.go(_address("calls.journal", read_filter(current_place()), _after()))


def _say(tried: int, *, nothing_selected: bool) -> None:
    if tried:
        tell(ngettext("%(num)s call goes again.", "%(num)s calls go again.", tried), "good")
    elif nothing_selected:
        tell(_("No call is selected: tick those that are to go again."), "wait")
    else:
        tell(_("None of these calls is waiting any more."), "wait")


def _page(fragment: str) -> Response:
    here = current_place()
    account_id, chosen = here.account.id, read_filter(here)
    after = store().journal.place(account_id, _after()) if _after() else None
    rows = list(store().journal.page(account_id, chosen.wanted, after, A_PAGE + 1))
    shown, older = rows[:A_PAGE], rows[A_PAGE:]
    return replies.show(
        "calls/journal.html",
        fragment,
        rows=shown,
        policy_region=here.region,
        chosen=chosen,
        after=after,
        older=_address("calls.journal", chosen, shown[-1].public_id) if older else "",
        here=_address("calls.journal", chosen, _after()),
        try_again=_address("calls.all_again", chosen, _after()),
        is_live=after is None and _is_live(account_id, chosen, shown),
        why=store().journal.reasons(account_id),
        most=COUNT_AT_MOST,
    )


def _after() -> str:
    """The call that the page begins after; empty for the newest page."""
    return request.args.get("after", "")[:22]


def _address(endpoint: str, chosen: Filter, after: str) -> str:
    """Of a page of the journal, or of what is done from it; `after` is empty for the newest."""
    query = {**chosen.query, **({"after": after} if after else {})}
    return f"{url_for(endpoint)}?{urlencode(query)}" if query else url_for(endpoint)


def _is_live(account_id: str, chosen: Filter, shown: list[CallRow]) -> bool:
    """Whether looking again may show something new without anybody doing anything."""
    if chosen.expect and store().journal.by_key(account_id, chosen.expect) is None:
        return True
    if any(row.state in UNFINISHED for row in shown):
        return True
    return store().journal.count(account_id, *UNFINISHED) > 0
