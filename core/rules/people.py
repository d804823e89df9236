"""The lead or contact that a call belongs to (rules sections 2, 3 and 7)."""

from __future__ import annotations

from core import reasons
from core.policy import ConvertedLead, Mode
from core.reasons import Reason
from core.rules.candidates import contacts, leads, tell_others
from core.rules.case import Case, Person, Skipped, from_contact, from_lead
from core.rules.named import named_by_salesforce
from core.rules.records import create_contact, create_lead

Found = tuple[Person, Reason] | Skipped


def find_person(case: Case) -> Found:
    """Whom the call is logged on, found or to be created; or why the call is skipped."""
    if (shared := case.batch.people.get(case.number)) and shared.id not in case.lessons.avoid:
        return shared, reasons.write.same_person(name=shared.name)
    if (named := named_by_salesforce(case)) is not None:
        return named
    if case.policy.mode is Mode.LEADS:
        return _in_leads(case)
    return _in_contacts(case)


def _in_leads(case: Case) -> Found:
    if case.policy.known_contact_first and (known := _known_contact(case)):
        return known, reasons.write.contact_first(name=known.name)
    found = leads(case)
    if found and not found[0].is_converted:
        tell_others(case, found[0], found)
        return from_lead(found[0]), reasons.write.lead_found(name=found[0].name)
    if found:
        return _only_converted(case, found[0].name)
    if not case.may_create:
        return Skipped(reasons.skip.outgoing_unknown())
    return create_lead(case), reasons.write.lead_created()


def _only_converted(case: Case, name: str) -> Found:
    if case.policy.converted_lead is ConvertedLead.IGNORE:
        return Skipped(reasons.skip.lead_converted(name=name))
    if not case.may_create:
        return Skipped(reasons.skip.outgoing_converted(name=name))
    return create_lead(case), reasons.write.lead_created_again(name=name)


def _in_contacts(case: Case) -> Found:
    if known := _known_contact(case):
        return known, reasons.write.contact_found(name=known.name)
    if not case.may_create:
        return Skipped(reasons.skip.outgoing_unknown())
    return create_contact(case), reasons.write.contact_created()


def _known_contact(case: Case) -> Person | None:
    found = contacts(case)
    if not found:
        return None
    tell_others(case, found[0], found)
    return from_contact(found[0])
