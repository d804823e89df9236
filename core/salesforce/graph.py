"""Plans → composite graphs: one graph, that is one transaction, per client number.

Source: REST guide, "Composite Graph": 75 graphs and 500 nodes a payload, only `/sobjects/` URLs,
every graph its own transaction, `@{node.id}` refers to a record an earlier node creates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.objects import LEAD
from core.plan import Create, Outcome, Plan, Ref, Step, Update, Value

MOST_GRAPHS = 75
MOST_NODES = 500


@dataclass(frozen=True)
class Graph:
    """The plans of one client number, in their order."""

    id: str
    plans: tuple[Plan, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """In the order of writing."""
        steps = [step for plan in self.plans for step in plan.steps]
        return tuple(sorted(steps, key=lambda step: isinstance(step, Update) and step.is_last))


def graphs_of(plans: Sequence[Plan]) -> list[Graph]:
    """Only plans to write; one without a number stands alone."""
    by_number: dict[str, list[Plan]] = {}
    for plan in plans:
        if plan.outcome is Outcome.WRITE:
            by_number.setdefault(plan.number or f"call {plan.call_id}", []).append(plan)
    return [
        Graph(f"graph{place}", tuple(together)) for place, together in enumerate(by_number.values())
    ]


def packs(graphs: Sequence[Graph]) -> Iterator[list[Graph]]:
    """Runs of graphs that fit one request. A single graph is never split: it is a transaction."""
    pack: list[Graph] = []
    nodes = 0
    for graph in graphs:
        if pack and (len(pack) == MOST_GRAPHS or nodes + len(graph.steps) > MOST_NODES):
            yield pack
            pack, nodes = [], 0
        pack.append(graph)
        nodes += len(graph.steps)
    if pack:
        yield pack


def payload(base: str, pack: Sequence[Graph]) -> dict[str, Any]:
    """The body of `POST /composite/graph`; `base` is `/services/data/vNN.0`."""
    return {
        "graphs": [
            {"graphId": graph.id, "compositeRequest": [_node(base, s) for s in graph.steps]}
            for graph in pack
        ]
    }


def _node(base: str, step: Step) -> dict[str, Any]:
    url = f"{base}/sobjects/{step.object}"
    node = {
        "method": "POST" if isinstance(step, Create) else "PATCH",
        "url": url if isinstance(step, Create) else f"{url}/{_value(step.id)}",
        "referenceId": step.step,
        "body": {name: _value(value) for name, value in step.fields.items()},
    }
    if _keeps_owner(step):
        node["httpHeaders"] = {"Sforce-Auto-Assign": "FALSE"}
    return node


def _keeps_owner(step: Step) -> bool:
    """Whether the org's assignment rule must not choose an owner. It would by default, on
    updates as well (REST guide, "Assignment Rule Header"); a lead created without an owner of
    ours is the rule's to give away."""
    return step.object == LEAD and (not isinstance(step, Create) or "OwnerId" in step.fields)


def _value(value: Value | Ref) -> Value:
    if isinstance(value, Ref):
        return f"@{{{value.step}.id}}"
    if isinstance(value, str):
        # Text from a call must not turn into a reference; there is no escape for one.
        return value.replace("@{", "@ {")
    return value
