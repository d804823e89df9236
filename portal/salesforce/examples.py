"""What a template makes of a call, shown on an example before any real call comes; or why none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask_babel import get_locale
from flask_babel import gettext as _

from core.call import Call, Direction
from core.clock import started
from core.facts import Contact, Facts, Lead, WaitingCall
from core.loops import LoopOpened, Missed
from core.own_fields import VARIABLES, Unfit, fit, render, variables
from core.policy import OwnField, Policy
from core.reasons import Reason
from core.rules import decide
from core.rules.handling import Earlier
from core.rules.loop import hand_over
from core.texts import label, say
from portal.salesforce.names import type_names
from portal.salesforce.org_view import OrgView

RECORDS_OWNER = "owner"
"""Stands for the owner of the record that the example's call is logged on."""


def example_call(policy: Policy) -> Call:
    """An answered incoming call on the customer's own first line."""
    return Call(
        key="275",
        direction=Direction.IN,
        client_number="+380505557182",
        lines=(policy.lines[0].line if policy.lines else "2000",),
        external_line=next((row.external_line for row in policy.missed_calls), "")
        or "380444900123",
        started_at=datetime(2026, 7, 9, 16, 58, 52),  # noqa: DTZ001  telephony's wall clock
        state="ANSWER",
        seconds_total=134,
        seconds_talk=125,
        recording_url="https://api.unitalk.cloud/tracking/rec/275",
        group="Sales",
        cause="16",
        source="REGULAR",
    )


def example_values(policy: Policy, org: OrgView) -> dict[str, str]:
    """Each variable's text for the example."""
    call = example_call(policy)
    missed = Missed(started(call, policy.zone) - timedelta(minutes=12), times=2)
    return variables(call, call.client_number, policy, Facts(org.shape, ""), missed)


def missed_now(policy: Policy, org: OrgView) -> tuple[LoopOpened, str] | None:
    """Who is to call back if a call is missed now, by the rules themselves, and the user's id whose
    turn is next (empty = nobody's). Of a known client, or of a new one where nothing stays open for
    known ones; None where nothing does at all. The line is that of the first row."""
    now = datetime.now(policy.zone).replace(tzinfo=None, microsecond=0)
    line = next((row.external_line for row in policy.missed_calls), "")
    missed = {"state": "NOANSWER", "seconds_talk": 0, "external_line": line, "started_at": now}
    call = example_call(policy).model_copy(update=missed)
    waiting, number = WaitingCall(0, call, call.client_number), call.client_number
    lead = Lead("lead", number, (number,), RECORDS_OWNER, datetime.now(UTC))
    contact = Contact("contact", number, (number,), RECORDS_OWNER, datetime.now(UTC))
    for facts in (Facts(org.shape, "", (lead,), (contact,)), Facts(org.shape, "")):
        plan = decide([waiting], policy, facts)[0]
        for opened in plan.loop:
            if isinstance(opened, LoopOpened):
                turns = Earlier(turns={plan.turn_of: 1})
                handed = hand_over(waiting, "", opened.responsible, policy, facts, turns)
                return opened, str(handed.steps[0].fields["OwnerId"]) if handed else ""
    return None


def variable_names() -> dict[str, str]:
    """Each variable's name in the reader's language."""
    language = str(get_locale())
    return {name: label(f"variable.{name}", language) for name in VARIABLES}


def example_text(template: str, policy: Policy, org: OrgView) -> str:
    return render(template, example_values(policy, org))


def example_of(own: OwnField, policy: Policy, org: OrgView) -> str:
    """What would stand in the field, or why nothing would."""
    info = org.shape.fields.get(own.object, {}).get(own.field)
    text = example_text(own.template, policy, org)
    if info is None:
        return text
    value = fit(text, info, policy)
    if isinstance(value, Unfit):
        return trouble_in_words(value.reason, own, org)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def trouble_in_words(trouble: Reason, own: OwnField, org: OrgView) -> str:
    """Why a row cannot work, naming its field as the org does and its type in everyday words."""
    trouble = trouble.naming(field=org.label_of(own.object, own.field))
    if kind := trouble.params.get("type"):
        trouble = trouble.naming(type=type_names().get(kind, kind))
    return say(trouble, str(get_locale()))
