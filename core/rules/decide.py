"""Waiting calls → plans, one each, in their order.

    written already? → the person → the opportunity → who waits for a call back → the Task

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
from core.plan import Plan, Ref
from core.policy import Mode, Policy
from core.rules.colleague import tell_owner
from core.rules.handling import Earlier, Handling, Skipped
from core.rules.history import join_earlier_calls, note_loose_call
from core.rules.later import look_until, told_as_found
from core.rules.loop import follow_loop, follow_skipped, follow_written, open_loop
from core.rules.opportunity import attach_opportunity, join_transaction
from core.rules.people import find_person
from core.rules.records import refresh_person
from core.rules.task import write_task
from core.rules.triage import triage


def decide(calls: Sequence[WaitingCall], policy: Policy, facts: Facts) -> list[Plan]:
    """One plan per call, in the order given. Pure: the same arguments, the same plans."""
    earlier = Earlier()
    return [_decide(waiting, policy, facts, earlier) for waiting in calls]


def _decide(waiting: WaitingCall, policy: Policy, facts: Facts, earlier: Earlier) -> Plan:
    task_id = facts.tasks.get(waiting.call.key)
    not_after_all = waiting.unsure and not task_id
    if not_after_all and (plan := triage(waiting, policy, "active", facts.seen_lines)):
        return plan
    handling = Handling(waiting, policy, facts, earlier, trace=list(waiting.call.changes))
    if task_id:
        follow_written(handling, task_id)
        return handling.already(task_id)
    return _write(handling)


def _write(handling: Handling) -> Plan:
    found = find_person(handling)
    if isinstance(found, Skipped):
        follow_skipped(handling, found.reason)
        return handling.skip(found.reason, look_until(handling, found.reason))
    person, reason = found
    is_known = not handling.has_created(person.id)
    if is_known and handling.policy.grid.known(handling.kind) is Known.NOTHING:
        return handling.skip(reasons.skip.kind_known(name=person.name))
    if handling.policy.mode is Mode.OPPORTUNITIES:
        join_transaction(handling, person)
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
    follow_loop(handling)
    write_task(handling, person, what)
    open_loop(handling)
    return handling.write(told_as_found(handling, person, reason), person.id)
