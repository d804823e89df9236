"""Keys that make a second write of the same thing impossible."""

from __future__ import annotations

from core.objects import CALL_OBJECT, LEAD, TASK, TASK_KEYS
from core.rules.case import Case


def key_of_person(case: Case, object_name: str) -> str:
    """`UniTalk_Key__c` of a new lead or contact: the number; where a converted lead, or a record
    whose phone changed, holds that already, the number and the holder's id."""
    records = case.facts.leads if object_name == LEAD else case.facts.contacts
    holders = {one.key: one.id for one in records if one.key}
    key, tried = case.number, set[str]()
    while key in holders and key not in tried:
        tried.add(key)
        key = f"{case.number}/{holders[key]}"
    return key


def task_key_field(case: Case) -> str:
    """Where the Task carries the call's key: our unique field, else `CallObject`, else nowhere."""
    fields = case.facts.shape.fields.get(TASK)
    for name in TASK_KEYS:
        left_out = f"{TASK}.{name}" in case.lessons.leave_out
        if fields and name in fields and fields[name].createable and not left_out:
            return name
    return "" if fields else CALL_OBJECT
