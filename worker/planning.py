"""Calling `decide` so that a call which trips a bug harms no other call."""

from __future__ import annotations

import structlog

from core.facts import Facts, WaitingCall
from core.models import CallState
from core.plan import Plan
from core.policy import Policy
from core.rules import decide
from core.store.results import Result
from worker.retries import mistaken

log = structlog.get_logger()


def plan_calls(
    waiting: list[WaitingCall], policy: Policy, facts: Facts
) -> tuple[list[Plan], list[Result]]:
    """Plans for all calls, and results for those that cannot be planned now.

    The others are decided together, for calls of one new number must share its record.

    Raises:
        Exception: whatever `decide` raised, when no single call is to blame.
    """
    try:
        return decide(waiting, policy, facts), []
    except Exception:
        if len(waiting) == 1:
            raise
        log.exception("planning a batch failed; looking for the call to blame")
    good, results, blocked = list[WaitingCall](), list[Result](), set[str]()
    for one in waiting:
        number = one.number or one.call.client_number
        if number in blocked:  # it must not overtake the call before it
            results.append(Result(one.id, CallState.WAITING))
            continue
        try:
            decide([one], policy, facts)
            good.append(one)
        except Exception as mistake:
            log.exception("a call cannot be planned", call=one.call.key)
            results.append(mistaken(one.id, one.attempts, mistake))
            blocked.add(number)
    return decide(good, policy, facts), results
