"""The call that is made up: telephony's event, a number that nobody has, and its mark."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from random import SystemRandom
from typing import Any

from core import phone, reasons
from core.events import parse_call
from core.facts import Facts, OrgShape, WaitingCall
from core.objects import ACCOUNT, CONTACT, LEAD, OPPORTUNITY, TASK
from core.own_fields import cut
from core.plan import Create, Plan, Step, Update
from core.policy import Policy

NUMBERS = tuple(f"+442079460{last:03}" for last in range(1000))
"""Belong to nobody, so that no message which an org's automation sends reaches anybody: Ofcom,
"Telephone numbers for use in TV and radio drama programmes", London."""
AT_A_TIME = 5
"""So many are looked up at once: one that somebody has written down is passed over."""
NAMED_BY = {
    LEAD: "LastName",
    CONTACT: "LastName",
    OPPORTUNITY: "Name",
    TASK: "Subject",
    ACCOUNT: "Name",
}
"""The field of each object that carries the mark."""


class Kind(StrEnum):
    """Of call that is made up."""

    ANSWERED = "answered"
    MISSED = "missed"
    OUTGOING = "outgoing"


def some_numbers() -> list[str]:
    return SystemRandom().sample(NUMBERS, AT_A_TIME)


def free_number(numbers: Collection[str], facts: Facts, region: str) -> str:
    """One of these numbers that no record of the org has; empty when each has one."""
    written = [text for one in facts.people for text in one.numbers]
    taken = {number for text in written for number in phone.numbers_in(text, region)}
    return next((one for one in numbers if one not in taken), "")


def made_up(
    kind: Kind, key: str, number: str, policy: Policy, seen_lines: Sequence[str]
) -> WaitingCall:
    """The call as a delivery would take it from the ledger."""
    call = parse_call(_event(kind, key, number, policy, seen_lines), policy.zone)
    return WaitingCall(1, call, phone.e164(call.client_number, policy.region) or "")


def _event(
    kind: Kind, key: str, number: str, policy: Policy, seen_lines: Sequence[str]
) -> dict[str, Any]:
    """As telephony hands it over: by the first employee of the table, on a line that is in use."""
    client, employee = number.lstrip("+"), policy.lines[0].line if policy.lines else ""
    ours = [row.external_line for row in policy.missed_calls if row.external_line]
    line = (*(ours if kind is Kind.MISSED else ()), *seen_lines, "")[0]
    is_out, is_answered = kind is Kind.OUTGOING, kind is not Kind.MISSED
    call: dict[str, Any] = {
        "dbid": key,
        "from": employee if is_out else client,
        "to": [client] if is_out else [employee] if is_answered and employee else [],
        "outerNumber": line,
        "direction": "OUT" if is_out else "IN",
        "date": datetime.now(policy.zone).strftime("%Y-%m-%d %H:%M:%S"),
        "secondsFullTime": 75 if is_answered else 15,
        "secondsTalk": 60 if is_answered else 0,
        "state": "ANSWER" if is_answered else "NOANSWER",
    }
    if is_answered:
        call["link"] = "https://api.unitalk.cloud:8443/tracking/rec/0"
    return {"event": "CALL_END", "call": call}


def marked(plan: Plan, mark: str, shape: OrgShape) -> Plan:
    """The plan, its records named so that anybody sees what they are."""
    return replace(plan, steps=tuple(_marked(step, mark, shape) for step in plan.steps))


def kept_ours(plan: Plan, facts: Facts) -> Plan:
    """The plan, giving nothing away, and saying to whom it would: who may change another's record
    may not delete it (Salesforce Help, 000385525)."""
    ours = facts.connected_user_id
    owners = {str(step.fields["OwnerId"]) for step in plan.steps if "OwnerId" in step.fields}
    if not ours or owners <= {ours}:
        return plan
    users = facts.shape.users
    names = sorted(users[one].name if one in users else one for one in owners - {ours})
    told = reasons.test_call.kept_ours(users=", ".join(names))
    steps = tuple(
        replace(step, fields={**step.fields, "OwnerId": ours}) if "OwnerId" in step.fields else step
        for step in plan.steps
        if not (isinstance(step, Update) and step.is_last)
    )
    return replace(plan, steps=steps, trace=(*plan.trace, told))


def on_no_account(plan: Plan) -> Plan:
    """The plan, its records under no account of the customer's, and saying so: what hangs on a
    record changes what Salesforce and automations keep there."""
    if not any(_is_under_one(step) for step in plan.steps):
        return plan
    steps = tuple(_off_account(step) if _is_under_one(step) else step for step in plan.steps)
    return replace(plan, steps=steps, trace=(*plan.trace, reasons.test_call.on_no_account()))


def _is_under_one(step: Step) -> bool:
    return isinstance(step, Create) and isinstance(step.fields.get("AccountId"), str)


def _off_account(step: Step) -> Step:
    return replace(step, fields={k: v for k, v in step.fields.items() if k != "AccountId"})


def _marked(step: Step, mark: str, shape: OrgShape) -> Step:
    name = NAMED_BY.get(step.object, "")
    if name not in step.fields:
        return step
    known = shape.fields.get(step.object, {}).get(name)
    text = cut(f"{mark}: {step.fields[name]}", known.length if known else 0)
    return replace(step, fields={**step.fields, name: text})
