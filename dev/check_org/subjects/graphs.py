"""Composite graphs: what is written, what a failed one says, and where a request ends."""

from __future__ import annotations

from core.objects import LEAD, TASK
from core.plan import Create, Ref, Update
from core.salesforce.errors import RecordRefused, Refusal, SalesforceError
from dev.check_org.assertions import Found, asserts
from dev.check_org.org import Org
from dev.check_org.writing import Written, row, write, write_each

HALTED = "The transaction was rolled back since another operation in the same transaction failed."
_TOO_LONG = "x" * 256
"""A CallDisposition holds 255 characters."""
_DEEPEST = 15
_MOST_FAILED = 14


@asserts("A graph writes a lead and the call on it", expected="both, in 1 API call")
def graph_is_written(org: Org) -> Found:
    """Source: REST guide, "Composite Graph"."""
    lead = row(org, "graph_is_written", LEAD)
    task = row(org, "graph_is_written", TASK, WhoId=Ref("lead"))
    before = org.calls
    written = write(org, lead, task)
    calls = org.calls - before
    if not written.good:
        return Found(False, f"{written.said('lead')}; {written.said('task')}")
    read = org.query(f"SELECT WhoId FROM Task WHERE Id = '{written.id('task')}'")  # noqa: S608
    on_it = str(read[0]["WhoId"]) == written.id("lead")
    text = f"both{'' if on_it else ', the call not on the lead'}, in {calls} API call"
    return Found(on_it and calls == 1, text)


@asserts(
    "The node of a failed graph that is the cause says so",
    expected="its own code there, PROCESSING_HALTED at the others",
)
def failed_node(org: Org) -> Found:
    failed = _failed(org, "failed_node")
    codes = {step: failed.error(step).code for step in failed.nodes}
    wanted = {"one": "PROCESSING_HALTED", "two": "STRING_TOO_LONG", "three": "PROCESSING_HALTED"}
    return Found(codes == wanted, ", ".join(f"{step}: {code}" for step, code in codes.items()))


@asserts("The others are told that they were rolled back", expected=HALTED)
def halted_text(org: Org) -> Found:
    texts = {_failed(org, "halted_text").error(step).message for step in ("one", "three")}
    return Found(texts == {HALTED}, " / ".join(sorted(texts)))


@asserts(
    "After 14 failed graphs the rest is not tried",
    expected="14 or 15 with their own code, the others PROCESSING_HALTED",
)
def twenty_failing_graphs(org: Org) -> Found:
    """Source: REST guide, "Composite Graph Limits": halted when failures exceed 14, which may mean
    after the fourteenth or after the fifteenth."""
    steps = [(_bad(org, "twenty_failing_graphs", f"task{place}"),) for place in range(20)]
    graphs = write_each(org, steps)
    errors = [graph.error(next(iter(graph.nodes))) for graph in graphs]
    causes = [error for error in errors if not _is_halted(error)]
    in_order = errors[: len(causes)] == causes
    rest = {error.message for error in errors if _is_halted(error)}
    text = f"{len(causes)} with their own code, then “{' / '.join(sorted(rest))}”"
    good = in_order and len(causes) in (_MOST_FAILED, _MOST_FAILED + 1)
    return Found(good, text)


@asserts("Sixteen ids of one object are one kind of node", expected="16 of 16 written")
def sixteen_ids(org: Org) -> Found:
    """Source: REST guide, "Composite Graph Limits": 15 different nodes a request, which differ by
    version, method and object; ids are not spoken of."""
    steps = [row(org, "sixteen_ids", LEAD, f"lead{place}") for place in range(16)]
    leads = write(org, *steps)
    change = {"Description": org.mark("sixteen_ids")}
    updates = [(Update(one.step, LEAD, leads.id(one.step), change),) for one in steps]
    try:
        graphs = write_each(org, updates)
    except RecordRefused as refused:
        return Found(False, str(refused))
    written = sum(one.good for one in graphs)
    return Found(written == len(steps), f"{written} of {len(steps)} written")


@asserts(
    "A graph may be fifteen references deep",
    expected="15 written, 16 refused as a whole with 400",
)
def graph_depth(org: Org) -> Found:
    """Source: REST guide, "Composite Graph Limits". That a chain of references is what is counted
    is a guess of the stand-in."""
    chain = [row(org, "graph_depth", TASK, "task0")]
    for place in range(1, _DEEPEST + 1):
        deeper = row(org, "graph_depth", TASK, f"task{place}", Description=Ref(f"task{place - 1}"))
        chain.append(deeper)
    allowed = write(org, *chain[:_DEEPEST])
    try:
        too_deep = write(org, *chain)
    except RecordRefused as refused:
        good = allowed.good and refused.http_status == 400
        return Found(good, f"15: {allowed.said('task0')}; 16: {refused}")
    return Found(False, f"15: {allowed.said('task0')}; 16: {too_deep.said('task0')}")


@asserts("A query is no node of a graph", expected="the whole request refused with 400")
def query_in_a_graph(org: Org) -> Found:
    """Source: REST guide, "Composite Graph": `/sobjects/` URLs only. Whether the request or the
    node is refused is not told."""
    node = {
        "method": "GET",
        "url": f"{org.client.base}/query/?q=SELECT+Id+FROM+{LEAD}+LIMIT+1",
        "referenceId": "query",
    }
    body = {"graphs": [{"graphId": "graph", "compositeRequest": [node]}]}
    answer = org.send("POST", "/composite/graph", body)
    return Found(answer.status == 400, f"{answer.status}: {answer.text[:120]}")


def _failed(org: Org, assertion: str) -> Written:
    """A graph whose second node of three cannot be written."""
    one = row(org, assertion, LEAD, "one")
    three = row(org, assertion, TASK, "three", WhoId=Ref("one"))
    return write(org, one, _bad(org, assertion, "two"), three)


def _bad(org: Org, assertion: str, step: str) -> Create:
    return row(org, assertion, TASK, step, CallDisposition=_TOO_LONG)


def _is_halted(error: SalesforceError) -> bool:
    return isinstance(error, RecordRefused) and error.refusal is Refusal.HALTED
