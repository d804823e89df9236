"""Hands over the Tasks of clients whom nobody called back in time, once each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core import reasons
from core.clock import on_the_clock
from core.events import BadEvent, NotFinal, parse_call
from core.facts import NOTHING_LEARNT, Facts, Lessons, WaitingCall
from core.models import CallRow
from core.org import Org
from core.plan import Plan, Verdict
from core.policy import Policy
from core.rules.handling import Earlier
from core.rules.loop import hand_over
from core.store.looks import Found

TRIES = 3
"""Writes of one hand-over: whom Salesforce refuses as an owner is passed over."""

Late = tuple[Found, CallRow]
"""An overdue loop, and the call that opened it."""


def hand_over_all(
    org: Org, late: Sequence[Late], policy: Policy, facts: Facts
) -> Mapping[int, Found]:
    """What became of each, by the loop's id; of those that could not be handed over nothing.

    A Task that is another's already was handed over by a person, or by a look that did not live to
    tell. Raises what `core.salesforce.errors` lists.
    """
    done = {one.loop.id: _by_another(one, facts) for one, _ in late if _is_anothers(one)}
    rest = [(one, call) for one, call in late if one.loop.id not in done]
    lessons: dict[int, Lessons] = {}
    for _ in range(TRIES):
        plans = _plans(rest, policy, facts, lessons)
        if not plans:
            break
        by_call = {call.id: one for one, call in rest}
        rest_ids = set[int]()
        for receipt in org.apply(list(plans.values()), facts.shape):
            found, plan = by_call[receipt.call_id], plans[receipt.call_id]
            if receipt.verdict is Verdict.DONE:
                done[found.loop.id] = _handed_over(found, plan)
            elif receipt.verdict is Verdict.AGAIN:
                rest_ids.add(receipt.call_id)
                known = lessons.get(receipt.call_id, NOTHING_LEARNT)
                lessons[receipt.call_id] = known | receipt.lessons
        rest = [(one, call) for one, call in rest if call.id in rest_ids]
    return done


def noting_a_gift(found: Found, facts: Facts) -> Found:
    """A Task that a person gave to somebody else is nobody's to hand over."""
    if found.ended or found.loop.handed_over_at or not _is_anothers(found):
        return found
    return replace(found, handed_over=reasons.loop.given(user=_owner_name(found, facts)))


def _is_anothers(found: Found) -> bool:
    return bool(found.loop.responsible) and found.owner_id != found.loop.responsible


def _by_another(found: Found, facts: Facts) -> Found:
    return replace(found, handed_over=reasons.loop.handed_over(user=_owner_name(found, facts)))


def _owner_name(found: Found, facts: Facts) -> str:
    user = facts.shape.users.get(found.owner_id)
    return user.name if user else found.owner_id


def _handed_over(found: Found, plan: Plan) -> Found:
    owner = str(plan.steps[0].fields["OwnerId"])
    return replace(found, owner_id=owner, handed_over=plan.reason, turn_of=plan.turn_of)


def _plans(
    rest: Sequence[Late], policy: Policy, facts: Facts, lessons: Mapping[int, Lessons]
) -> dict[int, Plan]:
    """By call; turns are taken in this order."""
    earlier, plans = Earlier(), dict[int, Plan]()
    for found, call in rest:
        waiting = _waiting(call, policy, lessons.get(call.id, NOTHING_LEARNT))
        if waiting is None:
            continue
        loop = found.loop
        plan = hand_over(waiting, loop.task_id, found.owner_id, policy, facts, earlier)
        if plan:
            plans[call.id] = plan
    return plans


def _waiting(row: CallRow, policy: Policy, lessons: Lessons) -> WaitingCall | None:
    """None where an older version's reader was more tolerant."""
    try:
        call = on_the_clock(parse_call(row.event, policy.zone), policy.zone, row.received_at)
    except (BadEvent, NotFinal):
        return None
    return WaitingCall(row.id, call, row.e164, lessons)
