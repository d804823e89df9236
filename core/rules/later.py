"""Found later: a number that nobody has is looked for again, as somebody may yet make a record.

A manager who calls a new client often saves him only after the call.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core import reasons
from core.clock import later, started
from core.reasons import Reason
from core.rules.handling import Handling, Person

LOOKED_FOR = timedelta(hours=24)
"""From the call's beginning."""


def look_until(handling: Handling, skipped: Reason) -> datetime | None:
    """Until when; None = the number is not looked for."""
    is_unknown = skipped.is_one_of(reasons.skip.outgoing_unknown)
    if not (is_unknown and handling.policy.find_later):
        return None
    until = later(started(handling.call, handling.policy.zone), LOOKED_FOR)
    if until <= handling.facts.now:
        return None
    handling.say(reasons.skip.looked_for(until=until))
    return until


def told_as_found(handling: Handling, person: Person, reason: Reason) -> Reason:
    """Why the call is written; where it was skipped before, that it was found later."""
    if not handling.waiting.was_unknown or not isinstance(person.id, str):
        return reason
    handling.say(reason)
    return reasons.write.found_later(name=person.name)
