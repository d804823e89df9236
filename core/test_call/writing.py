"""Writing a test call as a delivery would, lessons and all, on nobody's records."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import replace

from core import reasons
from core.facts import NOTHING_LEARNT, Facts, OrgShape, WaitingCall
from core.plan import Create, Outcome, Plan, Receipt, Update, Verdict
from core.rules import decide, triage
from core.salesforce.errors import SalesforceError, Transient, Unreachable
from core.store.database import utc_now
from core.test_call import compare
from core.test_call.call import free_number, kept_ours, made_up, marked, on_no_account, some_numbers
from core.test_call.finish import look_for
from core.test_call.report import Left, Record
from core.test_call.run import Run, in_words

ATTEMPTS = 5
"""As many as a delivery makes at once; it would go on with pauses."""
SECONDS_OF_A_LOCK = 1.0
_NEITHER_HAPPENS = (reasons.loop.opened, reasons.skip.looked_for)
"""It is nobody's call: nothing waits for it, and nothing is remembered of it."""
_LINKS = ("WhoId", "WhatId", "ContactId", "OpportunityId")
"""What joins a record to another; one that exists already is the customer's."""


def write(run: Run) -> bool:
    """Whether it was written; the report then says what stands in the org.

    Raises what `errors` lists.
    """
    found = _begin(run)
    for _ in range(ATTEMPTS):
        if found is None:
            return False
        waiting, facts = found
        plan = _plan(run, waiting, facts)
        if plan.outcome is Outcome.ALREADY:  # an attempt before this one went through after all
            run.tell(unsure=True)
            return _find(run, plan)
        if plan.outcome is not Outcome.WRITE or _is_on_existing(run, plan, facts):
            return False
        receipt = _apply(run, plan, facts.shape)
        if receipt is None:
            return _find(run, plan)
        if receipt.verdict is Verdict.DONE:
            done = zip(plan.steps, receipt.records, strict=True)
            _keep(run, {step.step: one.id for step, one in done if one.created})
            return True
        found = _learn(run, waiting, receipt)
    return False


def _begin(run: Run) -> tuple[WaitingCall, Facts] | None:
    for _ in range(ATTEMPTS):
        numbers = some_numbers()
        facts = _ask(run, numbers)
        if number := free_number(numbers, facts, run.policy.region):
            run.tell(number=number)
            report = run.report
            waiting = made_up(report.kind, report.key, number, run.policy, facts.seen_lines)
            return waiting, facts
    run.tell(trouble=reasons.test_call.taken())
    return None


def _ask(run: Run, numbers: Collection[str], use: Collection[str] = ()) -> Facts:
    lines = run.store.seen.external_lines_lately(run.account_id)
    return run.org.look_up(numbers, [run.report.key], sorted(use), run.policy, lines)


def _plan(run: Run, waiting: WaitingCall, facts: Facts) -> Plan:
    """As a delivery decides it, and told; to be written under marked names."""
    plan = triage(waiting, run.policy, "active", facts.seen_lines)
    plan = plan or decide([waiting], run.policy, facts)[0]
    plan = on_no_account(kept_ours(marked(plan, run.report.mark, facts.shape), facts))
    run.tell(
        outcome=plan.outcome.value,
        reason=plan.reason,
        trace=tuple(one for one in plan.trace if not one.is_one_of(*_NEITHER_HAPPENS)),
        records=compare.planned(plan, facts.shape),
    )
    return plan


def _is_on_existing(run: Run, plan: Plan, facts: Facts) -> bool:
    """Whether the plan would touch what the test call did not create, as where a duplicate rule
    names a record of the customer's."""
    if not any(
        (isinstance(step, Update) and isinstance(step.id, str))
        or any(isinstance(step.fields.get(one), str) for one in _LINKS)
        for step in plan.steps
    ):
        return False
    who = str(plan.who)
    names = [one.name for one in facts.people if one.id == who]
    run.tell(trouble=reasons.test_call.existing(name=names[0] if names else who), existing=who)
    return True


def _apply(run: Run, plan: Plan, shape: OrgShape) -> Receipt | None:
    """None when Salesforce may have written it, and did not say so."""
    if not run.tell(unsure=True, sent_at=utc_now()):
        raise Unreachable("NOT_KEPT")  # nothing is written that nobody would find again
    try:
        (receipt,) = run.org.apply([plan], shape)
    except SalesforceError as error:
        if isinstance(error, Transient) and not isinstance(error, Unreachable):
            return None
        run.tell(unsure=False)
        raise
    if receipt.verdict is Verdict.DONE:
        return receipt if receipt.records else None
    if receipt.unanswered:
        return None
    run.tell(unsure=False)
    return receipt


def _keep(run: Run, ids: Mapping[str, str]) -> None:
    """What was created, before anything else is done: by step of the plan, its id."""
    records = _with_ids(run, ids)
    created = tuple(Left(object=one.object, id=one.id) for one in records)
    run.tell(unsure=False, records=records, left=(*run.report.left, *created))


def _find(run: Run, plan: Plan) -> bool:
    """After a write without an answer: whether it stands in the org."""
    before = {one.id for one in run.report.left}
    look_for(run)
    if run.report.unsure:
        run.tell(trouble=reasons.test_call.unanswered())
        return False
    found = {one.object: one.id for one in run.report.left if one.id not in before}
    made = [step for step in plan.steps if isinstance(step, Create)]
    ids = {step.step: found.get(step.object, "") for step in made}
    run.tell(records=_with_ids(run, ids))
    return True


def _with_ids(run: Run, ids: Mapping[str, str]) -> tuple[Record, ...]:
    records = zip(run.report.records, ids.values(), strict=True)
    return tuple(compare.written(one, record_id, ids) for one, record_id in records)


def _learn(run: Run, waiting: WaitingCall, receipt: Receipt) -> tuple[WaitingCall, Facts] | None:
    """The call as it is tried again, as a delivery does; None, and why, when it is not."""
    reason = in_words(receipt.reason or reasons.test_call.broken_off())
    learnt = waiting.lessons | receipt.lessons
    is_over = receipt.verdict is Verdict.ATTENTION or receipt.pause
    if is_over or (receipt.lessons != NOTHING_LEARNT and learnt == waiting.lessons):
        run.tell(trouble=reason)
        return None
    run.tell(refusals=(*run.report.refusals, reason))
    if receipt.verdict is Verdict.LATER:
        time.sleep(SECONDS_OF_A_LOCK)
    again = replace(waiting, lessons=learnt, attempts=waiting.attempts + 1)
    return again, _ask(run, [waiting.number], learnt.use)
