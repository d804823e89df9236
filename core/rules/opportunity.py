"""The opportunity that a contact's call goes to (rules section 4)."""

from __future__ import annotations

from datetime import date, timedelta

from core import reasons
from core.facts import Opportunity
from core.objects import CONTACT_ROLE, OPPORTUNITY, RECORD_KEY
from core.own_fields import render
from core.plan import Create, Ref, Update
from core.policy import ClosedOpportunity
from core.reasons import Reason
from core.rules.candidates import MOST_NAMED
from core.rules.fields import Values, fields_to_create, fields_to_update, writable
from core.rules.handling import Handling, Opened, Person
from core.rules.owners import owner_of_new_record

Attached = tuple[str | Ref, Reason]
"""The opportunity (empty = none) and the reason."""
_LINK = ("OpportunityId", "ContactId")
"""What makes a contact role."""


def attach_opportunity(handling: Handling, person: Person) -> Attached:
    """An open one, a reopened one, a new one, or the contact alone."""
    if shared := _shared(handling, person):
        return shared
    known = [one for one in person.opportunities if one.id not in handling.lessons.avoid]
    known.sort(key=lambda one: (one.modified_at, one.close_date, one.id), reverse=True)
    open_ones = [one for one in known if not one.is_closed]
    if open_ones:
        return _log_on(handling, open_ones)
    if not handling.may_create:
        return "", reasons.write.contact_only(name=person.name)
    stage = _open_stage(handling)
    if not stage:
        return "", reasons.write.no_open_stage(name=person.name)
    if known and handling.policy.closed_opportunity is ClosedOpportunity.REOPEN:
        return _reopen(handling, person, known[0], stage)
    if not _would_be_found(handling, person):
        return "", reasons.write.opportunities_hidden(name=person.name)
    return _create(handling, person, stage, known)


def join_transaction(handling: Handling, person: Person) -> None:
    """The calls of a contact share one, whichever of its numbers they have: only one can know what
    it creates."""
    graphs = handling.earlier.graphs
    graph = graphs.setdefault(person.id, handling.number)
    if graph != handling.number:
        handling.graph = graph


def _would_be_found(handling: Handling, person: Person) -> bool:
    """Whether the next call finds the opportunity that this one creates. Where contact roles can
    be neither read nor written it does not, and each call would create another."""
    described = handling.facts.shape.fields
    if OPPORTUNITY not in described:
        return False
    if person.is_person_account:  # found by the account
        return True
    return CONTACT_ROLE in described and (
        writable(handling, OPPORTUNITY, "ContactId")
        or all(writable(handling, CONTACT_ROLE, name) for name in _LINK)
    )


def _shared(handling: Handling, person: Person) -> Attached | None:
    opened = handling.earlier.opened.get(person.id)
    if opened is None:
        return None
    _refresh(handling, opened.id)
    return opened.id, reasons.write.same_opportunity(opportunity=opened.name)


def _log_on(handling: Handling, open_ones: list[Opportunity]) -> Attached:
    chosen, others = open_ones[0], open_ones[1:]
    if others:
        names = ", ".join(one.name for one in others[:MOST_NAMED])
        handling.say(reasons.opportunity.others(chosen=chosen.name, count=len(others), names=names))
    _refresh(handling, chosen.id)
    return chosen.id, reasons.write.opportunity_open(opportunity=chosen.name)


def _refresh(handling: Handling, opportunity: str | Ref) -> None:
    """The own fields that every call fills."""
    fields, own = fields_to_update(handling, OPPORTUNITY, opportunity, {})
    if fields:
        step = handling.step_name("update_opportunity")
        handling.update(Update(step, OPPORTUNITY, opportunity, fields, own))


def _reopen(handling: Handling, person: Person, closed: Opportunity, stage: str) -> Attached:
    """An open stage is all it takes; a close date that has passed moves forward with it."""
    values: Values = {"StageName": stage}
    if closed.close_date < handling.facts.today:
        values["CloseDate"] = _close_date(handling).isoformat()
        handling.say(reasons.opportunity.close_date(date=_close_date(handling)))
    fields, own = fields_to_update(handling, OPPORTUNITY, closed.id, values)
    step = handling.step_name("reopen")
    handling.update(Update(step, OPPORTUNITY, closed.id, fields, own))
    _remember(handling, person, closed.id, closed.name)
    return closed.id, reasons.write.opportunity_reopened(opportunity=closed.name, stage=stage)


def _create(handling: Handling, person: Person, stage: str, closed: list[Opportunity]) -> Attached:
    name = _name(handling)
    values: Values = {
        "Name": name,
        "StageName": stage,
        "CloseDate": _close_date(handling).isoformat(),
        "OwnerId": owner_of_new_record(handling) or None,
        "AccountId": handling.linkable(person.account_id) or None,
        handling.facts.shape.named(RECORD_KEY): handling.call.key,
    }
    role_at_once = writable(handling, OPPORTUNITY, "ContactId")
    if role_at_once and not person.is_person_account:
        values["ContactId"] = person.id  # create only; makes the primary contact role
    step = handling.step_name("opportunity")
    fields, own = fields_to_create(handling, OPPORTUNITY, values)
    created = handling.create(Create(step, OPPORTUNITY, fields, own))
    if not role_at_once and not person.is_person_account:
        _add_role(handling, step, person)
    _remember(handling, person, created, name)
    if closed:
        return created, reasons.write.opportunity_created_again(opportunity=name)
    return created, reasons.write.opportunity_created(opportunity=name)


def _add_role(handling: Handling, opportunity: str, person: Person) -> None:
    """A person account needs none: its opportunities hang on the account."""
    values: Values = {
        "OpportunityId": Ref(opportunity),
        "ContactId": person.id,
        "IsPrimary": True,
    }
    fields, own = fields_to_create(handling, CONTACT_ROLE, values)
    handling.steps.append(Create(handling.step_name("role"), CONTACT_ROLE, fields, own))


def _remember(handling: Handling, person: Person, opportunity: str | Ref, name: str) -> None:
    handling.earlier.opened[person.id] = Opened(opportunity, name)


def _name(handling: Handling) -> str:
    return render(handling.policy.opportunity_name, handling.variables).strip() or handling.number


def _close_date(handling: Handling) -> date:
    return handling.facts.today + timedelta(days=handling.policy.close_in_days)


def _open_stage(handling: Handling) -> str:
    """The customer's stage while the org still has it open; else the org's first open one."""
    wanted, stages = handling.policy.open_stage, handling.facts.shape.stages
    open_stages = [one.name for one in stages if not one.is_closed]
    if wanted in open_stages or not stages:
        return wanted
    first = open_stages[0] if open_stages else ""
    if wanted and first:
        handling.say(reasons.opportunity.stage_gone(stage=wanted, instead=first))
    return first
