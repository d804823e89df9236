"""A colleague answered: the owner of the record learns that somebody else spoke with the client.

An open Task of the owner's own, in the call's graph: written once, with the call or not at all. It
is no second log of the call: reports that count calls by type, length or line do not count it.
"""

from __future__ import annotations

from core import reasons
from core.call import Direction
from core.objects import GROUP, OWNERS_KEY_ENDS, TASK, object_of
from core.plan import Create, Ref
from core.rules import wording
from core.rules.fields import Values, fields_to_create
from core.rules.handling import Handling, Person
from core.rules.keys import key_of_task
from core.rules.owners import user_name
from core.rules.task import due_of, to_do


def tell_owner(handling: Handling, person: Person, what: str | Ref) -> None:
    """The call can do without it. Nobody is told of a record that this batch makes, nor where the
    employee is unknown: it may have been the owner."""
    spoke = handling.policy.user_of_line(handling.call.line)
    if not (handling.policy.tell_owner and _was_answered(handling) and spoke):
        return
    if isinstance(person.id, Ref) or person.owner_id in ("", spoke):
        return
    if not _can_be_told(handling, person):
        handling.say(reasons.task.nobody_to_tell(name=person.name))
        return
    step = handling.step_name("tell_owner")
    if handling.avoids(Ref(step)):
        handling.say(reasons.task.owner_not_told(owner=user_name(handling, person.owner_id)))
        return
    _write(handling, step, person, what, user_name(handling, spoke))


def _was_answered(handling: Handling) -> bool:
    return handling.call.answered and handling.call.direction is Direction.IN


def _can_be_told(handling: Handling, person: Person) -> bool:
    owner = person.owner_id
    is_a_user = object_of(owner) != GROUP and person.owner_active
    return is_a_user and owner not in handling.lessons.not_owner


def _write(handling: Handling, step: str, person: Person, what: str | Ref, employee: str) -> None:
    due = due_of(handling)
    values: Values = {
        "Subject": wording.spoke_with(handling, employee),
        **to_do(handling, due),
        "Description": wording.description(handling, with_duration=False),
        "WhoId": person.id,
        "WhatId": what or None,
        "OwnerId": person.owner_id,
        **key_of_task(handling, OWNERS_KEY_ENDS),
    }
    fields, own = fields_to_create(handling, TASK, values)
    handling.steps.append(Create(step, TASK, fields, own, beside=True))
    owner = user_name(handling, person.owner_id)
    handling.say(reasons.task.owner_told(owner=owner, employee=employee, due=due))
