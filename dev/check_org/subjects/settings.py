"""What the org's admin has set up: duplicate rules, stages, statuses, users."""

from __future__ import annotations

from core.objects import LEAD
from core.salesforce.errors import RecordRefused
from dev.check_org.assertions import Found, NotAsked, asserts
from dev.check_org.org import Org
from dev.check_org.writing import made_up_phone, row, write

_RULES = (
    "SELECT DeveloperName, SobjectType FROM DuplicateRule WHERE IsActive = true"
    " ORDER BY SobjectType"
)

_PAUSE = 5.0
"""Seconds."""


@asserts("Active duplicate rules can be read", expected="a list, each with its object")
def duplicate_rules(org: Org) -> Found:
    """Source: Object Reference, "DuplicateRule"."""
    rules = org.query(_RULES)
    named = [f"{rule['SobjectType']}: {rule['DeveloperName']}" for rule in rules]
    whole = all(rule["SobjectType"] and rule["DeveloperName"] for rule in rules)
    return Found(whole, ", ".join(named) or "none active")


@asserts(
    "A duplicate lead is refused and the first one named",
    expected="DUPLICATES_DETECTED; the product takes the first lead",
)
def duplicate_named(org: Org) -> Found:
    """The key of the details is spelled `duplicateResut` by the platform."""
    _need_a_rule(org)
    same = {
        "FirstName": "Twice",
        "Email": f"twice-{org.run}@example.com",
        "Phone": made_up_phone(),
    }
    first = write(org, row(org, "duplicate_named", LEAD, **same))
    again = write(org, row(org, "duplicate_named", LEAD, **same), save_duplicates=False)
    if again.good:  # the rule may not have seen the first one yet
        org.sleep(_PAUSE)
        again = write(org, row(org, "duplicate_named", LEAD, **same), save_duplicates=False)
    if again.good:
        raise NotAsked("no rule that compares leads")
    error = again.error("lead")
    used = again.judged("lead").lessons.use
    good = isinstance(error, RecordRefused) and first.id("lead") in used
    return Found(good, f"{error.code}; names {len(used)} lead")


@asserts("There are open and closed stages", expected="some of both")
def stages(org: Org) -> Found:
    opened = [one.name for one in org.shape.stages if not one.is_closed]
    closed = [one.name for one in org.shape.stages if one.is_closed]
    return _both(opened, closed)


@asserts("There are open and closed statuses of Tasks", expected="some of both")
def task_statuses(org: Org) -> Found:
    rows = org.described["statuses"]["records"]
    opened = [str(one["ApiName"]) for one in rows if not one["IsClosed"]]
    closed = [str(one["ApiName"]) for one in rows if one["IsClosed"]]
    return _both(opened, closed)


@asserts("The users are shown, the connected one among them", expected="more than one")
def users_shown(org: Org) -> Found:
    """Sharing of users may be private. Source: Salesforce Help, "User Sharing"."""
    found = len(org.shape.users)
    ours = org.user_id in org.shape.users
    if ours and found == 1:
        raise NotAsked("the connected user alone is shown, who may be the only one")
    text = f"{found} users, {'with' if ours else 'without'} the connected one"
    return Found(ours, text)


def _need_a_rule(org: Org) -> None:
    """Raises `NotAsked` where none is active, or none can be read."""
    try:
        rules = org.query(_RULES)
    except RecordRefused as refused:
        raise NotAsked(f"duplicate rules cannot be read: {refused}") from refused
    if not any(rule["SobjectType"] == LEAD for rule in rules):
        raise NotAsked("no active duplicate rule for leads")


def _both(opened: list[str], closed: list[str]) -> Found:
    text = f"open: {', '.join(opened) or 'none'}; closed: {', '.join(closed) or 'none'}"
    return Found(bool(opened and closed), text)
