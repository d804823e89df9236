"""The account of a new contact: none, one for all, or one of its own."""

from dataclasses import replace

import pytest

from core.facts import FieldInfo, OrgShape
from core.plan import Create, Ref, Update
from core.policy import EACH_ITS_OWN, Mode
from core.rules import decide
from core.salesforce.graph import graphs_of
from tests.core.helpers import cases as a

EACH = a.policy(mode=Mode.CONTACTS, contact_account_id=EACH_ITS_OWN)
DEALS = a.policy(mode=Mode.OPPORTUNITIES, contact_account_id=EACH_ITS_OWN)


def read_only(object_name: str, field: str) -> OrgShape:
    shape = a.shape()
    known = {
        **shape.fields[object_name],
        field: FieldInfo(field, field, "string", createable=False),
    }
    return replace(shape, fields={**shape.fields, object_name: known})


def test_an_account_named_as_the_contact_comes_before_it_with_the_same_owner():
    plan = a.only(EACH, (), a.call())
    assert [one.object for one in plan.steps] == ["Account", "Contact", "Task"]
    account, contact = plan.steps[:2]
    assert account.fields == {"Name": contact.fields["LastName"], "OwnerId": a.OLENA}
    assert contact.fields["AccountId"] == Ref(account.step)
    assert contact.fields["OwnerId"] == a.OLENA


def test_the_opportunity_goes_under_it_too():
    plan = a.only(DEALS, (), a.call())
    account = a.step(plan, "Account")
    assert a.step(plan, "Opportunity").fields["AccountId"] == Ref(account.step)


def test_a_known_contact_gets_none_and_a_batch_one():
    assert a.created(a.only(EACH, (a.contact(),), a.call())) == []
    plans = decide([a.waiting(a.call()), a.waiting(a.call(key="2"), 2)], EACH, a.facts())
    assert [one.object for plan in plans for one in plan.steps].count("Account") == 1


@pytest.mark.parametrize("hidden", [("Account", "Name"), ("Contact", "AccountId")])
def test_who_may_not_write_it_creates_the_contact_without(hidden):
    (plan,) = decide([a.waiting(a.call())], EACH, replace(a.facts(), shape=read_only(*hidden)))
    assert a.created(plan) == ["Contact"]
    assert "AccountId" not in a.step(plan, "Contact").fields
    assert "contact.no_account_of_its_own" in a.told(plan)


def test_one_that_was_refused_is_left_out():
    plan = a.only(EACH, (), a.call(), leave_out=["Account.Name"])
    assert a.created(plan) == ["Contact"]
    assert "contact.no_account_of_its_own" in a.told(plan)


def test_one_that_we_lose_sight_of_is_given_away_after_its_contact():
    (plan,) = decide([a.waiting(a.call(), lost_sight=["Contact.AccountId"])], DEALS, a.facts())
    (graph,) = graphs_of([plan])
    last = [one for one in graph.steps if isinstance(one, Update)]
    assert graph.steps[-3:] == tuple(last)
    assert [one.object for one in last] == ["Opportunity", "Contact", "Account"]
    made = [one for one in graph.steps if isinstance(one, Create) and "OwnerId" in one.fields]
    owners = {one.object: one.fields["OwnerId"] for one in made}
    ours = dict.fromkeys(("Account", "Contact", "Opportunity"), a.CONNECTED)
    assert owners == {**ours, "Task": a.OLENA}


def test_leads_have_none():
    plan = a.only(a.policy(contact_account_id=EACH_ITS_OWN), (), a.call())
    assert a.created(plan) == ["Lead"]
