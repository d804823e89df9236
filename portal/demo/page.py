"""The demo's page that hands calls over, as telephony would. Does not exist outside the demo."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.policy import MissedCallRow, Policy
from core.store.loops import Asked
from portal.demo.doors import DoorClosed, through_http, through_queue
from portal.demo.events import DAY, KINDS, call_key, demo_events
from portal.demo.seed import ACCOUNT, demo_key
from portal.web import replies
from portal.web.address import PREFIX
from portal.web.connection import current_connection
from portal.web.flashes import tell
from portal.web.named import Part, named
from portal.web.services import config, store
from portal.web.who import account_required, change_policy, current_account, current_place

bp = Part("demo", __name__, url_prefix=f"{PREFIX}/demo", page=_l("Send a demo call"))

MOST_WAITING = 5
"""Clients whose story can go on with one click."""


@bp.before_request
def _only_in_the_demo() -> None:
    if not config().demo:
        abort(404)


@bp.get("")
@account_required
def page() -> str:
    _only_the_demo_account()
    names = {
        "incoming": (_("Incoming, answered"), _("Creates a lead or contact when nobody has it.")),
        "missed": (
            _("Missed"),
            _("Becomes a task for the person responsible, if there is one."),
        ),
        "outgoing": (_("Outgoing"), _("Creates something only if you allow it.")),
        "internal": (_("Internal"), _("Between two employees: skipped.")),
        "withheld": (_("Number withheld"), _("Nobody to find: skipped.")),
    }
    day = (
        _("A day of calls"),
        _(
            "Missed, missed again, called back; two clients wait too long by now. If nobody is"
            " responsible for missed calls yet, the user who connected becomes so."
        ),
    )
    return render_template(
        "demo/page.html",
        kinds=[*((kind, *names[kind]) for kind in KINDS), (DAY, *day)],
        waiting=store().loops.waiting(ACCOUNT, Asked(), MOST_WAITING),
        region=current_place().region,
    )


@bp.post("")
@account_required
@named(button=_l("Send the call"))
def send() -> Response:
    """Through the door that was chosen, then to the journal, which waits for the call."""
    _only_the_demo_account()
    kind = request.form.get("kind", "")
    if kind not in (*KINDS, DAY):
        abort(400)
    if kind == DAY:
        _have_somebody_call_back()
    events = demo_events(kind, _digits(request.form.get("number", "")))
    try:
        for event in events:
            if request.form.get("door") == "http":
                through_http(config(), event, demo_key(store(), config()))
            else:
                through_queue(config(), event)
    except DoorClosed as closed:
        tell(_("The call was not taken: %(why)s", why=str(closed)), "bad")
        return replies.go(url_for("demo.page"))
    return replies.go(url_for("calls.journal", expect=call_key(events[-1])))


def _have_somebody_call_back() -> None:
    """Where nobody is responsible for missed calls, no client would wait."""
    user_id = current_connection().user_id

    def change(policy: Policy) -> Policy:
        if policy.missed_calls or not user_id:
            return policy
        row = MissedCallRow(id=0, user_ids=(user_id,))
        return policy.model_copy(update={"missed_calls": (row,)})

    change_policy(change)


def _only_the_demo_account() -> None:
    if current_account().id != ACCOUNT:
        abort(404)


def _digits(typed: str) -> str:
    return "".join(filter(str.isdigit, typed))[:15]
