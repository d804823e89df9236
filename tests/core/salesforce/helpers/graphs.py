"""Answers of a composite graph, and plans to write."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from core import reasons
from core.plan import Create, Outcome, Plan, Ref, Update, Value
from tests.core.salesforce.helpers.scripted import ok

Node = dict[str, Any]
NUMBER = "+380501112233"
HALTED = [
    {
        "errorCode": "PROCESSING_HALTED",
        "message": "The transaction was rolled back since another operation in the same"
        " transaction failed.",
    }
]


def task(call_id: int, who: str | Ref, **fields: Value) -> Create:
    values: dict[str, Value | Ref] = {
        "Subject": "Call",
        "WhoId": who,
        "UniTalk_Call_Id__c": f"k{call_id}",
        **fields,
    }
    return Create(f"task{call_id}", "Task", values)


def plan(call_id: int, *steps: Create | Update, number: str = NUMBER) -> Plan:
    return Plan(
        call_id=call_id,
        call_key=f"k{call_id}",
        outcome=Outcome.WRITE,
        reason=reasons.write.lead_created(),
        number=number,
        steps=steps,
    )


def new_lead(call_id: int, number: str = NUMBER, **fields: Value) -> Plan:
    """A lead made for the call, and the call logged on it."""
    own = frozenset(name for name in fields if name.endswith("__c"))
    values: dict[str, Value | Ref] = {"LastName": number, "Company": "Unknown"}
    values |= {"OwnerId": "005000000000001AAA", **fields}
    lead = Create(f"lead{call_id}", "Lead", values, own=own)
    return plan(call_id, lead, task(call_id, Ref(f"lead{call_id}")), number=number)


def known_lead(call_id: int, lead_id: str = "00Q000000000001EAA", **fields: Value) -> Plan:
    return plan(call_id, task(call_id, lead_id, **fields))


def graphs(**failing: object) -> Callable[[httpx.Request], httpx.Response]:
    """Writes every graph but those with a failing step, given as `step=error`; an error is a
    list of error objects, or the name of a code."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)["graphs"]
        return ok({"graphs": [_graph(graph, failing) for graph in asked]})

    return answer


def _graph(graph: Node, failing: Node) -> Node:
    nodes = graph["compositeRequest"]
    refused = any(node["referenceId"] in failing for node in nodes)
    answers = [_node(node, failing) if refused else _written(node) for node in nodes]
    return {
        "graphId": graph["graphId"],
        "graphResponse": {"compositeResponse": answers},
        "isSuccessful": not refused,
    }


def _node(node: Node, failing: Node) -> Node:
    error = failing.get(node["referenceId"], HALTED)
    if isinstance(error, str):
        error = [{"errorCode": error, "message": "Own words", "fields": []}]
    return {
        "body": error,
        "httpHeaders": {},
        "httpStatusCode": 400,
        "referenceId": node["referenceId"],
    }


def _written(node: Node) -> Node:
    created = node["method"] == "POST"
    body = {"id": f"id-of-{node['referenceId']}", "success": True, "errors": []}
    return {
        "body": body if created else None,
        "httpHeaders": {},
        "httpStatusCode": 201 if created else 204,
        "referenceId": node["referenceId"],
    }
