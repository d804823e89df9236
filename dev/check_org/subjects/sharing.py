"""Records given away, where sharing then hides them from us."""

from __future__ import annotations

from core.objects import LEAD, ORGANIZATION, TASK
from core.plan import Ref, Update
from core.salesforce import sharing
from core.salesforce.errors import RecordRefused
from dev.check_org.assertions import Found, NotAsked, asserts
from dev.check_org.org import Org
from dev.check_org.writing import row, write

_OUT_OF_SIGHT = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"


@asserts(
    "A call cannot go on a lead that its graph gave away before",
    expected=f"{_OUT_OF_SIGHT}; the product gives it away last",
)
def given_away_first(org: Org) -> Found:
    """The code is told by help of Revenue.io, a telephony vendor; of a graph by nobody."""
    name = "given_away_first"
    gift = Update("gift", LEAD, Ref("lead"), {"OwnerId": _somebody(org)})
    task = row(org, name, TASK, WhoId=Ref("lead"))
    written = write(org, row(org, name, LEAD), gift, task)
    if written.good:
        return Found(False, "written")
    error = written.error("task")
    return Found(error.code == _OUT_OF_SIGHT, str(error))


@asserts(
    "A lead given away by the last node keeps its call",
    expected="written, the call still on the lead",
)
def given_away_last(org: Org) -> Found:
    """The lead is out of our sight then: it cannot be deleted, and is named as left."""
    name = "given_away_last"
    gift = Update("gift", LEAD, Ref("lead"), {"OwnerId": _somebody(org)})
    written = write(org, row(org, name, LEAD), row(org, name, TASK, WhoId=Ref("lead")), gift)
    if not written.good:
        return Found(False, "; ".join(written.said(step) for step in written.nodes))
    read = org.query(f"SELECT WhoId FROM {TASK} WHERE Id = '{written.id('task')}'")  # noqa: S608
    who = str(read[0]["WhoId"]) if read else "out of our sight"
    kept = who == written.id("lead")
    return Found(kept, "written, the call still on the lead" if kept else f"written; WhoId: {who}")


def _somebody(org: Org) -> str:
    """Another user, to whom a lead may go out of our sight. Raises `NotAsked`."""
    access = ", ".join(sharing.DEFAULTS.values())
    row_of_org = org.query(f"SELECT {access} FROM {ORGANIZATION}")[0]  # noqa: S608  names
    try:
        rights = {n: org.query(one) for n, one in sharing.questions(org.user_id).items()}
    except RecordRefused as refused:
        raise NotAsked(f"our right to see all leads cannot be read: {refused}") from refused
    seen = sharing.sees_all((LEAD,), row_of_org, rights["view_all"], rights["view_all_data"])
    if seen[LEAD] is not False:
        raise NotAsked("we see every lead, whoever owns it")
    others = [one.id for one in org.shape.users.values() if one.is_active and one.id != org.user_id]
    if not others:
        raise NotAsked("no other active user is shown")
    return others[0]
