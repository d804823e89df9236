"""The lead or contact that a call belongs to (rules sections 2, 3 and 7)."""

from __future__ import annotations

from core import reasons
from core.call import Direction
from core.policy import ConvertedLead, Mode
from core.reasons import Reason
from core.rules.candidates import contacts, leads, tell_others
from core.rules.handling import Handling, Person, Skipped, from_contact, from_lead
from core.rules.named import named_by_salesforce
from core.rules.records import create_contact, create_lead

Found = tuple[Person, Reason] | Skipped


def find_person(handling: Handling) -> Found:
    """Whom the call is logged on, found or to be created; or why the call is skipped."""
    if (
        shared := handling.earlier.people.get(handling.number)
    ) and shared.id not in handling.lessons.avoid:
        return shared, reasons.write.same_person(name=shared.name)
    if (named := named_by_salesforce(handling)) is not None:
        return named
    if handling.policy.mode is Mode.LEADS:
        return _in_leads(handling)
    return _in_contacts(handling)


def _in_leads(handling: Handling) -> Found:
    if handling.policy.known_contact_first and (known := _known_contact(handling)):
        return known, reasons.write.contact_first(name=known.name)
    found = leads(handling)
    if found and not found[0].is_converted:
        tell_others(handling, found[0], found)
        return from_lead(found[0]), reasons.write.lead_found(name=found[0].name)
    if found:
        return _only_converted(handling, found[0].name)
    if not handling.may_create:
        return _unknown(handling)
    return create_lead(handling), reasons.write.lead_created()


def _only_converted(handling: Handling, name: str) -> Found:
    if handling.policy.converted_lead is ConvertedLead.IGNORE:
        return Skipped(reasons.skip.lead_converted(name=name))
    if not handling.may_create:
        outgoing = handling.call.direction is Direction.OUT
        why = reasons.skip.outgoing_converted if outgoing else reasons.skip.kind_converted
        return Skipped(why(name=name))
    return create_lead(handling), reasons.write.lead_created_again(name=name)


def _in_contacts(handling: Handling) -> Found:
    if known := _known_contact(handling):
        return known, reasons.write.contact_found(name=known.name)
    if not handling.may_create:
        return _unknown(handling)
    return create_contact(handling), reasons.write.contact_created()


def _unknown(handling: Handling) -> Skipped:
    if handling.call.direction is Direction.OUT:
        return Skipped(reasons.skip.outgoing_unknown())
    return Skipped(reasons.skip.kind_unknown())


def _known_contact(handling: Handling) -> Person | None:
    found = contacts(handling)
    if not found:
        return None
    tell_others(handling, found[0], found)
    return from_contact(found[0])
