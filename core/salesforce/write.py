"""One write for many calls: plans → graphs → receipts.

plans of one client number → one graph, all or nothing
graph written  → DONE for each of its calls
graph refused  → the step that failed is judged (`refusals`), its neighbours go AGAIN
graph not tried → AGAIN behind others that failed, else LATER
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any

from core import reasons
from core.facts import NOTHING_LEARNT, Lessons, OrgShape
from core.objects import TASK
from core.plan import Create, Plan, Receipt, Ref, Step, Verdict, Written
from core.reasons import Reason
from core.salesforce.client import Client
from core.salesforce.errors import (
    Paused,
    RecordRefused,
    Refusal,
    SalesforceError,
    Transient,
    Unreachable,
)
from core.salesforce.graph import Graph, graphs_of, packs, payload
from core.salesforce.refusals import Judgement, judge
from core.salesforce.translate import rest_error

Node = Mapping[str, Any]

HALTED = reasons.salesforce.halted()


def apply(client: Client, shape: OrgShape, plans: Sequence[Plan]) -> list[Receipt]:
    """Write the plans whose outcome is `write`; one receipt for each.

    Raises `Transient`, `Paused` or `ConnectionDead` only while nothing is known to be written.
    After a `Transient` it is unknown whether Salesforce wrote: the look-up before the next
    attempt recognises the Tasks by their keys.
    """
    receipts: list[Receipt] = []
    remaining = deque(packs(graphs_of(plans)))
    while remaining:
        pack = remaining.popleft()
        try:
            receipts += _write(client, shape, pack)
        except RecordRefused as refused:
            if len(pack) == 1 or refused.http_status != 400:
                receipts += _all_of(pack, Verdict.ATTENTION, refused.reason)
                continue
            # One graph spoils the envelope: halve until it stands alone.
            half = len(pack) // 2
            remaining.extendleft((pack[half:], pack[:half]))
        except SalesforceError as error:
            if not receipts:
                raise
            return receipts + _interrupted(pack, remaining, error)
    return receipts


def _write(client: Client, shape: OrgShape, pack: Sequence[Graph]) -> list[Receipt]:
    answer = client.request("POST", "/composite/graph", payload(client.base, pack))
    return list(_receipts(pack, _answers(answer), shape))


def _all_of(
    pack: Sequence[Graph], verdict: Verdict, reason: Reason, pause: int = 0
) -> list[Receipt]:
    return [
        Receipt(plan.call_id, verdict, reason=reason, pause=pause)
        for graph in pack
        for plan in graph.plans
    ]


def _interrupted(
    sent: Sequence[Graph], unsent: Iterable[Sequence[Graph]], error: SalesforceError
) -> list[Receipt]:
    """Receipts for what an error keeps back; what was written before it has its own."""
    pause = error.seconds if isinstance(error, Paused) else 0
    unanswered = isinstance(error, Transient) and not isinstance(error, Unreachable)
    kept_back = [
        replace(receipt, unanswered=unanswered)
        for receipt in _all_of(sent, Verdict.LATER, error.reason, pause)
    ]
    for pack in unsent:
        kept_back += _all_of(pack, Verdict.LATER, error.reason, pause)
    return kept_back


def _answers(answer: Any) -> dict[str, Mapping[str, Any]]:
    graphs = answer.get("graphs") if isinstance(answer, Mapping) else None
    if not isinstance(graphs, list):
        raise Transient("GRAPH_UNREADABLE")
    return {str(graph.get("graphId")): graph for graph in graphs}


def _receipts(
    pack: Sequence[Graph], answers: Mapping[str, Mapping[str, Any]], shape: OrgShape
) -> Iterator[Receipt]:
    failures = {graph.id: _failures(answers.get(graph.id, {}), graph) for graph in pack}
    # Salesforce stops after 14 failed graphs; once those are settled the rest can go at once.
    untried = Verdict.AGAIN if any(failures.values()) else Verdict.LATER
    for graph in pack:
        answer = answers.get(graph.id, {})
        if answer.get("isSuccessful"):
            yield from (_done(plan, _nodes(answer)) for plan in graph.plans)
        elif failures[graph.id]:
            yield from _refused(graph, failures[graph.id], shape)
        else:
            yield from _all_of([graph], untried, HALTED)


def _nodes(answer: Mapping[str, Any]) -> dict[str, Node]:
    response = answer.get("graphResponse") or {}
    return {str(node.get("referenceId")): node for node in response.get("compositeResponse") or ()}


def _failures(answer: Mapping[str, Any], graph: Graph) -> dict[str, SalesforceError]:
    """By step, the errors that are a cause; halted neighbours are only an effect."""
    if answer.get("isSuccessful"):
        return {}
    nodes = _nodes(answer)
    failures = {}
    for step in graph.steps:
        node = nodes.get(step.step, {})
        status = int(node.get("httpStatusCode") or 0)
        if status < 300:
            continue
        error = rest_error(status, node.get("body"))
        if not (isinstance(error, RecordRefused) and error.refusal is Refusal.HALTED):
            failures[step.step] = error
    return failures


def _done(plan: Plan, nodes: Mapping[str, Node]) -> Receipt:
    records = tuple(_written(step, nodes) for step in plan.steps)
    task_id = next((r.id for r in reversed(records) if r.object == TASK), "")
    return Receipt(plan.call_id, Verdict.DONE, task_id=task_id, records=records)


def _written(step: Step, nodes: Mapping[str, Node]) -> Written:
    if isinstance(step, Create):
        return Written(step.object, _created(step.step, nodes), created=True)
    record = _created(step.id.step, nodes) if isinstance(step.id, Ref) else step.id
    return Written(step.object, record, created=False)


def _created(step: str, nodes: Mapping[str, Node]) -> str:
    """The id that Salesforce gave to what a step created."""
    return str((nodes.get(step, {}).get("body") or {}).get("id") or "")


def _refused(
    graph: Graph, failures: Mapping[str, SalesforceError], shape: OrgShape
) -> Iterator[Receipt]:
    judged = {
        step.step: (step, judge(step, failures[step.step], shape))
        for step in graph.steps
        if step.step in failures
    }
    neighbours = _for_neighbours([judged[name] for name in judged])
    for plan in graph.plans:
        own = [judged[step.step][1] for step in plan.steps if step.step in judged]
        yield _receipt(plan, own[0] if own else neighbours)


def _for_neighbours(judged: Sequence[tuple[Step, Judgement]]) -> Judgement:
    """What the other calls of a refused graph do. They learn what concerns the person they
    share; what was wrong with one Task is wrong with that one only."""
    for _, judgement in judged:
        if judgement.verdict is Verdict.LATER:
            return judgement
    shared = [
        Lessons(
            avoid=one.lessons.avoid,
            not_owner=one.lessons.not_owner,
            lost_sight=one.lessons.lost_sight,
        )
        if step.object == TASK
        else one.lessons
        for step, one in judged
    ]
    return Judgement(Verdict.AGAIN, HALTED, reduce(or_, shared, NOTHING_LEARNT))


def _receipt(plan: Plan, judgement: Judgement) -> Receipt:
    return Receipt(
        plan.call_id,
        judgement.verdict,
        task_id=judgement.task_id,
        reason=judgement.reason,
        lessons=judgement.lessons,
        pause=judgement.pause,
        unanswered=judgement.unanswered,
        otherwise=judgement.otherwise,
    )
