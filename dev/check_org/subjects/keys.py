"""Unique keys: what makes a call be written once, and a person be created once."""

from __future__ import annotations

import re

from core.objects import CALL_KEY, LEAD, RECORD_KEY, TASK
from core.plan import Verdict
from core.salesforce.ids import to_18
from dev.check_org.assertions import Found, NotAsked, asserts
from dev.check_org.org import Org
from dev.check_org.writing import Written, row, write


@asserts(
    "The same call key again is refused and names the Task",
    expected="DUPLICATE_VALUE, an id of 15 characters, no `fields`; the product calls it written",
)
def call_key_again(org: Org) -> Found:
    """Text and id as captures show them; no document tells of either."""
    first, again = _twice(org, TASK, CALL_KEY, "call_key_again")
    if again.good:
        return Found(False, "written twice")
    judged = again.judged("task")
    known = judged.verdict is Verdict.DONE and judged.task_id == first.id("task")
    return _duplicate(again, "task", first.id("task"), known)


@asserts("A call key that differs in case is another one", expected="both written")
def call_key_in_other_case(org: Org) -> Found:
    name = "call_key_in_other_case"
    key = _key(org, TASK, CALL_KEY)
    write(org, row(org, name, TASK, **{key: f"check-{org.run}-case"})).id("task")
    other = write(org, row(org, name, TASK, **{key: f"check-{org.run}-CASE"}))
    return Found(other.good, other.said("task"))


@asserts(
    "The same record key on a lead names the lead",
    expected="DUPLICATE_VALUE, an id of 15 characters, no `fields`; the product takes that lead",
)
def record_key_again(org: Org) -> Found:
    first, again = _twice(org, LEAD, RECORD_KEY, "record_key_again")
    if again.good:
        return Found(False, "written twice")
    known = again.judged("lead").lessons.use == {first.id("lead")}
    return _duplicate(again, "lead", first.id("lead"), known)


def _key(org: Org, object_name: str, key: str) -> str:
    name = org.named(key)
    if not org.shape.has(object_name, name):
        raise NotAsked("our package is not installed")
    return name


def _twice(org: Org, object_name: str, key: str, assertion: str) -> tuple[Written, Written]:
    own = {_key(org, object_name, key): f"check-{org.run}-{assertion}"}
    one, two = (write(org, row(org, assertion, object_name, **own)) for _ in range(2))
    return one, two


def _duplicate(again: Written, step: str, first_id: str, known: bool) -> Found:
    """`known`: whether the product learns the right thing of it."""
    error = again.error(step)
    named = re.findall(r"\b\w{15}(?:\w{3})?\b", error.message.rpartition(":")[2])
    spelled = [len(one) for one in named if to_18(one) == to_18(first_id)]
    good = known and error.code == "DUPLICATE_VALUE" and spelled == [15] and not error.fields
    text = f"{error}; id length {spelled or 'none'}; fields {list(error.fields)}"
    return Found(good, text.replace(first_id[:15], first_id[:3] + "…"))
