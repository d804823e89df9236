"""An opportunity shows the whole history of calls with its contact (rules: whom it belongs to).

The manual: "the opportunity shows the history of calls with this number". Calls that we logged on
the contact alone join the opportunity with the call that creates, reopens or first uses it. A Task
that somebody related to anything stays where it is.
"""

from __future__ import annotations

from core import reasons
from core.objects import TASK
from core.plan import Ref, Update
from core.rules.handling import Handling, Person

REFUSED_AT_MOST = 1
"""So many Tasks that may not be changed are left one by one, as each costs an attempt; an org that
refuses more keeps them all."""


def join_earlier_calls(handling: Handling, person: Person, opportunity: str | Ref) -> None:
    """Each of them once a batch; one that cannot be changed stays, and of several all do."""
    what = handling.facts.shape.fields.get(TASK, {}).get("WhatId")
    if what is None or not what.updateable:
        return
    found = _loose(handling, person)
    loose = [one for one in found if not handling.avoids(one)]
    if len(found) - len(loose) > REFUSED_AT_MOST:
        return
    for place, task in enumerate(loose):
        step = handling.step_name(f"join_{place}")
        handling.steps.append(Update(step, TASK, task, {"WhatId": opportunity}, beside=True))
    if loose:
        handling.say(reasons.opportunity.history(count=len(loose)))


def _loose(handling: Handling, person: Person) -> list[str | Ref]:
    """Those in Salesforce, and those that this batch writes in the same transaction."""
    earlier = handling.earlier
    fresh = earlier.loose.pop((handling.transaction, person.id), [])
    known = [] if person.id in earlier.joined else person.loose_calls
    earlier.joined.add(person.id)
    return [*known, *fresh]


def note_loose_call(handling: Handling, person: Person) -> None:
    """The Task just written hangs on the contact alone: a later call of the batch may have it
    join."""
    key = (handling.transaction, person.id)
    handling.earlier.loose.setdefault(key, []).append(Ref(handling.step_name("task")))
