"""The journal: an account's calls, newest first; live while one of them is on its way."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from werkzeug import Response

from core.models import UNFINISHED, CallRow, CallState
from portal import replies
from portal.call_words import reason_sentence
from portal.journal_filter import Filter, read_filter
from portal.people import account_required, current_account, current_policy
from portal.services import services, store

bp = Blueprint("calls", __name__, url_prefix="/calls")

A_PAGE = 50


@bp.get("")
@account_required
def journal() -> Response:
    """One page of the journal; while something waits, it asks for itself every two seconds."""
    account_id = current_account().id
    policy = current_policy()
    chosen = read_filter(policy)
    after = store().journal.place(account_id, request.args.get("after", "")[:22])
    rows = list(store().journal.page(account_id, chosen.wanted, after, A_PAGE + 1))
    shown, older = rows[:A_PAGE], rows[A_PAGE:]
    return replies.show(
        "calls/journal.html",
        "calls/_list.html",
        rows=shown,
        policy_region=policy.region,
        chosen=chosen,
        after=after,
        older=_address(chosen, shown[-1].public_id) if older else "",
        here=_address(chosen, request.args.get("after", "")),
        is_live=after is None and _is_live(account_id, chosen, shown),
        attention=_attention(account_id),
    )


@bp.post("/again")
@account_required
def all_again() -> Response:
    """Try all again that need attention for one reason."""
    account_id = current_account().id
    code = request.form.get("reason", "")
    if store().ledger.try_again(account_id, reason_code=code):
        services().waker.wake(account_id)
    return replies.go(url_for("calls.journal"))


def _address(chosen: Filter, after: str) -> str:
    """Of a page of the journal; `after` is empty for the newest one."""
    query = {**chosen.query, **({"after": after} if after else {})}
    return f"{url_for('calls.journal')}?{urlencode(query)}"


def _is_live(account_id: str, chosen: Filter, shown: list[CallRow]) -> bool:
    """Whether looking again may show something new without anybody doing anything."""
    if chosen.expect and store().journal.by_key(account_id, chosen.expect) is None:
        return True
    if any(row.state in UNFINISHED for row in shown):
        return True
    return store().journal.count(account_id, *UNFINISHED) > 0


def _attention(account_id: str) -> list[tuple[str, str, int]]:
    """Why calls need attention: (code, an example's sentence, how many)."""
    groups = []
    for code, count in store().journal.reasons(account_id):
        example = store().journal.example(account_id, CallState.ATTENTION, code)
        groups.append((code, reason_sentence(example) if example else code, count))
    return groups
