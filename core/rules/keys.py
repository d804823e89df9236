"""Keys that make a second write of the same thing impossible."""

from __future__ import annotations

from core.objects import CALL_KEY, CALL_OBJECT, LEAD, TASK
from core.rules.handling import Handling


def key_of_person(handling: Handling, object_name: str) -> str:
    """`UniTalk_Key__c` of a new lead or contact: the number; where a converted lead, or a record
    whose phone changed, holds that already, the number and the holder's id."""
    records = handling.facts.leads if object_name == LEAD else handling.facts.contacts
    holders = {one.key: one.id for one in records if one.key}
    key, tried = handling.number, set[str]()
    while key in holders and key not in tried:
        tried.add(key)
        key = f"{handling.number}/{holders[key]}"
    return key


def task_key_field(handling: Handling) -> str:
    """Where the Task carries the call's key: our unique field, else `CallObject`, else nowhere."""
    fields = handling.facts.shape.fields.get(TASK)
    for name in (handling.facts.shape.named(CALL_KEY), CALL_OBJECT):
        left_out = f"{TASK}.{name}" in handling.lessons.leave_out
        if fields and name in fields and fields[name].createable and not left_out:
            return name
    return "" if fields else CALL_OBJECT
