"""Who owns what is written: assignment rules, people who left, queues."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from core.objects import GROUP, LEAD, TASK, USER
from core.plan import Update
from dev.check_org.assertions import Found, NotAsked, asserts
from dev.check_org.org import Org
from dev.check_org.writing import row, write


@asserts("A new lead in a graph keeps our owner", expected="the owner that was sent")
def owner_kept_on_create(org: Org) -> Found:
    """By `Sforce-Auto-Assign: FALSE` of the node. Source: REST guide, "Assignment Rule Header"."""
    _need_a_rule(org)
    written = write(org, row(org, "owner_kept_on_create", LEAD))
    return _owner(org, written.id("lead"))


@asserts("A changed lead in a graph keeps its owner", expected="the owner it had")
def owner_kept_on_update(org: Org) -> Found:
    """The rule runs on updates, too. Source: REST guide, "Assignment Rule Header"."""
    name = "owner_kept_on_update"
    _need_a_rule(org)
    lead = write(org, row(org, name, LEAD)).id("lead")
    write(org, Update("change", LEAD, lead, {"Description": org.mark(name)})).needed()
    return _owner(org, lead)


@asserts(
    "An inactive owner is refused and named",
    expected="INACTIVE_OWNER_OR_USER; the product takes another owner",
)
def inactive_owner(org: Org) -> Found:
    found = org.query(
        f"SELECT Id FROM {USER} WHERE IsActive = false AND UserType = 'Standard' LIMIT 1"  # noqa: S608
    )
    if not found:
        raise NotAsked("the org has no inactive user")
    gone = str(found[0]["Id"])
    written = write(org, row(org, "inactive_owner", TASK, OwnerId=gone))
    if written.good:
        return Found(False, "written")
    error = written.error("task")
    learnt = written.judged("task").lessons.not_owner == {gone}
    good = learnt and error.code == "INACTIVE_OWNER_OR_USER"
    return Found(good, str(error).replace(gone[:15], "005…"))


@asserts("A queue that is not for Tasks cannot own one", expected="FIELD_INTEGRITY_EXCEPTION")
def queue_as_owner(org: Org) -> Found:
    """The wording is a guess of the stand-in."""
    served = f"SELECT QueueId FROM QueueSobject WHERE SobjectType = '{TASK}'"  # noqa: S608
    other = f"Type = 'Queue' AND Id NOT IN ({served})"
    queues = org.query(f"SELECT Id FROM {GROUP} WHERE {other} LIMIT 1")  # noqa: S608
    if not queues:
        raise NotAsked("the org has no such queue")
    written = write(org, row(org, "queue_as_owner", TASK, OwnerId=str(queues[0]["Id"])))
    code = "" if written.good else written.error("task").code
    return Found(code == "FIELD_INTEGRITY_EXCEPTION", written.said("task"))


def _need_a_rule(org: Org) -> None:
    """Raises `NotAsked` where none acts: that we keep a lead would then prove nothing."""
    if _owner_of(org, _left_to_the_rule(org)) == org.user_id:
        raise NotAsked("no active assignment rule gives our leads to somebody else")


@cache
def _left_to_the_rule(org: Org) -> str:
    """Id of a lead without an owner of ours. One a run: who gets it may be told by e-mail."""
    ours = row(org, "left_to_the_rule", LEAD)
    fields = {name: value for name, value in ours.fields.items() if name != "OwnerId"}
    return write(org, replace(ours, fields=fields)).id("lead")


def _owner(org: Org, lead: str) -> Found:
    owner = _owner_of(org, lead)
    kept = owner == org.user_id
    return Found(kept, "kept" if kept else f"became {owner or 'one out of our sight'}")


def _owner_of(org: Org, lead: str) -> str:
    """Empty where sharing hides what is somebody else's."""
    found = org.query(f"SELECT OwnerId FROM {LEAD} WHERE Id = '{lead}'")  # noqa: S608  a name, an id
    return str(found[0]["OwnerId"]) if found else ""
