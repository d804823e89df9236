"""The history of the settings: who changed what, when, from what to what; and taking it back."""

from __future__ import annotations

from functools import reduce

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.models import SettingChange
from core.policy import Policy
from core.store.ceilings import API_CEILING
from portal.salesforce import words
from portal.salesforce.block import bp
from portal.salesforce.blocks import setting_of
from portal.salesforce.ceiling import change_ceiling
from portal.salesforce.reading import Refused
from portal.salesforce.saving import org_of_request
from portal.salesforce.undo import ONE_CHOICE, can_undo
from portal.salesforce.undo import undone as without
from portal.web import replies
from portal.web.named import named
from portal.web.names import read_names
from portal.web.services import store
from portal.web.who import account_required, change_policy, current_account

PAGE = _l("Settings history")
A_PAGE = 50
"""Changes shown at once."""


@bp.get("/history")
@account_required
@named(PAGE)
def history() -> Response:
    return _page(undone=request.args.get("undone", ""))


@bp.post("/history/<change_id>/undo")
@account_required
@named(PAGE, button=_l("Undo"))
def undo(change_id: str) -> Response:
    """Taking back is a change, too: it is written down and can be taken back."""
    account_id = current_account().id
    change = store().policies.change_of(account_id, change_id)
    if change is None:
        abort(404)

    try:
        changed = _take_back(change)
    except Refused as refusal:
        return _page(replies.REFUSED, errors={change_id: str(refusal)})
    if not changed:
        why = _("There is nothing left to undo: later changes replaced this one.")
        return _page(replies.REFUSED, errors={change_id: why})
    if not replies.wants_fragment():
        before = _before() or None
        return replies.go(url_for("salesforce.history", undone=change_id, before=before))
    return _page(undone=change_id)


def _take_back(change: SettingChange) -> bool:
    """Whether anything was left to take back. Raises Refused."""
    if change.setting == API_CEILING:
        return change_ceiling(change.old["value"])

    together = [change]
    if change.setting in ONE_CHOICE:
        saved = store().policies.of_same_save(change)
        together = [one for one in saved if one.setting in ONE_CHOICE]

    def take_back(policy: Policy) -> Policy:
        return reduce(without, together, policy)

    return bool(change_policy(take_back))


def _page(status: int = 200, errors: dict[str, str] | None = None, undone: str = "") -> Response:
    before = _before()
    changes = store().policies.history(current_account().id, A_PAGE + 1, before)
    shown, older = changes[:A_PAGE], changes[A_PAGE:]
    read_names(one.staff_id or one.person_id for one in shown)
    return replies.show(
        "salesforce/history.html",
        "salesforce/_history.html",
        status,
        changes=[_row(change) for change in shown],
        errors=errors or {},
        undone=undone,
        before=before,
        older=shown[-1].name if older else "",
    )


def _before() -> str:
    """The change that the page begins after; empty = at the newest."""
    name = request.args.get("before", "")[:22]
    return name if name and store().policies.change_of(current_account().id, name) else ""


def _row(change: SettingChange) -> dict[str, object]:
    return {
        "name": change.name,
        "at": change.at,
        "who": words.who(change),
        "what": words.what(setting_of(change), change, org_of_request()),
        "can_undo": can_undo(change),
    }
