"""The full product of settings, what Salesforce holds and kinds of calls, through `decide`.

Every combination is a batch of two calls from one number; what must hold for each of them is
written in `check_plan` and `check_batch`.
"""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from core.call import Call
from core.facts import Contact, Facts, Lead, Lessons
from core.kinds import Unknown
from core.plan import Create, Outcome, Plan, Ref, Update
from core.policy import ClosedOpportunity, ConvertedLead, Mode, OwnField, Policy, When
from core.reasons import DECLARED
from tests.core.helpers import cases as a

TABLES = {
    "no table": (),
    "two in turn": (a.row(a.OLENA, a.PETRO),),
    "one who left": (a.row(a.GONE),),
}
EXTRAS: tuple[dict[str, Any], ...] = (
    {},
    {"default_responsible": a.PETRO},
    {"default_responsible": a.GONE, "open_stage": "Closed Lost"},
    {"contact_account_id": "001ACME", "open_stage": "Proposal"},
    {"phone_fields": ("Lead.MobilePhone", "Contact.MobilePhone", "Contact.Phone")},
)
"""Settings that change what is written, not whether: dealt out in turn to the others."""
SETTINGS = {
    mode: [
        a.policy(
            **EXTRAS[place % len(EXTRAS)],
            mode=mode,
            converted_lead=lead,
            known_contact_first=first,
            closed_opportunity=closed,
            create_on_outgoing=outgoing,
            missed_calls=table,
            own_fields=(
                OwnField(object="Lead", field="Note__c", template="{status}"),
                OwnField(
                    object="Contact", field="Note__c", template="{date}", when=When.EVERY_CALL
                ),
                OwnField(
                    object="Contact", field="Call__c", template="{call_id}", when=When.EVERY_CALL
                ),
                OwnField(object="Opportunity", field="OwnerId", template=a.OLENA),
            ),
        )
        for place, (lead, first, closed, outgoing, table) in enumerate(
            product(ConvertedLead, (False, True), ClosedOpportunity, (False, True), TABLES.values())
        )
    ]
    for mode in Mode
}

OPEN, CLOSED = a.opportunity(), a.opportunity("006CLOSED", closed=True)
ANOTHERS = ("+48505557182",)
HELD = {
    "nothing": (),
    "a lead": (a.lead(),),
    "a queue's lead": (a.lead(owner_id=a.QUEUE),),
    "a converted lead": (a.converted(key=a.NUMBER, converted_contact_id="003CONTACT"),),
    "two leads": (a.lead(), a.converted(), a.lead("00QOTHER", day=3)),
    "another's lead": (a.lead(numbers=ANOTHERS),),
    "a contact": (a.contact(),),
    "a contact of one who left": (a.contact(owner_id=a.GONE, owner_active=False),),
    "a contact with an open deal": (a.contact(opportunities=(OPEN, CLOSED)),),
    "a contact with a closed deal": (a.contact(opportunities=(CLOSED,)),),
    "a person account": (a.contact(is_person_account=True, account_id="001P"),),
    "a lead and a contact": (a.lead(), a.contact(opportunities=(CLOSED,))),
}
CALLS = {
    "answered": a.call(),
    "transferred to an unknown line": a.call(lines=("2000", "2999")),
    "taken by one who left": a.call(lines=("2009",)),
    "missed": a.missed(),
    "missed, no line": a.missed(lines=(), external_line="site.ua", state="NEVER_SEEN"),
    "outgoing": a.outgoing(),
    "outgoing, busy": a.outgoing(state="BUSY", recording_url=""),
    "internal": a.call(direction="INNER"),
    "withheld": a.call(client_number="anonymous"),
}
LESSONS = {
    "nothing": Lessons(),
    "a duplicate": Lessons(use=frozenset({"00QLEAD"})),
    "a converted duplicate": Lessons(use=frozenset({"00QCONVERTED"})),
    "an unseen contact": Lessons(use=frozenset({"003UNSEEN"})),
    "deleted": Lessons(avoid=frozenset({"00QLEAD", "003CONTACT", "006OPEN"})),
    "no owners": Lessons(not_owner=frozenset({a.OLENA, a.PETRO, a.CONNECTED})),
    "own field refused": Lessons(leave_out_own=frozenset({"Lead.Note__c", "Contact.Note__c"})),
}


def org(*, package: bool, call_center: bool) -> Facts:
    shape = a.shape(package=package, call_center=call_center)
    shape = replace(
        shape,
        fields={
            name: {**fields, **a.fields("Note__c", "Call__c")}
            if name in ("Lead", "Contact")
            else fields
            for name, fields in shape.fields.items()
        },
    )
    return a.facts(shape=shape)


PACKAGE, BARE = org(package=True, call_center=True), org(package=False, call_center=False)


def decided(
    policy: Policy, facts: Facts, held: tuple, call: Call, lessons: Lessons, **waiting: Any
) -> list[Plan]:
    facts = replace(
        facts,
        leads=tuple(one for one in held if one.id.startswith("00Q")),
        contacts=tuple(one for one in held if one.id.startswith("003")),
    )
    first = replace(a.waiting(call), lessons=lessons, **waiting)
    again = replace(first, id=2, call=call.model_copy(update={"key": "276"}))
    return a.planned([first, again], policy, facts)


@pytest.mark.parametrize("mode", Mode)
def test_the_product(mode):
    for policy, held, call in product(SETTINGS[mode], HELD.values(), CALLS.values()):
        plans = decided(policy, PACKAGE, held, call, Lessons())
        check_batch(plans, policy, call, PACKAGE)
        assert [plan.reason.code for plan in plans] == reasons(policy, held, call)
        check_what_is_new(plans, policy, call)


def test_the_product_in_a_bare_org():
    """Without our package and without a call center, over every seventh setting."""
    for mode, held, call in product(Mode, HELD.values(), CALLS.values()):
        for policy in SETTINGS[mode][::7]:
            plans = decided(policy, BARE, held, call, Lessons())
            check_batch(plans, policy, call, BARE)
            assert [plan.reason.code for plan in plans] == reasons(policy, held, call)
            check_what_is_new(plans, policy, call)


@pytest.mark.parametrize("facts", [PACKAGE, BARE], ids=["package", "bare"])
def test_the_product_with_owners_told(facts):
    told = 0
    for mode, held, call in product(Mode, HELD.values(), CALLS.values()):
        for settings in SETTINGS[mode][::7]:
            policy = settings.model_copy(update={"tell_owner": True, "find_later": False})
            plans = decided(policy, facts, held, call, Lessons())
            check_batch(plans, policy, call, facts)
            told += sum("task.owner_told" in a.told(plan) for plan in plans)
            assert not any(plan.look_until for plan in plans)
    assert told


def test_the_same_facts_give_the_same_plans():
    for mode, held, call in product(Mode, HELD.values(), CALLS.values()):
        policy = SETTINGS[mode][-1]
        first = decided(policy, PACKAGE, held, call, Lessons())
        assert decided(policy, PACKAGE, held, call, Lessons()) == first


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_product_with_what_refusals_taught(lesson):
    for mode, held, call in product(Mode, HELD.values(), CALLS.values()):
        for policy in SETTINGS[mode][::11]:
            plans = decided(policy, PACKAGE, held, call, LESSONS[lesson])
            check_batch(plans, policy, call, PACKAGE)


def reasons(policy: Policy, held: tuple, call: Call) -> list[str]:
    """What docs/rules.md says of two calls from one number, and of nothing learnt."""
    if call.direction == "INNER":
        return ["skip.internal"] * 2
    if call.client_number == "anonymous":
        return ["skip.withheld"] * 2
    may_create = call.direction == "IN" or policy.create_on_outgoing
    contact = next((one for one in held if isinstance(one, Contact)), None)
    if policy.mode is not Mode.LEADS:
        return _on_contacts(policy, contact, may_create)
    if contact and policy.known_contact_first:
        return ["write.contact_first"] * 2
    return _on_leads(policy, [one for one in held if isinstance(one, Lead)], may_create)


def _on_leads(policy: Policy, leads: list[Lead], may_create: bool) -> list[str]:
    known = [one for one in leads if one.numbers != ANOTHERS]
    if any(not one.is_converted for one in known):
        return ["write.lead_found"] * 2
    if known and policy.converted_lead is ConvertedLead.IGNORE:
        return ["skip.lead_converted"] * 2
    if not may_create:
        return ["skip.outgoing_converted" if known else "skip.outgoing_unknown"] * 2
    return ["write.lead_created_again" if known else "write.lead_created", "write.same_person"]


def _on_contacts(policy: Policy, contact: Contact | None, may_create: bool) -> list[str]:
    if not contact and not may_create:
        return ["skip.outgoing_unknown"] * 2
    if policy.mode is Mode.CONTACTS:
        known = ["write.contact_found"] * 2
        return known if contact else ["write.contact_created", "write.same_person"]
    deals = contact.opportunities if contact else ()
    if any(not deal.is_closed for deal in deals):
        return ["write.opportunity_open"] * 2
    if not may_create:
        return ["write.contact_only"] * 2
    if deals and policy.closed_opportunity is ClosedOpportunity.REOPEN:
        return ["write.opportunity_reopened", "write.same_opportunity"]
    first = "write.opportunity_created_again" if deals else "write.opportunity_created"
    return [first, "write.same_opportunity"]


def check_what_is_new(plans: list[Plan], policy: Policy, call: Call) -> None:
    """Number, owner, account and stage of new records, as the settings say."""
    for step in (step for plan in plans for step in plan.steps if isinstance(step, Create)):
        if step.object in ("Lead", "Contact"):
            assert step.fields[policy.phone_fields_of(step.object)[0]] == a.NUMBER
        if step.object == "Contact":
            assert step.fields.get("AccountId", "") == policy.contact_account_id
        if step.object in ("Lead", "Contact", "Opportunity"):
            assert step.fields["OwnerId"] == owner(policy, call)
    for step in (step for plan in plans for step in plan.steps if "StageName" in step.fields):
        kept = policy.open_stage == "Proposal"
        assert step.fields["StageName"] == ("Proposal" if kept else "Prospecting")


def owner(policy: Policy, call: Call) -> str:
    """Of a new record; the first in turn has the first of two missed calls."""
    default = a.PETRO if policy.default_responsible == a.PETRO else a.CONNECTED
    if call.missed:
        return a.OLENA if policy.missed_calls == TABLES["two in turn"] else default
    return a.OLENA if call.line == "2000" else default


def check_batch(plans: list[Plan], policy: Policy, call: Call, facts: Facts) -> None:
    assert [plan.call_id for plan in plans] == [1, 2]
    for plan in plans:
        check_plan(plan, policy, call, facts)
    people = [name for plan in plans for name in a.created(plan) if name in ("Lead", "Contact")]
    assert len(people) <= 1, "two calls from one number make one record"
    deals = [name for plan in plans for name in a.created(plan) if name == "Opportunity"]
    assert len(deals) <= 1, "and one opportunity"
    assert plans[0].outcome is plans[1].outcome
    assert plans[0].who == plans[1].who
    check_order(plans)


def check_plan(plan: Plan, policy: Policy, call: Call, facts: Facts) -> None:
    assert plan.outcome in (Outcome.WRITE, Outcome.SKIP)
    assert plan.reason.code in DECLARED
    assert {reason.code for reason in plan.trace} <= DECLARED.keys()
    if plan.outcome is Outcome.SKIP:
        assert plan.steps == ()
        return
    created = a.created(plan) if plan.steps else []
    assert not {"Lead", "Contact"} <= set(created), "never both"
    if policy.grid.unknown(policy.kind_of(call)) is Unknown.NOTHING:
        assert created == []
        assert not any("StageName" in step.fields for step in plan.steps), "nor reopened"
    check_steps(plan, facts)
    check_task(plan)
    check_told(plan, policy, call)


def check_steps(plan: Plan, facts: Facts) -> None:
    for step in plan.steps:
        if isinstance(step, Update):
            assert "OwnerId" not in step.fields, "an existing owner never changes"
        assert set(step.fields) <= set(facts.shape.fields[step.object]), "only what the org has"
        assert step.own <= set(step.fields)
        assert None not in step.fields.values()


def check_task(plan: Plan) -> None:
    task = a.task(plan)
    who = task.fields["WhoId"]
    assert who == plan.who
    assert who != ""
    on_lead = who.step.startswith("lead") if isinstance(who, Ref) else who.startswith("00Q")
    assert not (on_lead and "WhatId" in task.fields), "a lead never with an opportunity"
    assert not str(task.fields.get("OwnerId", "005")).startswith("00G"), "a task goes to a person"
    assert (
        "275" in task.fields.values()
        or "276" in task.fields.values()
        or ("task.no_key" in a.told(plan))
    )


def check_told(plan: Plan, policy: Policy, call: Call) -> None:
    """The owner of a record that is there learns of a colleague's talk, once a call."""
    told = [one for one in plan.steps if isinstance(one, Create) and one.beside]
    assert len(told) == ("task.owner_told" in a.told(plan))
    for step in told:
        assert policy.tell_owner
        assert (call.direction, call.state) == ("IN", "ANSWER")
        assert step.fields["WhoId"] == plan.who == str(plan.who)
        assert step.fields["OwnerId"] not in ("", policy.user_of_line(call.line))
        assert not str(step.fields["OwnerId"]).startswith("00G")
        assert step.fields["Status"] == "Not Started"
        keys = {value for value in step.fields.values() if str(value).endswith("/owner")}
        assert len(keys) == 1 or "task.no_key" in a.told(plan)


def check_order(plans: list[Plan]) -> None:
    """Records are created before they are referred to, within one transaction."""
    ready: dict[str, set[str]] = {}
    names = [step.step for plan in plans for step in plan.steps]
    assert len(names) == len(set(names))
    for plan in plans:
        graph = ready.setdefault(plan.number, set())
        for step in plan.steps:
            values = [*step.fields.values(), step.id if isinstance(step, Update) else None]
            refs = {value.step for value in values if isinstance(value, Ref)}
            assert refs <= graph
            if isinstance(step, Create):
                graph.add(step.step)
