"""What the connected user must be let see before anything is created.

See docs/rules.md, "Nothing is created blind".
"""

from __future__ import annotations

from core import reasons
from core.facts import OrgShape
from core.objects import CONTACT, LEAD, TASK, fields_of
from core.policy import Mode, Policy
from core.reasons import Reason

_WHO = f"{TASK}.WhoId"


def hidden(shape: OrgShape, policy: Policy) -> tuple[str, ...]:
    """`Object.Field` of what is hidden, or cannot be searched or set; empty when we see enough.

    Where no phone field of an object can be searched, "nobody has this number" is not knowledge;
    a new record without a number is not found by the next call; and a Task that may not say whom
    it is about would hang on nobody.
    """
    missing: list[str] = []
    for name in policy.searched_objects:
        wanted = policy.phone_fields_of(name)
        searched = [one for one in wanted if shape.can_search(name, one)]
        if not searched:
            missing += fields_of(name, *wanted)
        elif _is_created(name, shape, policy) and not _can_set(shape, name, *searched):
            missing += fields_of(name, *searched)
    who = shape.fields.get(TASK, {}).get("WhoId")
    if who is None or not who.createable:
        missing += fields_of(TASK, "WhoId")
    return tuple(missing)


def _is_created(object_name: str, shape: OrgShape, policy: Policy) -> bool:
    """Whether calls make new ones. Who may create none has none without a number."""
    new = LEAD if policy.mode is Mode.LEADS else CONTACT
    return object_name == new and _can_set(shape, new, *shape.fields.get(new, ()))


def _can_set(shape: OrgShape, object_name: str, *names: str) -> bool:
    return any(shape.fields[object_name][one].createable for one in names)


def why_blind(shape: OrgShape, policy: Policy) -> tuple[Reason, ...]:
    """One for each way of mending it; empty when we see enough."""
    missing = hidden(shape, policy)
    phones = [one for one in missing if one != _WHO]
    unseen = [one for one in phones if not shape.has(*one.split("."))]
    fixed = [one for one in phones if shape.can_search(*one.split("."))]
    closed = [one for one in phones if one not in (*unseen, *fixed)]
    return (
        *([reasons.hold.blind(fields=", ".join(unseen))] if unseen else []),
        *([reasons.hold.encrypted(fields=", ".join(closed))] if closed else []),
        *([reasons.hold.no_number(fields=", ".join(fixed))] if fixed else []),
        *([reasons.hold.no_who()] if _WHO in missing else []),
    )


def encrypted(shape: OrgShape, policy: Policy, object_name: str) -> tuple[str, ...]:
    """`Object.Field` of searched fields that the org has and no query may ask for."""
    searched = policy.phone_fields_of(object_name)
    unsearchable = (
        one
        for one in searched
        if shape.has(object_name, one) and not shape.can_search(object_name, one)
    )
    return fields_of(object_name, *unsearchable)
