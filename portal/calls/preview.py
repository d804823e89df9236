"""Preview: what a call would do with today's settings, by the same rules, writing nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.call import Call, Direction
from core.facts import FieldInfo, OrgShape, WaitingCall
from core.objects import KEYS, without_namespace
from core.org import open_org
from core.phone import e164
from core.plan import Create, Outcome, Plan, Ref, Step, Update, Value
from core.policy import Policy
from core.rules import decide, triage
from core.salesforce.errors import SalesforceError
from core.salesforce.http import WORKER
from portal.calls.values import in_words, label_of
from portal.calls.words import said
from portal.salesforce.names import object_names
from portal.salesforce.saving import org_of_request
from portal.web import replies
from portal.web.address import PREFIX
from portal.web.connection import current_connection
from portal.web.extensions import limiter
from portal.web.named import Part, named
from portal.web.services import services, store
from portal.web.waiting import PAGE_SECONDS, TookTooLong, within
from portal.web.who import account_required, current_account, current_policy

bp = Part("preview", __name__, url_prefix=f"{PREFIX}/preview", page=_l("What a call would do"))


@dataclass(frozen=True)
class Shown:
    """A record that would be written, in words."""

    title: str
    fields: tuple[tuple[str, str], ...]
    """Label and value of each field."""


@dataclass(frozen=True)
class Preview:
    """What would happen; with `trouble` it cannot be told now."""

    outcome: str = ""
    reason: str = ""
    trace: tuple[str, ...] = ()
    records: tuple[Shown, ...] = ()
    trouble: str = ""


@bp.get("")
@account_required
def form() -> Response:
    return _page(None)


@bp.post("")
@account_required
@named(button=_l("Show"))
@limiter.limit("30 per minute", key_func=lambda: f"preview:{current_account().id}")
def show() -> Response:
    return _page(_call())


def _page(call: Call | None) -> Response:
    account_id = current_account().id
    seen = store().seen.external_lines(account_id)
    found = call and _preview(account_id, call, [one.line for one in seen])
    return replies.show(
        "calls/preview.html",
        "calls/_preview.html",
        preview=found,
        typed=request.form,
        org=org_of_request(),
        policy=current_policy(),
        seen_lines=seen,
    )


def _call() -> Call:
    """The call that the form describes. What it leaves open is as in the simplest call."""
    form = request.form
    line = form.get("line", "").strip()[:64]
    policy = current_policy()
    return Call(
        key="preview",
        direction=Direction.OUT if form.get("direction") == Direction.OUT else Direction.IN,
        client_number=form.get("number", "").strip()[:64],
        lines=(line,) if line else (),
        external_line=form.get("external_line", "").strip()[:255],
        started_at=_typed_moment() or datetime.now(policy.zone).replace(tzinfo=None, microsecond=0),
        state="ANSWER" if form.get("answered") == "yes" else "NOANSWER",
        seconds_talk=60 if form.get("answered") == "yes" else 0,
    )


def _typed_moment() -> datetime | None:
    """The account's wall clock; None = now, also for what no browser sends."""
    try:
        return datetime.fromisoformat(request.form.get("at", "")).replace(tzinfo=None)
    except ValueError:
        return None


def _preview(account_id: str, call: Call, seen_lines: list[str]) -> Preview:
    """The same triage and the same `decide` as in the worker; only the writing is left out."""
    policy = current_policy()
    waiting = WaitingCall(0, call, e164(call.client_number, policy.region) or "")
    shape = org_of_request().shape
    plan = triage(waiting, policy, current_connection().state, seen_lines)
    if plan is None:
        try:
            plan, shape = within(PAGE_SECONDS, _asking(account_id, waiting, policy, seen_lines))
        except TookTooLong:
            return Preview(trouble=_("Salesforce is slow to answer. Try again in a moment."))
        except SalesforceError as error:
            return Preview(trouble=said(error.reason))
    return _told(plan, shape)


def _asking(
    account_id: str, waiting: WaitingCall, policy: Policy, seen_lines: list[str]
) -> Callable[[], tuple[Plan, OrgShape]]:
    """The part that asks Salesforce, to be done on a thread of its own: it knows no request."""
    now = services()

    def ask() -> tuple[Plan, OrgShape]:
        org = open_org(account_id, now.store, now.config, now.http, WORKER)
        facts = org.look_up([waiting.number], [], [], policy, seen_lines)
        return decide([waiting], policy, facts)[0], facts.shape

    return ask


def _told(plan: Plan, shape: OrgShape) -> Preview:
    outcomes = {
        Outcome.WRITE: _("The call would be written"),
        Outcome.SKIP: _("The call would be skipped"),
        Outcome.HOLD: _("The call would wait"),
        Outcome.ALREADY: _("The call is written already"),
    }
    return Preview(
        outcome=outcomes[plan.outcome],
        reason=said(plan.reason),
        trace=tuple(said(one) for one in plan.trace),
        records=tuple(_record(step, plan, shape) for step in plan.steps if not _joins(step)),
    )


def _joins(step: Step) -> bool:
    """An earlier call that joins the opportunity: there may be fifty, and the trace counts them."""
    return isinstance(step, Update) and step.beside and step.fields.keys() == {"WhatId"}


def _record(step: Step, plan: Plan, shape: OrgShape) -> Shown:
    name = object_names().get(step.object, step.object)
    title = (
        _("New: %(object)s", object=name)
        if isinstance(step, Create)
        else _("Changed: %(object)s", object=name)
    )
    known = shape.fields.get(step.object, {})
    return Shown(
        title,
        tuple(
            (_label(known.get(field), field), _value(known.get(field), value, plan, shape))
            for field, value in step.fields.items()
            if value is not None and without_namespace(field) not in KEYS
        ),
    )


def _label(known: FieldInfo | None, field: str) -> str:
    return label_of(known.label, known.type) if known else field


def _value(known: FieldInfo | None, value: Value | Ref, plan: Plan, shape: OrgShape) -> str:
    if isinstance(value, Ref):
        made = next((step for step in plan.steps if step.step == value.step), None)
        name = object_names().get(made.object, made.object) if made else value.step
        return _("the new record: %(object)s", object=name)
    name, kind = (known.name, known.type) if known else ("", "")
    return in_words(value, name, kind, shape)
