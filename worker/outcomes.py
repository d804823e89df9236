"""From plans and receipts to what the ledger says of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from core import reasons
from core.facts import NOTHING_LEARNT, WaitingCall
from core.models import CallState
from core.objects import CALL_KEY, CONTACT, LEAD, OPPORTUNITY, without_namespace
from core.plan import Outcome, Plan, Receipt, Step, Update, Verdict
from core.reasons import Reason, Words
from core.store.releases import LATE_COMMIT
from core.store.results import Result
from worker.batches import lessons_to_json
from worker.retries import final, mistaken, retry

log = structlog.get_logger()

MOST_LESSONS = 20
QUICK_ATTEMPTS = 5

_STATES = {
    Outcome.SKIP: CallState.SKIPPED,
    Outcome.HOLD: CallState.HELD,
}


def of_plan(plan: Plan) -> Result:
    """A plan that needs no write: skipped, held, or found to be written already."""
    if plan.outcome is Outcome.ALREADY:
        return _already(plan, plan.task_id)
    return Result(
        call_id=plan.call_id,
        state=_STATES[plan.outcome],
        reason=plan.reason,
        trace=_trace(plan),
        number=plan.number,
        unmapped_line=plan.unmapped_line,
        loop=plan.loop,
        look_until=plan.look_until,
    )


def result_of(plan: Plan, waiting: WaitingCall, receipts: Mapping[int, Receipt]) -> Result:
    """As `of_receipt`; a receipt that trips a mistake of ours spoils no other."""
    try:
        return of_receipt(plan, waiting, receipts[plan.call_id])
    except Exception as mistake:
        log.exception("a receipt cannot be read", call=plan.call_key)
        return mistaken(plan.call_id, waiting.attempts, mistake)


def of_receipt(plan: Plan, waiting: WaitingCall, receipt: Receipt) -> Result:
    """What Salesforce made of a written plan."""
    if plan.task_id:
        return _of_found(plan, waiting, receipt)
    return _of_receipt(plan, waiting, receipt)


def _of_found(plan: Plan, waiting: WaitingCall, receipt: Receipt) -> Result:
    """Of a call that was written before, and had something else to change. Until that is done it
    stands as it stood."""
    if receipt.verdict is Verdict.DONE:
        return _already(plan, plan.task_id)
    result = _of_receipt(plan, waiting, receipt)
    return replace(result, trace=None, unmapped_line=None, turn_of=None, unsure=None)


def _of_receipt(plan: Plan, waiting: WaitingCall, receipt: Receipt) -> Result:
    if receipt.verdict is Verdict.DONE:
        return _done(plan, waiting, receipt)
    reason = receipt.reason or reasons.salesforce.transient(Words())
    if receipt.verdict is Verdict.ATTENTION:
        return _for_a_person(plan, reason)
    if receipt.verdict is Verdict.AGAIN:
        return _again(plan, waiting, receipt, reason)
    if receipt.unanswered:
        return unanswered(plan, waiting, reason)
    if receipt.pause:
        span = timedelta(seconds=receipt.pause)
        return replace(_unwritten(plan, CallState.WAITING, reason), due=span)
    return _retry_of(plan, waiting, reason)


def unanswered(plan: Plan, waiting: WaitingCall, reason: Reason) -> Result:
    """A write that Salesforce may have carried out: what it meant is kept, to be told when the
    Task is found."""
    if plan.task_id:  # as an earlier attempt left it
        return replace(retry(plan.call_id, waiting.attempts, reason), unsure=True)
    trace = _trace(plan)
    trace["steps"].append([plan.reason.code, dict(plan.reason.params)])
    result = retry(plan.call_id, waiting.attempts, reason, trace)
    if not _refuses_a_second(plan):  # nor when a person asks for it at once
        pause = result.due if isinstance(result.due, timedelta) else LATE_COMMIT
        result = replace(result, due=max(pause, LATE_COMMIT))
    return replace(result, unmapped_line=plan.unmapped_line, turn_of=plan.turn_of, unsure=True)


def _refuses_a_second(plan: Plan) -> bool:
    """Whether the Task carries the unique field, as with the package."""
    return any(without_namespace(one) == CALL_KEY for step in plan.steps for one in step.fields)


def _already(plan: Plan, task_id: str) -> Result:
    """Found written. Who wrote it before left the trace and the turn in the ledger."""
    return Result(
        call_id=plan.call_id,
        state=CallState.DONE,
        reason=reasons.already.written(),
        written={"task": task_id, "records": []},
        number=plan.number,
        loop=plan.loop,
        unsure=False,
    )


def _done(plan: Plan, waiting: WaitingCall, receipt: Receipt) -> Result:
    if not receipt.records:  # Salesforce refused a second one, and may hide the first
        already = _already(plan, receipt.task_id)
        if waiting.unsure:
            return already
        return replace(already, trace=_trace(plan), unmapped_line=plan.unmapped_line)
    return Result(
        call_id=plan.call_id,
        state=CallState.DONE,
        reason=plan.reason,
        trace=_trace(plan),
        written={
            "task": receipt.task_id,
            # Giving away concerns a record that is among them; earlier calls, the trace counts.
            "records": [
                [one.object, one.id, one.created, _name(step, plan.reason)]
                for step, one in zip(plan.steps, receipt.records, strict=True)
                if not (isinstance(step, Update) and (step.is_last or step.beside))
            ],
            **_known_client(plan),
        },
        created=tuple(
            (one.object, one.id)
            for one in receipt.records
            if one.created and one.object in (LEAD, CONTACT)
        ),
        number=plan.number,
        unmapped_line=plan.unmapped_line,
        turn_of=plan.turn_of,
        loop=plan.loop,
        unsure=False,
    )


def _known_client(plan: Plan) -> dict[str, list[str]]:
    """Whom it was logged on, by id and name, where no record of this write says so."""
    if not isinstance(plan.who, str):
        return {}
    return {"client": [plan.who, str(plan.reason.params.get("name", ""))]}


def _name(step: Step, reason: Reason) -> str:
    """What people call the record; empty when neither the step nor the reason says."""
    said = step.fields
    whole = " ".join(str(said[part]) for part in ("FirstName", "LastName") if said.get(part))
    if isinstance(step, Update):
        by_object = "opportunity" if step.object == OPPORTUNITY else "name"
        return str(reason.params.get(by_object, ""))
    return str(said.get("Name") or said.get("Subject") or whole)


def _again(plan: Plan, waiting: WaitingCall, receipt: Receipt, reason: Reason) -> Result:
    """At once, with the lesson. A call that only suffered with its neighbours has none to learn
    from: it goes again at once a few times, then with pauses."""
    if receipt.unanswered:
        return _perhaps_written(plan, waiting, reason)
    learnt = waiting.lessons | receipt.lessons
    if receipt.lessons != NOTHING_LEARNT and learnt == waiting.lessons:
        return _for_a_person(plan, reason)  # the lesson did not help
    if learnt == waiting.lessons and waiting.attempts > QUICK_ATTEMPTS:
        return _retry_of(plan, waiting, reason)
    if sum(map(len, vars(learnt).values())) > MOST_LESSONS:
        return _for_a_person(plan, reason)
    return replace(_unwritten(plan, CallState.RETRY, reason), lessons=lessons_to_json(learnt))


def _perhaps_written(plan: Plan, waiting: WaitingCall, reason: Reason) -> Result:
    """Salesforce has something with a unique value of ours. The next look-up finds the Task, or
    it is hidden from us: then the second refusal settles it."""
    if waiting.unsure:
        return _already(plan, "")
    return replace(
        _unwritten(plan, CallState.RETRY, reason),
        turn_of=plan.turn_of,
        unsure=True,
    )


def _for_a_person(plan: Plan, reason: Reason) -> Result:
    return _unwritten(plan, CallState.ATTENTION, final(reason))


def _retry_of(plan: Plan, waiting: WaitingCall, reason: Reason) -> Result:
    return replace(retry(plan.call_id, waiting.attempts, reason, _trace(plan)), unsure=False)


def _unwritten(plan: Plan, state: CallState, reason: Reason) -> Result:
    return Result(
        call_id=plan.call_id,
        state=state,
        reason=reason,
        trace=_trace(plan),
        number=plan.number,
        unmapped_line=plan.unmapped_line,
        unsure=False,
    )


def _trace(plan: Plan) -> dict[str, Any]:
    return {"steps": [[one.code, dict(one.params)] for one in plan.trace]}
