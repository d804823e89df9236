"""Several calls in one batch: records made once, turns taken in order, transactions shared."""

from dataclasses import replace

import pytest

from core.facts import FieldInfo
from core.plan import Create, Ref, Update
from core.policy import ClosedOpportunity, Mode, OwnField, When
from core.rules import decide
from tests.core.helpers import cases as a

DEALS = a.policy(mode=Mode.OPPORTUNITIES)
REOPEN = a.policy(mode=Mode.OPPORTUNITIES, closed_opportunity=ClosedOpportunity.REOPEN)
OTHER_NUMBER = "380671112233"


def batch(policy, facts, *calls, lessons=None):
    learnt = lessons or [{}] * len(calls)
    waiting = [
        a.waiting(call.model_copy(update={"key": f"k{place}"}), place, **learnt[place - 1])
        for place, call in enumerate(calls, 1)
    ]
    return decide(waiting, policy, facts)


def test_two_calls_from_a_new_number_make_one_lead():
    first, second = batch(a.policy(), a.facts(), a.missed(), a.call())
    assert a.created(first) == ["Lead"]
    assert a.created(second) == []
    assert second.who == first.who == Ref("lead_1")
    assert second.number == first.number
    assert second.reason.code == "write.same_person"


def test_two_calls_from_a_new_number_make_one_contact_with_one_opportunity():
    first, second = batch(DEALS, a.facts(), a.call(), a.call())
    assert a.created(first) == ["Contact", "Opportunity"]
    assert a.created(second) == []
    assert a.task(second).fields["WhatId"] == Ref("opportunity_1")


def test_an_outgoing_call_joins_what_an_incoming_one_created():
    skipped, created, joined = batch(a.policy(), a.facts(), a.outgoing(), a.call(), a.outgoing())
    assert skipped.reason.code == "skip.outgoing_unknown"
    assert a.created(created) == ["Lead"]
    assert joined.who == created.who


def test_calls_from_two_numbers_make_two_leads():
    first, second = batch(a.policy(), a.facts(), a.call(), a.call(client_number=OTHER_NUMBER))
    assert (a.created(first), a.created(second)) == (["Lead"], ["Lead"])
    assert first.number != second.number


def test_the_same_number_written_differently_is_one():
    first, second = batch(a.policy(), a.facts(), a.call(), a.call(client_number="0505557182"))
    assert second.who == first.who


def own(object_name, name, template, when=When.EVERY_CALL):
    return OwnField(object=object_name, field=name, template=template, when=when)


def test_own_fields_of_every_call_are_filled_by_a_later_call_too():
    mine = (
        own("Contact", "MobilePhone", "{call_id}"),
        own("Contact", "AccountId", "001{direction}"),
        own("Opportunity", "Name", "{status}"),
        own("Opportunity", "ContactId", "{call_id}", When.CREATE),
    )
    policy = DEALS.model_copy(update={"own_fields": mine})
    first, second, third = batch(policy, a.facts(), a.missed(), a.call(), a.call())
    assert a.updated(first) == []
    assert a.updated(second) == [Ref("contact_1"), Ref("opportunity_1")]
    assert a.step(second, "Contact").fields == {"MobilePhone": "k2"}
    assert a.step(second, "Opportunity").fields == {"Name": "answered, incoming"}
    assert a.updated(third) == [Ref("contact_1")]
    assert a.step(third, "Contact").own == {"MobilePhone"}


def test_a_field_that_cannot_be_changed_is_no_trouble_for_the_call_that_creates():
    known = a.shape()
    fixed = FieldInfo("Fixed__c", "Fixed", "string", length=9, updateable=False)
    lead = {**known.fields["Lead"], "Fixed__c": fixed}
    facts = a.facts(shape=replace(known, fields={**known.fields, "Lead": lead}))
    policy = a.policy(own_fields=(own("Lead", "Fixed__c", "{state}"),))
    first, second = batch(policy, facts, a.call(), a.call())
    assert "own.read_only" not in a.told(first)
    assert "own.read_only" in a.told(second)


def test_a_reopened_opportunity_gets_the_own_fields_of_every_call():
    policy = REOPEN.model_copy(update={"own_fields": (own("Opportunity", "Name", "{call_id}"),)})
    held = a.facts(a.contact(opportunities=(a.opportunity("006X", closed=True),)))
    first, second = batch(policy, held, a.call(), a.call())
    assert a.step(first, "Opportunity").fields == {"StageName": "Prospecting", "Name": "k1"}
    assert a.step(second, "Opportunity").fields == {"Name": "k2"}


def test_an_opportunity_is_reopened_once():
    held = a.facts(a.contact(opportunities=(a.opportunity("006X", closed=True),)))
    first, second = batch(REOPEN, held, a.call(), a.call())
    assert a.updated(first) == ["006X"]
    assert a.updated(second) == []
    assert second.reason.code == "write.same_opportunity"
    assert a.task(second).fields["WhatId"] == "006X"


def test_two_numbers_of_one_contact_share_the_new_opportunity_and_its_transaction():
    held = a.facts(a.contact(numbers=(a.NUMBER, "+" + OTHER_NUMBER)))
    first, second = batch(DEALS, held, a.call(), a.call(client_number=OTHER_NUMBER))
    assert a.created(first) == ["Opportunity"]
    assert a.created(second) == []
    assert second.number == first.number == a.NUMBER


def test_a_record_named_by_a_duplicate_rule_serves_the_whole_batch():
    first, second = batch(
        a.policy(), a.facts(), a.call(), a.call(), lessons=[{"use": ["00QOTHER"]}, {}]
    )
    assert (first.who, second.who) == ("00QOTHER", "00QOTHER")


def test_users_take_turns_within_a_batch_and_go_on_from_the_last():
    policy = a.policy(missed_calls=(a.row(a.OLENA, a.PETRO, turn=3),))
    clients = (f"38050555718{last}" for last in (2, 3, 4))
    plans = batch(policy, a.facts(), *(a.missed(client_number=one) for one in clients))
    assert [a.task(plan).fields["OwnerId"] for plan in plans] == [a.PETRO, a.OLENA, a.PETRO]
    assert [plan.turn_of for plan in plans] == [7, 7, 7]


def test_a_later_call_keeps_the_owner_of_the_record_just_created():
    first, second = batch(a.policy(), a.facts(), a.call(lines=("2001",)), a.missed())
    assert a.step(first, "Lead").fields["OwnerId"] == a.PETRO
    assert a.task(second).fields["OwnerId"] == a.PETRO


def test_a_record_created_earlier_counts_though_salesforce_does_not_find_it_by_number():
    remembered = {a.NUMBER: frozenset({"00QLEAD"})}
    (plan,) = batch(a.policy(), a.facts(a.lead(numbers=()), remembered=remembered), a.call())
    assert plan.who == "00QLEAD"
    assert "person.remembered" in a.told(plan)


def test_a_record_created_earlier_whose_phone_was_corrected_is_anothers_now():
    remembered = {a.NUMBER: frozenset({"00QOURS"})}
    corrected = a.lead("00QOURS", day=9, numbers=("+" + OTHER_NUMBER,), key=a.NUMBER)
    holds = a.lead("00QHOLDS", day=1)
    (plan,) = batch(a.policy(), a.facts(corrected, holds, remembered=remembered), a.call())
    assert plan.who == "00QHOLDS"
    assert not {"person.remembered", "person.others"} & set(a.told(plan))
    (plan,) = batch(a.policy(), a.facts(corrected, remembered=remembered), a.call())
    assert a.created(plan) == ["Lead"]
    assert a.step(plan, "Lead").fields["UniTalk_Key__c"] == f"{a.NUMBER}/00QOURS"


@pytest.mark.parametrize("mode", [Mode.LEADS, Mode.CONTACTS])
def test_whoever_holds_the_number_comes_before_one_that_was_only_created_for_it(mode):
    make = a.lead if mode is Mode.LEADS else a.contact
    empty, holds = make("id1", day=9, numbers=("n/a",)), make("id2", day=1)
    remembered = {a.NUMBER: frozenset({"id1"})}
    (plan,) = batch(a.policy(mode=mode), a.facts(empty, holds, remembered=remembered), a.call())
    assert plan.who == "id2"


def test_a_remembered_record_that_is_gone_is_created_anew():
    remembered = {a.NUMBER: frozenset({"00QLEAD"})}
    (plan,) = batch(a.policy(), a.facts(remembered=remembered), a.call())
    assert a.created(plan) == ["Lead"]


def test_the_task_is_the_last_step_of_each():
    for plan in batch(REOPEN, a.facts(), *[a.call()] * 3):
        kinds = [type(step) for step in plan.steps]
        assert plan.steps[-1].object == "Task"
        assert set(kinds) <= {Create, Update}
