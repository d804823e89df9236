"""What refused attempts taught changes the next plan: rules section 8."""

import pytest

from core.plan import Create, Ref, Update
from core.policy import ClosedOpportunity, ConvertedLead, Mode, OwnField
from core.rules import decide
from core.salesforce.graph import graphs_of
from tests.core.helpers import cases as a

CONTACTS = a.policy(mode=Mode.CONTACTS)
DEALS = a.policy(mode=Mode.OPPORTUNITIES)


def only(policy, *records, call=None, **lessons):
    (plan,) = decide([a.waiting(call or a.call(), **lessons)], policy, a.facts(*records))
    return plan


def test_8_a_lead_named_as_a_duplicate_is_used():
    known = a.lead("00QTWIN", numbers=("+48111111111",))
    plan = only(a.policy(), known, use=["00QTWIN"])
    assert (plan.who, plan.reason.code) == ("00QTWIN", "write.named")
    assert a.created(plan) == []


def test_8_a_named_record_that_we_were_not_shown_is_used_all_the_same():
    assert only(a.policy(), use=["00QHIDDEN"]).who == "00QHIDDEN"
    assert only(CONTACTS, use=["003HIDDEN"]).who == "003HIDDEN"
    assert a.created(only(a.policy(), use=["001ACCOUNT"])) == ["Lead"]


def test_8_in_mode_leads_a_named_lead_comes_before_a_named_contact_and_the_other_way_round():
    named = {"use": ["00QLEAD", "003CONTACT"]}
    records = (a.lead(numbers=()), a.contact(numbers=()))
    assert only(a.policy(), *records, **named).who == "00QLEAD"
    assert only(CONTACTS, *records, **named).who == "003CONTACT"


def test_8_a_call_logged_on_a_named_lead_has_no_opportunity():
    plan = only(DEALS, use=["00QLEAD"])
    assert a.created(plan) == []
    assert "WhatId" not in a.task(plan).fields


def test_8_a_named_converted_lead_sends_the_call_to_its_contact():
    known = a.converted(
        converted_contact_id="003FROM", converted_opportunity_id="006FROM", name="Ivan"
    )
    plan = only(a.policy(), known, use=["00QCONVERTED"])
    assert plan.reason.code == "write.converted_contact"
    assert a.task(plan).fields["WhoId"] == "003FROM"
    assert a.task(plan).fields["WhatId"] == "006FROM"


def test_8_the_opportunity_of_a_conversion_may_be_gone():
    known = a.converted(converted_contact_id="003FROM", converted_opportunity_id="006FROM")
    plan = only(a.policy(), known, use=["00QCONVERTED"], avoid=["006FROM"])
    assert "WhatId" not in a.task(plan).fields


def test_8_a_named_converted_lead_is_still_ignored_when_the_customer_says_so():
    known = a.converted(converted_contact_id="003FROM", numbers=())
    policy = a.policy(converted_lead=ConvertedLead.IGNORE)
    assert only(policy, known, use=["00QCONVERTED"]).reason.code == "skip.lead_converted"


@pytest.mark.parametrize("mode", [Mode.CONTACTS, Mode.OPPORTUNITIES])
def test_8_outside_mode_leads_that_setting_says_nothing(mode):
    known = a.converted(converted_contact_id="003CONTACT", numbers=())
    policy = a.policy(mode=mode, converted_lead=ConvertedLead.IGNORE)
    plan = only(policy, known, a.contact(numbers=()), use=["00QCONVERTED"])
    assert plan.who == "003CONTACT"
    assert plan.reason.code != "skip.lead_converted"


def test_8_with_opportunities_the_contacts_open_one_takes_the_call_of_a_converted_lead():
    known = a.converted(converted_contact_id="003CONTACT", converted_opportunity_id="006CLOSED")
    deals = (a.opportunity("006CLOSED", closed=True), a.opportunity("006OPEN"))
    seen = a.contact(numbers=(), opportunities=deals)
    plan = only(DEALS, known, seen, use=["00QCONVERTED"])
    assert a.task(plan).fields["WhatId"] == "006OPEN"
    assert a.told(plan)[0] == "write.converted_contact"
    hidden = only(DEALS, known, use=["00QCONVERTED"])
    assert a.task(hidden).fields["WhatId"] == "006CLOSED"
    contacts = only(CONTACTS, known, seen, use=["00QCONVERTED"])
    assert "WhatId" not in a.task(contacts).fields


def test_8_a_record_that_only_holds_our_key_is_not_the_client():
    """Its phone was changed: the number is another person's now."""
    known = a.lead("00QMOVED", numbers=("+380671112233",), key=a.NUMBER)
    plan = only(a.policy(), known, use=["00QMOVED"])
    assert a.created(plan) == ["Lead"]
    assert a.step(plan, "Lead").fields["UniTalk_Key__c"] == f"{a.NUMBER}/00QMOVED"


def test_8_records_to_avoid_are_as_if_they_were_not_there():
    assert a.created(only(a.policy(), a.lead(), avoid=["00QLEAD"])) == ["Lead"]
    assert a.created(only(CONTACTS, a.contact(), avoid=["003CONTACT"])) == ["Contact"]
    both = (a.lead(), a.lead("00QOTHER"))
    assert only(a.policy(), *both, avoid=["00QLEAD"]).who == "00QOTHER"
    assert a.created(only(a.policy(), use=["00QX"], avoid=["00QX"])) == ["Lead"]


def test_8_a_lead_converted_while_we_wrote_is_a_converted_one_at_the_next_attempt():
    known = a.converted("00QLEAD", converted_contact_id="003FROM")
    ignoring = a.policy(converted_lead=ConvertedLead.IGNORE)
    assert only(ignoring, known, avoid=["00QLEAD"]).reason.code == "skip.lead_converted"
    plan = only(a.policy(), known, avoid=["00QLEAD"])
    assert plan.reason.code == "write.lead_created_again"


def test_8_an_opportunity_to_avoid_makes_room_for_another():
    held = a.contact(opportunities=(a.opportunity("006A"), a.opportunity("006B")))
    assert a.task(only(DEALS, held, avoid=["006B"])).fields["WhatId"] == "006A"
    closed = a.contact(opportunities=(a.opportunity("006A", closed=True),))
    reopen = a.policy(mode=Mode.OPPORTUNITIES, closed_opportunity=ClosedOpportunity.REOPEN)
    assert a.created(only(reopen, closed, avoid=["006A"])) == ["Opportunity"]


def test_8_a_refused_own_field_is_left_out_and_the_call_is_not_lost():
    policy = a.policy(own_fields=(OwnField(object="Lead", field="Status", template="Hot"),))
    plan = only(policy)
    assert a.step(plan, "Lead").fields["Status"] == "Hot"
    assert a.step(plan, "Lead").own == {"Status"}
    plan = only(policy, leave_out_own=["Lead.Status"])
    assert "Status" not in a.step(plan, "Lead").fields
    assert "own.refused" in a.told(plan)


def test_8_a_refused_own_value_leaves_the_field_to_ours():
    policy = a.policy(own_fields=(OwnField(object="Lead", field="Company", template="{group}x"),))
    plan = only(policy, leave_out_own=["Lead.Company"])
    assert a.step(plan, "Lead").fields["Company"] == "—"
    assert a.step(plan, "Lead").own == frozenset()
    task = a.policy(own_fields=(OwnField(object="Task", field="Subject", template="Hot"),))
    plan = only(task, leave_out_own=["Task.Subject"])
    assert a.task(plan).fields["Subject"] == f"Incoming call {a.NUMBER}"


def test_8_a_required_field_is_never_left_out():
    plan = only(a.policy(), leave_out=["Lead.LastName", "Lead.Company", "Lead.OwnerId"])
    assert {"LastName", "Company"} <= a.step(plan, "Lead").fields.keys()
    assert "OwnerId" not in a.step(plan, "Lead").fields


def test_8_nor_is_what_a_record_is_found_by_or_a_task_hangs_on():
    plan = only(a.policy(), leave_out=["Lead.Phone", "Task.WhoId"])
    assert a.step(plan, "Lead").fields["Phone"] == "+380505557182"
    assert a.task(plan).fields["WhoId"] == plan.who


@pytest.mark.parametrize(
    ("policy", "new"),
    [
        (a.policy(), ["Lead"]),
        (CONTACTS, ["Contact"]),
        (DEALS, ["Contact", "Opportunity"]),
    ],
)
def test_8_new_records_that_we_lose_sight_of_are_given_away_last(policy, new):
    plan = only(policy, lost_sight=["Task.WhoId"])
    made = [one for one in plan.steps if isinstance(one, Create) and one.object in new]
    given = [one for one in reversed(plan.steps) if isinstance(one, Update)]  # the newest first
    assert [one.object for one in made] == [one.object for one in given] == new
    assert {one.fields["OwnerId"] for one in made} == {a.CONNECTED}
    assert {one.fields["OwnerId"] for one in given} == {a.OLENA}
    assert [one.id for one in given] == [Ref(one.step) for one in made]
    assert all(one.is_last for one in given)
    assert a.task(plan).fields["OwnerId"] == a.OLENA
    assert a.told(plan).count("owner.given_last") == 1


def test_8_what_is_ours_anyway_is_given_to_nobody():
    plan = only(a.policy(lines=()), lost_sight=["Task.WhoId"])
    assert a.updated(plan) == []
    assert "owner.given_last" not in a.told(plan)


def test_8_a_later_call_that_joins_refers_to_it_before_it_is_given_away():
    first, second = a.waiting(a.call(), 1, lost_sight=["Task.WhoId"]), a.waiting(a.call(key="2"), 2)
    plans = decide([first, second], a.policy(), a.facts())
    (graph,) = graphs_of(plans)
    assert [one.step for one in graph.steps] == ["lead_1", "task_1", "task_2", "give_lead_1"]


def test_8_an_owner_who_may_not_be_given_a_record_leaves_it_ours():
    plan = only(a.policy(), lost_sight=["Task.WhoId"], leave_out=["Lead.OwnerId"])
    assert a.updated(plan) == []
    ours = a.facts().connected_user_id
    assert a.step(plan, "Lead").fields["OwnerId"] == ours, "nor the assignment rule's"
    assert {"owner.line", "field.left_out"} <= set(a.told(plan))
