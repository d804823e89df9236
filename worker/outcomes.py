"""From plans and receipts to what the ledger says of a call."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any

from core.facts import Lessons, WaitingCall
from core.models import CallState
from core.phone import e164
from core.plan import Outcome, Plan, Reason, Receipt, Step, Update, Verdict
from core.policy import Policy
from core.store.database import utc_now
from core.store.deliveries import Result
from core.store.due import UNEXPECTED
from worker.batches import MAX_ATTEMPTS, lessons_to_json

LONGEST_PAUSE = timedelta(minutes=15)
MOST_LESSONS = 20
QUICK_ATTEMPTS = 5
MISTAKES = 6
"""Attempts at a call that meets a mistake of ours: time will not mend it, a newer version may."""

_STATES = {
    Outcome.SKIP: CallState.SKIPPED,
    Outcome.HOLD: CallState.HELD,
    Outcome.ALREADY: CallState.DONE,
}


def of_plan(plan: Plan) -> Result:
    """A plan that needs no write: skipped, held, or found to be written already."""
    return Result(
        call_id=plan.call_id,
        state=_STATES[plan.outcome],
        reason_code=plan.reason.code,
        reason_params=dict(plan.reason.params),
        trace=_trace(plan),
        written={"task": plan.task_id, "records": []} if plan.task_id else None,
        number=plan.number,
        unmapped_line=plan.unmapped_line,
    )


def of_receipt(plan: Plan, waiting: WaitingCall, receipt: Receipt) -> Result:
    """What Salesforce made of a written plan."""
    if receipt.verdict is Verdict.DONE:
        return _done(plan, receipt)
    reason = receipt.reason or Reason("salesforce.transient")
    if receipt.verdict is Verdict.ATTENTION:
        return _unwritten(plan, CallState.ATTENTION, reason)
    if receipt.verdict is Verdict.LATER:
        return retry(plan.call_id, waiting.attempts, reason, trace=_trace(plan))
    return _again(plan, waiting, receipt, reason)


def retry(
    call_id: int, attempts: int, reason: Reason, trace: dict[str, Any] | None = None
) -> Result:
    """Try again after a pause that grows with the attempts; a person is asked in the end."""
    if attempts >= MAX_ATTEMPTS:
        return Result(call_id, CallState.ATTENTION, reason.code, dict(reason.params), trace)
    return Result(
        call_id,
        CallState.RETRY,
        reason.code,
        dict(reason.params),
        trace,
        due_at=utc_now() + pause(attempts),
    )


def mistaken(call_id: int, attempts: int, mistake: Exception) -> Result:
    """A bug must not lose a call, nor keep others waiting: tried alone a few times, then shown."""
    reason = Reason(UNEXPECTED, {"detail": type(mistake).__name__})
    if attempts >= MISTAKES:
        return Result(call_id, CallState.ATTENTION, reason.code, dict(reason.params))
    return retry(call_id, attempts, reason)


def pause(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s … LONGEST_PAUSE; a fifth more or less, lest retries march in step."""
    seconds = min(5 * 2 ** min(attempts - 1, 12), LONGEST_PAUSE.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311


def numbers(waiting: Iterable[WaitingCall], policy: Policy) -> list[str]:
    """The client numbers of the calls, each once."""
    found = (e164(one.call.client_number, policy.region) for one in waiting)
    return list(dict.fromkeys(number for number in found if number))


def _done(plan: Plan, receipt: Receipt) -> Result:
    return Result(
        call_id=plan.call_id,
        state=CallState.DONE,
        reason_code=plan.reason.code,
        reason_params=dict(plan.reason.params),
        trace=_trace(plan),
        written={
            "task": receipt.task_id,
            "records": [
                [one.object, one.id, one.created, _name(step, plan.reason)]
                for step, one in zip(plan.steps, receipt.records, strict=True)
            ],
        },
        lessons=None,
        created=tuple(
            (one.object, one.id)
            for one in receipt.records
            if one.created and one.object in ("Lead", "Contact")
        ),
        number=plan.number,
        unmapped_line=plan.unmapped_line,
        turn_of=plan.turn_of,
    )


def _name(step: Step, reason: Reason) -> str:
    """What people call the record; empty when neither the step nor the reason says."""
    said = step.fields
    whole = " ".join(str(said[part]) for part in ("FirstName", "LastName") if said.get(part))
    if isinstance(step, Update):
        by_object = "opportunity" if step.object == "Opportunity" else "name"
        return str(reason.params.get(by_object, ""))
    return str(said.get("Name") or said.get("Subject") or whole)


def _again(plan: Plan, waiting: WaitingCall, receipt: Receipt, reason: Reason) -> Result:
    """At once, with the lesson. A call that only suffered with its neighbours has none to learn
    from: it goes again at once a few times, then with pauses."""
    learnt = merge(waiting.lessons, receipt.lessons or Lessons())
    size = sum(len(getattr(learnt, one.name)) for one in fields(Lessons))
    if (receipt.lessons or Lessons()) != Lessons() and learnt == waiting.lessons:
        return _unwritten(plan, CallState.ATTENTION, reason)  # the lesson did not help
    if learnt == waiting.lessons and waiting.attempts > QUICK_ATTEMPTS:
        return retry(plan.call_id, waiting.attempts, reason, trace=_trace(plan))
    if size > MOST_LESSONS:
        return _unwritten(plan, CallState.ATTENTION, reason)
    return Result(
        call_id=plan.call_id,
        state=CallState.RETRY,
        reason_code=reason.code,
        reason_params=dict(reason.params),
        trace=_trace(plan),
        lessons=lessons_to_json(learnt),
        due_at=utc_now(),
        number=plan.number,
    )


def merge(old: Lessons, new: Lessons) -> Lessons:
    return Lessons(
        **{one.name: getattr(old, one.name) | getattr(new, one.name) for one in fields(Lessons)}
    )


def _unwritten(plan: Plan, state: CallState, reason: Reason) -> Result:
    return Result(
        call_id=plan.call_id,
        state=state,
        reason_code=reason.code,
        reason_params=dict(reason.params),
        trace=_trace(plan),
        number=plan.number,
        unmapped_line=plan.unmapped_line,
    )


def _trace(plan: Plan) -> dict[str, Any]:
    return {"steps": [[one.code, _plain(one.params)] for one in plan.trace]}


def _plain(params: Mapping[str, str]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items()}
