"""Which leads and contacts a number belongs to, the best first (rules section 7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from core import phone, reasons
from core.facts import Contact, Lead
from core.rules.handling import Handling

T = TypeVar("T", Lead, Contact)

MOST_NAMED = 5
"""The trace names so many other candidates."""


def leads(handling: Handling) -> list[Lead]:
    """Unconverted before converted; those that hold the number before those that we only
    remember; then the most recently modified.

    A lead that refused the call because it was converted meanwhile counts as what it is now.
    """
    avoid = handling.lessons.avoid
    belong = [one for one in handling.facts.leads if _belongs(handling, one)]
    found = [one for one in belong if one.is_converted or one.id not in avoid]
    return sorted(_holders_first(handling, found), key=lambda one: one.is_converted)


def contacts(handling: Handling) -> list[Contact]:
    found = [one for one in handling.facts.contacts if _belongs(handling, one)]
    return _holders_first(handling, [one for one in found if one.id not in handling.lessons.avoid])


def newest_first(records: Iterable[T]) -> list[T]:
    """By the last change; equal ones by id, so that the choice never wavers."""
    by_id = sorted(records, key=lambda one: one.id)
    return sorted(by_id, key=lambda one: one.modified_at, reverse=True)


def holds_number(handling: Handling, record: Lead | Contact) -> bool:
    """Whether one of the record's phones is the client's, however it is written."""
    return any(
        phone.matches(one, handling.number, handling.policy.region) for one in record.numbers
    )


def tell_others(
    handling: Handling, chosen: Lead | Contact, others: Sequence[Lead | Contact]
) -> None:
    """Say in the trace how the record was found and which others have the same number."""
    if not holds_number(handling, chosen):
        handling.say(reasons.person.remembered(name=chosen.name))
    names = [one.name for one in others if one.id != chosen.id]
    if names:
        named = ", ".join(names[:MOST_NAMED]) + ("…" if len(names) > MOST_NAMED else "")
        handling.say(reasons.person.others(chosen=chosen.name, count=len(names), names=named))


def _holders_first(handling: Handling, found: Iterable[T]) -> list[T]:
    return sorted(newest_first(found), key=lambda one: not holds_number(handling, one))


def _belongs(handling: Handling, record: Lead | Contact) -> bool:
    """A record that we created for the number belongs while its phones are empty or hidden; one
    that shows another number was corrected, and is another's by now."""
    if holds_number(handling, record):
        return True
    remembered = handling.facts.remembered.get(handling.number, frozenset())
    region = handling.policy.region
    return record.id in remembered and not any(phone.numbers_in(n, region) for n in record.numbers)
