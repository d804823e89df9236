"""Calling `decide` so that a call which trips a bug harms no other call."""

from __future__ import annotations

import structlog

from core.facts import Facts, WaitingCall
from core.plan import Plan
from core.policy import Policy
from core.rules import decide

log = structlog.get_logger()


def plan_calls(waiting: list[WaitingCall], policy: Policy, facts: Facts) -> list[Plan]:
    """`decide` over all the calls; should it fail, over each alone, leaving out the failing ones.

    A call left out stays claimed, and comes back alone in spirit: when its claim runs out.

    Raises:
        Exception: whatever `decide` raised, when no call at all could be planned.
    """
    try:
        return decide(waiting, policy, facts)
    except Exception:
        if len(waiting) == 1:
            raise
        log.exception("planning a batch failed; planning its calls one by one")
    plans: list[Plan] = []
    for one in waiting:
        try:
            plans += decide([one], policy, facts)
        except Exception:
            log.exception("a call cannot be planned", call=one.id)
    if not plans:
        raise RuntimeError(f"none of {len(waiting)} calls can be planned")
    return plans
