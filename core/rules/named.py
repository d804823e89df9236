"""Records that Salesforce itself told us to use, when it refused a new one as a duplicate."""

from __future__ import annotations

from core import reasons
from core.facts import Contact, Lead
from core.objects import CONTACT, LEAD, object_of
from core.policy import ConvertedLead, Mode
from core.reasons import Reason
from core.rules.candidates import holds_number, newest_first
from core.rules.handling import Handling, Person, Skipped, from_contact, from_lead


def named_by_salesforce(handling: Handling) -> tuple[Person, Reason] | Skipped | None:
    """The record to use instead of a new one; None when Salesforce named none that helps."""
    ids = handling.lessons.use - handling.lessons.avoid
    known_leads = [one for one in handling.facts.leads if one.id in ids and _helps(handling, one)]
    known_contacts = [
        one for one in handling.facts.contacts if one.id in ids and _helps(handling, one)
    ]
    open_leads = newest_first([one for one in known_leads if not one.is_converted])
    people = [from_lead(one) for one in open_leads]
    others = [from_contact(one) for one in newest_first(known_contacts)]
    people = people + others if handling.policy.mode is Mode.LEADS else others + people
    people += _unseen(handling, ids)
    if people:
        return _use(handling, people[0], reasons.write.named(name=people[0].name))
    return _of_converted(handling, newest_first([one for one in known_leads if one.is_converted]))


def _helps(handling: Handling, record: Lead | Contact) -> bool:
    """A record named only because it holds our key, its phone being another's by now, is not
    the client's: the new record gets another key instead."""
    holds_key = record.key.partition("/")[0] == handling.number
    return not holds_key or holds_number(handling, record)


def _unseen(handling: Handling, ids: frozenset[str]) -> list[Person]:
    """Named, but not shown to us: Salesforce vouches for them, so the id is enough."""
    seen = {one.id for one in handling.facts.leads} | {one.id for one in handling.facts.contacts}
    unseen = [i for i in sorted(ids - seen) if object_of(i) in (LEAD, CONTACT)]
    return [Person(object_of(i), i, i) for i in unseen]


def _of_converted(
    handling: Handling, converted: list[Lead]
) -> tuple[Person, Reason] | Skipped | None:
    """Salesforce takes no call on a converted lead; what it was converted to takes it."""
    lead = next((one for one in converted if one.converted_contact_id), None)
    if lead is None:
        return None
    if (
        handling.policy.mode is Mode.LEADS
        and handling.policy.converted_lead is ConvertedLead.IGNORE
    ):
        return Skipped(reasons.skip.lead_converted(name=lead.name))
    known = {one.id: one for one in handling.facts.contacts}.get(lead.converted_contact_id)
    person = Person(
        CONTACT,
        lead.converted_contact_id,
        known.name if known else lead.name,
        known.owner_id if known else lead.owner_id,
        known.owner_active if known else lead.owner_active,
        lead.converted_account_id,
        known.is_person_account if known else False,
        known.opportunities if known else (),
        known.loose_calls if known else (),
        _opportunity_of(handling, lead, known),
    )
    if person.id in handling.lessons.avoid:
        return None
    return _use(handling, person, reasons.write.converted_contact(name=person.name))


def _opportunity_of(handling: Handling, lead: Lead, contact: Contact | None) -> str:
    """The one it was converted to, as in mode "Leads" no other is looked for. In mode "Contacts"
    there is none; with opportunities the contact's own say which is open, once we see them."""
    mode, opportunity = handling.policy.mode, lead.converted_opportunity_id
    if mode is Mode.CONTACTS or (mode is Mode.OPPORTUNITIES and contact is not None):
        return ""
    return "" if opportunity in handling.lessons.avoid else opportunity


def _use(handling: Handling, person: Person, reason: Reason) -> tuple[Person, Reason]:
    """Later calls of the batch join, whether or not they learnt it themselves."""
    handling.earlier.people[handling.number] = person
    return person, reason
