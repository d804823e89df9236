"""Marked rows: written as the product writes, by its own payload, one graph for each group."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import reasons
from core.objects import CONTACT, LEAD, OPPORTUNITY, TASK
from core.plan import Create, Outcome, Plan, Ref, Step, Value
from core.salesforce.errors import SalesforceError
from core.salesforce.graph import Graph, payload
from core.salesforce.refusals import Judgement, judge
from core.salesforce.translate import rest_error
from dev.check_org.assertions import NotAsked
from dev.check_org.org import Org

NAME_OF = {LEAD: "LastName", CONTACT: "LastName", OPPORTUNITY: "Name", TASK: "Subject"}
"""Where the mark stands, by object."""
SAVE_DUPLICATES = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
"""Our rows resemble each other; a duplicate rule that only warns must not refuse them."""


@dataclass(frozen=True)
class Written:
    """What became of one graph. `nodes`: its answers by step."""

    org: Org
    steps: tuple[Step, ...]
    good: bool
    nodes: Mapping[str, Mapping[str, Any]]

    def id(self, step: str) -> str:
        """Of what a step created. Raises as `needed` does."""
        return str(self.needed().nodes[step]["body"]["id"])

    def needed(self) -> Written:
        """Itself, where more is to be asked about it. Raises `NotAsked` when it was refused."""
        if self.good:
            return self
        errors = [self.error(step) for step in self.nodes]
        cause = next((one for one in errors if one.code != "PROCESSING_HALTED"), errors[0])
        raise NotAsked(f"our own row was refused: {cause}")

    def error(self, step: str) -> SalesforceError:
        """How the product reads the answer of one step."""
        return rest_error(int(self.nodes[step]["httpStatusCode"]), self.nodes[step]["body"])

    def judged(self, step: str) -> Judgement:
        """What the product does about it."""
        refused = next(one for one in self.steps if one.step == step)
        return judge(refused, self.error(step), self.org.shape)

    def said(self, step: str) -> str:
        """`written`, or the refusal as it came."""
        return "written" if self.good else str(self.error(step))


def write(org: Org, *steps: Step, save_duplicates: bool = True) -> Written:
    """One graph. Raises what `core.salesforce.errors` lists when the whole request is refused."""
    return write_each(org, [steps], save_duplicates=save_duplicates)[0]


def write_each(
    org: Org, groups: Sequence[tuple[Step, ...]], *, save_duplicates: bool = True
) -> list[Written]:
    """A graph for each group, all in one request."""
    graphs = [Graph(f"graph{place}", (_plan(steps),)) for place, steps in enumerate(groups)]
    body = payload(org.client.base, graphs)
    if save_duplicates:
        for node in (node for graph in body["graphs"] for node in graph["compositeRequest"]):
            node["httpHeaders"] = {**node.get("httpHeaders", {}), **SAVE_DUPLICATES}
    answers = org.client.request("POST", "/composite/graph", body)["graphs"]
    by_id = {str(answer["graphId"]): answer for answer in answers}
    return [_written(org, graph, by_id[graph.id]) for graph in graphs]


def row(
    org: Org, assertion: str, object_name: str, step: str = "", **fields: Value | Ref
) -> Create:
    """A marked row with what Salesforce requires of it; `step` is the object's name unless said."""
    required: dict[str, Value] = {}
    if object_name == LEAD:
        required = {"Company": org.mark(assertion), "OwnerId": org.user_id}
    if object_name == OPPORTUNITY:
        stage = next((one.name for one in org.shape.stages if not one.is_closed), "Prospecting")
        required = {"StageName": stage, "CloseDate": "2099-12-31"}
    if object_name == TASK:
        required = {"Status": org.shape.closed_task_status or "Completed"}
    marked = {NAME_OF[object_name]: org.mark(assertion)}
    return Create(step or object_name.lower(), object_name, {**marked, **required, **fields})


def made_up_phone() -> str:
    """A Ukrainian number in E.164, another each time: rows that a run left must not answer."""
    return f"+38050555{random.randrange(10**4):04}"  # noqa: S311  not a secret


def _plan(steps: tuple[Step, ...]) -> Plan:
    return Plan(0, "", Outcome.WRITE, reasons.write.lead_created(), steps=steps)


def _written(org: Org, graph: Graph, answer: Mapping[str, Any]) -> Written:
    nodes = answer["graphResponse"]["compositeResponse"]
    by_step = {str(node["referenceId"]): node for node in nodes}
    good = bool(answer["isSuccessful"])
    if good:
        org.written += [str(one["body"]["id"]) for one in nodes if one["httpStatusCode"] == 201]
    return Written(org, graph.steps, good, by_step)
