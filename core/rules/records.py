"""New leads and contacts, and the own fields of those that exist."""

from __future__ import annotations

from core import phone, reasons
from core.objects import CONTACT, LEAD, RECORD_KEY
from core.own_fields import number_field
from core.plan import Create, Update
from core.rules.case import Case, Person
from core.rules.fields import Values, fields_to_create, own_fields_of_every_call
from core.rules.keys import key_of_person
from core.rules.owners import owner_of_new_record


def create_lead(case: Case) -> Person:
    """Name and company are required (Salesforce object reference, Lead)."""
    return _create(case, LEAD, {"Company": "—"})


def create_contact(case: Case) -> Person:
    wanted = case.policy.contact_account_id
    account = case.linkable(wanted)
    if wanted and not account:
        case.say(reasons.contact.no_account(account=wanted))
    return _create(case, CONTACT, {"AccountId": account or None}, account)


def _create(case: Case, object_name: str, more: Values, account: str = "") -> Person:
    name = phone.display(case.number, case.policy.region)
    owner = owner_of_new_record(case)
    values: Values = {
        "LastName": name,
        **more,
        number_field(object_name, case.facts.shape, case.policy): case.number,
        "OwnerId": owner or None,
        RECORD_KEY: key_of_person(case, object_name),
    }
    step = case.step_name(object_name.lower())
    fields, own = fields_to_create(case, object_name, values)
    created = case.create(Create(step, object_name, fields, own))
    person = Person(object_name, created, name, owner, account_id=account)
    case.batch.people[case.number] = person
    return person


def refresh_person(case: Case, person: Person) -> None:
    """The own fields that every call fills, on a record that exists or that an earlier call of
    the batch creates."""
    if case.has_created(person.id):
        return
    values = own_fields_of_every_call(case, person.object, person.id)
    if not values:
        return
    if person.is_person_account:
        # Salesforce refuses writes to a person account's contact; its account is not ours to fill.
        case.say(reasons.own.person_account(fields=", ".join(sorted(values))))
        return
    step = case.step_name(f"update_{person.object.lower()}")
    case.update(Update(step, person.object, person.id, values, frozenset(values)))
