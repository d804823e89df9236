"""Talks that answer a missed call: with the client it came from, over no sooner than it was missed.

Usually a talk comes after the missed call. A call that is told late finds its talk told already, by
the journal or in the same batch.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core import reasons
from core.call import Call, Direction
from core.clock import started
from core.loops import answers
from core.reasons import Reason
from core.rules.handling import Handling
from core.rules.owners import user_name


def note_talk(handling: Handling) -> None:
    """A call that is written: a later one of the batch may have been missed before it."""
    if handling.call.answered:
        handling.earlier.spoken.setdefault(handling.number, []).append(handling.call)


def talk_since(handling: Handling) -> Call | None:
    """The first talk that answers this missed call."""
    number, missed_at = handling.number, began(handling, handling.call)
    told = [*handling.facts.spoken.get(number, ()), *handling.earlier.spoken.get(number, ())]
    found = (one for one in told if answers(one, began(handling, one), missed_at))
    return min(found, key=lambda one: began(handling, one), default=None)


def spoken(handling: Handling, talk: Call, missed_at: datetime) -> Reason:
    """How soon somebody has spoken with the client: whoever it was, or their line, where known."""
    outgoing, passed = talk.direction is Direction.OUT, after(handling, talk, missed_at)
    user = handling.policy.user_of_line(talk.line)
    who = user_name(handling, user) if user else talk.line
    if not who:
        nameless = (
            reasons.loop.called_back_unnamed if outgoing else reasons.loop.called_again_unnamed
        )
        return nameless(after=passed)
    sentence = reasons.loop.called_back if outgoing else reasons.loop.called_again
    return sentence(after=passed, user=who)


def after(handling: Handling, talk: Call, missed_at: datetime) -> timedelta:
    passed = began(handling, talk).astimezone(UTC) - missed_at.astimezone(UTC)
    return max(timedelta(), passed)


def began(handling: Handling, call: Call) -> datetime:
    return started(call, handling.policy.zone)
