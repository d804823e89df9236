"""New leads and contacts with their accounts, and the own fields of those that exist."""

from __future__ import annotations

from core import phone, reasons
from core.objects import ACCOUNT, CONTACT, LEAD, RECORD_KEY
from core.own_fields import number_field
from core.plan import Create, Ref, Update
from core.policy import EACH_ITS_OWN
from core.rules.blind import encrypted
from core.rules.fields import Values, fields_to_create, own_fields_of_every_call, writable
from core.rules.handling import Handling, Person
from core.rules.keys import key_of_person
from core.rules.owners import owner_of_new_record


def create_lead(handling: Handling) -> Person:
    """Name and company are required (Salesforce object reference, Lead); with person accounts the
    company is not, and a lead that has one would become a business account."""
    company = handling.facts.shape.fields.get(LEAD, {}).get("Company")
    is_asked = company is None or company.required
    return _create(handling, LEAD, {"Company": "—" if is_asked else None})


def create_contact(handling: Handling) -> Person:
    account = _account(handling)
    return _create(handling, CONTACT, {"AccountId": account or None}, account)


def _account(handling: Handling) -> str | Ref:
    """Under which a new contact goes: one that is there, or a new one; empty = under none."""
    wanted = handling.policy.contact_account_id
    if wanted == EACH_ITS_OWN:
        return _account_of_its_own(handling)
    account = handling.linkable(wanted)
    if wanted and not account:
        handling.say(reasons.contact.no_account(account=wanted))
    return account


def _account_of_its_own(handling: Handling) -> str | Ref:
    """Written with its contact or not at all, so the contact's key guards both."""
    if not (writable(handling, ACCOUNT, "Name") and writable(handling, CONTACT, "AccountId")):
        handling.say(reasons.contact.no_account_of_its_own())
        return ""
    name = phone.display(handling.number, handling.policy.region)
    values: Values = {"Name": name, "OwnerId": owner_of_new_record(handling) or None}
    fields, own = fields_to_create(handling, ACCOUNT, values)
    return handling.create(Create(handling.step_name("account"), ACCOUNT, fields, own))


def _create(handling: Handling, object_name: str, more: Values, account: str | Ref = "") -> Person:
    if unsearchable := encrypted(handling.facts.shape, handling.policy, object_name):
        handling.say(reasons.person.not_searched(fields=", ".join(unsearchable)))
    name = phone.display(handling.number, handling.policy.region)
    owner = owner_of_new_record(handling)
    values: Values = {
        "LastName": name,
        **more,
        number_field(object_name, handling.facts.shape, handling.policy): handling.number,
        "OwnerId": owner or None,
        handling.facts.shape.named(RECORD_KEY): key_of_person(handling, object_name),
    }
    step = handling.step_name(object_name.lower())
    fields, own = fields_to_create(handling, object_name, values)
    created = handling.create(Create(step, object_name, fields, own))
    person = Person(object_name, created, name, owner, account_id=account)
    handling.earlier.people[handling.number] = person
    return person


def refresh_person(handling: Handling, person: Person) -> None:
    """The own fields that every call fills, on a record that exists or that an earlier call of
    the batch creates."""
    if handling.has_created(person.id):
        return
    values = own_fields_of_every_call(handling, person.object, person.id)
    if not values:
        return
    if person.is_person_account:
        # Salesforce refuses writes to a person account's contact; its account is not ours to fill.
        handling.say(reasons.own.person_account(fields=", ".join(sorted(values))))
        return
    step = handling.step_name(f"update_{person.object.lower()}")
    handling.update(Update(step, person.object, person.id, values, frozenset(values)))
