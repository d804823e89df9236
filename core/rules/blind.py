"""What the connected user must be let see before anything is created.

See docs/rules.md, "Nothing is created blind".
"""

from __future__ import annotations

from core import reasons
from core.facts import OrgShape
from core.objects import TASK, fields_of
from core.policy import Policy
from core.reasons import Reason

_WHO = f"{TASK}.WhoId"


def hidden(shape: OrgShape, policy: Policy) -> tuple[str, ...]:
    """`Object.Field` of what is hidden, or cannot be searched; empty when we see enough.

    Where no phone field of an object can be searched, "nobody has this number" is not knowledge;
    and a Task that may not say whom it is about would hang on nobody.
    """
    missing: list[str] = []
    for name in policy.searched_objects:
        searched = policy.phone_fields_of(name)
        if not any(shape.can_search(name, one) for one in searched):
            missing += fields_of(name, *searched)
    who = shape.fields.get(TASK, {}).get("WhoId")
    if who is None or not who.createable:
        missing += fields_of(TASK, "WhoId")
    return tuple(missing)


def why_blind(shape: OrgShape, policy: Policy) -> tuple[Reason, ...]:
    """One for each way of mending it; empty when we see enough."""
    missing = hidden(shape, policy)
    phones = [one for one in missing if one != _WHO]
    unseen, closed = (
        ", ".join(one for one in phones if shape.has(*one.split(".")) is there)
        for there in (False, True)
    )
    return (
        *([reasons.hold.blind(fields=unseen)] if unseen else []),
        *([reasons.hold.encrypted(fields=closed)] if closed else []),
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
