"""Keys that make a second write of the same thing impossible."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from core import reasons
from core.call import call_object
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


def key_of_task(handling: Handling, ends_with: str = "") -> Mapping[str, str]:
    """The field that carries the call's key, and the key, with an ending where another Task than
    the call's own carries it."""
    field = _key_field(handling)
    if not field:
        handling.say(reasons.task.no_key())
        return {}
    key = handling.call.key + ends_with
    info = handling.facts.shape.fields.get(TASK, {}).get(field)
    if info and len(key) > info.length > 0:  # cut, two long keys could be one
        digest = sha256(handling.call.key.encode()).hexdigest()
        key = digest[: info.length - len(ends_with)] + ends_with
    return {field: call_object(key) if field == CALL_OBJECT else key}


def _key_field(handling: Handling) -> str:
    """Our unique field, else `CallObject`, else none."""
    fields = handling.facts.shape.fields.get(TASK)
    for name in (handling.facts.shape.named(CALL_KEY), CALL_OBJECT):
        left_out = f"{TASK}.{name}" in handling.lessons.leave_out
        if fields and name in fields and fields[name].createable and not left_out:
            return name
    return "" if fields else CALL_OBJECT
