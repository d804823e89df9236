"""Waiting calls → plans, one each, in their order.

    written already? → the person → the opportunity → the Task

The calls have come through `triage`; only those that may be written already (`unsure`) do so here,
once it is known that they are not.

A fold: each call knows what the earlier ones of its batch create, so that two calls from one
new number end on one record. Nothing here reads a clock, a database or Salesforce.
"""

from __future__ import annotations

from collections.abc import Sequence

from core import reasons
from core.facts import Facts, WaitingCall
from core.kinds import Known
from core.objects import CONTACT
from core.plan import Outcome, Plan, Ref
from core.policy import Mode, Policy
from core.rules.colleague import tell_owner
from core.rules.handling import Earlier, Handling, Skipped
from core.rules.history import join_earlier_calls, note_loose_call
from core.rules.later import look_until, told_as_found
from core.rules.opportunity import attach_opportunity
from core.rules.people import find_person
from core.rules.records import refresh_person
from core.rules.task import write_task
from core.rules.triage import triage


def decide(calls: Sequence[WaitingCall], policy: Policy, facts: Facts) -> list[Plan]:
    """One plan per call, in the order given. Pure: the same arguments, the same plans."""
    earlier = Earlier()
    return [_decide(waiting, policy, facts, earlier) for waiting in calls]


def _decide(waiting: WaitingCall, policy: Policy, facts: Facts, earlier: Earlier) -> Plan:
    if task_id := facts.tasks.get(waiting.call.key):
        return _already(waiting, task_id)
    if waiting.unsure and (plan := triage(waiting, policy, "active", facts.seen_lines)):
        return plan  # it was not written after all
    changes = list(waiting.call.changes)
    return _write(Handling(waiting, policy, facts, earlier, trace=changes))


def _already(waiting: WaitingCall, task_id: str) -> Plan:
    return Plan(
        call_id=waiting.id,
        call_key=waiting.call.key,
        outcome=Outcome.ALREADY,
        reason=reasons.already.written(),
        number=waiting.number,
        task_id=task_id,
    )


def _write(handling: Handling) -> Plan:
    found = find_person(handling)
    if isinstance(found, Skipped):
        return handling.skip(found.reason, look_until(handling, found.reason))
    person, reason = found
    is_known = not handling.has_created(person.id)
    if is_known and handling.policy.grid.known(handling.kind) is Known.NOTHING:
        return handling.skip(reasons.skip.kind_known(name=person.name))
    refresh_person(handling, person)
    what: str | Ref = person.converted_opportunity_id
    if handling.policy.mode is Mode.OPPORTUNITIES and person.object == CONTACT and not what:
        handling.say(reason)
        what, reason = attach_opportunity(handling, person)
        if what:
            join_earlier_calls(handling, person, what)
        else:
            note_loose_call(handling, person)
    tell_owner(handling, person, what)
    write_task(handling, person, what)
    return handling.write(told_as_found(handling, person, reason), person.id)
