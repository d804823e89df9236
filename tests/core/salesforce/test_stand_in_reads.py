"""Looking at the stand-in org: its shape, and who is behind a number."""

import json

import pytest

from core.policy import Mode
from core.salesforce.errors import RecordRefused, ShapeStale, Transient
from core.salesforce.lookup import look_up
from core.salesforce.shape import read_shape
from core.salesforce.shape_json import shape_from_json, shape_to_json
from tests.core.salesforce.helpers.shapes import TODAY, policy
from tests.core.salesforce.helpers.stand_in import StandIn

NUMBER = "+380441234567"
SPELLINGS = [
    "+380441234567",
    "380441234567",
    "0441234567",
    "(044) 123-45-67",
    "+38 (044) 123 45 67",
    "044.123.45.67",
    "8 044 123 45 67",
    "044 123-45-67 ext. 12",
    "tel: +380-44-123-4567",
]
STRANGERS = ["+380441234568", "+14412345670", "+48441234567", "441234", "+380671234567", "n/a"]


def test_the_shape_with_the_package_and_without(org: StandIn) -> None:
    shape = read_shape(org.client)
    assert org.client.calls == 1
    assert shape.package_installed
    people, deals = {"Lead", "Contact", "Account"}, {"Opportunity", "OpportunityContactRole"}
    assert {*people, *deals, "Task"} == set(shape.fields)
    assert {name for name, field in shape.fields["Lead"].items() if field.required} == {
        "LastName",
        "Company",
    }
    assert shape.fields["Lead"]["Phone"].type == "phone"
    assert "UniTalk_Key__c" in shape.fields["Lead"]
    assert [s.name for s in shape.stages if s.is_closed] == ["Closed Won", "Closed Lost"]
    assert (shape.open_task_status, shape.closed_task_status) == ("Not Started", "Completed")
    assert "Anna Kovalenko" in [user.name for user in shape.users.values()]
    assert shape_from_json(json.loads(json.dumps(shape_to_json(shape)))) == shape
    org.switch(package=False)
    assert not read_shape(org.client).package_installed


@pytest.mark.parametrize("object_name", ["Lead", "Contact"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_number_in_any_spelling(org: StandIn, object_name: str, spelling: str) -> None:
    wanted = org.add(object_name, LastName="Found", MobilePhone=spelling, **company(object_name))
    for stranger in STRANGERS:
        org.add(object_name, LastName="Not", Phone=stranger, **company(object_name))
    facts = org.look_up([NUMBER], ["k1"], chosen=policy(known_contact_first=True))
    assert [one.id for one in (*facts.leads, *facts.contacts)] == [wanted]
    assert (facts.leads or facts.contacts)[0].numbers == (spelling,)


def company(object_name: str) -> dict[str, str]:
    return {"Company": "Acme"} if object_name == "Lead" else {}


def test_converted_leads_are_found_with_what_became_of_them(org: StandIn) -> None:
    lead = org.add("Lead", LastName="Ivan", Company="Acme", Phone=NUMBER)
    made = org.control("POST", "/orgs/Acme/convert", {"lead": lead, "opportunity": True})
    (found,) = org.look_up([NUMBER]).leads
    assert found.is_converted
    assert found.converted_contact_id
    assert found.converted_contact_id in json.dumps(made)


def test_opportunities_of_a_contact(org: StandIn) -> None:
    contact = org.add("Contact", LastName="Ivan", Phone=NUMBER)
    deals = [
        org.add("Opportunity", Name=stage, StageName=stage, CloseDate="2030-01-01")
        for stage in ("Closed Won", "Prospecting")
    ]
    for deal in deals:
        org.add("OpportunityContactRole", OpportunityId=deal, ContactId=contact)
    (found,) = org.look_up([NUMBER], chosen=policy(mode=Mode.OPPORTUNITIES)).contacts
    assert {(one.id, one.is_closed) for one in found.opportunities} == {
        (deals[0], True),
        (deals[1], False),
    }
    assert {one.close_date.isoformat() for one in found.opportunities} == {"2030-01-01"}


def test_opportunities_of_a_person_account(org: StandIn) -> None:
    org.switch(person_accounts=True)
    account = org.add("Account", LastName="Ivan", PersonMobilePhone="044 123 45 67")
    deal = org.add(
        "Opportunity",
        Name="Deal",
        StageName="Prospecting",
        CloseDate="2030-01-01",
        AccountId=account,
    )
    (found,) = org.look_up([NUMBER], chosen=policy(mode=Mode.OPPORTUNITIES)).contacts
    assert found.is_person_account
    assert found.account_id == account
    assert [one.id for one in found.opportunities] == [deal]


def test_calls_written_before(org: StandIn) -> None:
    by_field = org.add("Task", Subject="Call", UniTalk_Call_Id__c="275")
    by_object = org.add("Task", Subject="Call", CallObject="UniTalk 276")
    org.add("Task", Subject="Call", UniTalk_Call_Id__c="277")
    assert org.look_up([], ["275", "276"]).tasks == {"275": by_field, "276": by_object}
    org.switch(package=False)
    assert org.look_up([], ["275", "276"]).tasks == {"276": by_object}


def test_a_number_and_a_key_full_of_quotes(org: StandIn) -> None:
    key = "k'\\\" OR Id != '\n%"
    task = org.add("Task", Subject="Call", UniTalk_Call_Id__c=key)
    org.add("Task", Subject="Call", UniTalk_Call_Id__c="other")
    assert org.look_up([], [key]).tasks == {key: task}


def test_records_by_id_and_deleted_ones(org: StandIn) -> None:
    lead = org.add("Lead", LastName="Ivan", Company="Acme")
    contact = org.add("Contact", LastName="Ivan")
    facts = org.look_up([NUMBER], ids=[lead[:15], contact])
    assert [one.id for one in facts.leads] == [lead]
    assert [one.id for one in facts.contacts] == [contact]
    org.control("DELETE", f"/orgs/Acme/records/Lead/{lead}")
    assert org.look_up([NUMBER], ids=[lead]).leads == ()


def test_75_calls_are_one_read(org: StandIn) -> None:
    org.switch(person_accounts=True)
    numbers = [f"+38044{number:07d}" for number in range(1000, 1075)]
    lead = org.add("Lead", LastName="x", Company="x", Phone="(044) 000-10-74")
    shape = read_shape(org.client)
    before = org.client.calls
    chosen = policy(known_contact_first=True)
    keys = [str(number) for number in range(75)]
    me = org.connection["user_id"]
    facts = look_up(org.client, shape, numbers, keys, [lead], chosen, me, TODAY, {})
    assert org.client.calls == before + 1
    assert [one.id for one in facts.leads] == [lead]


def test_more_than_one_page(org: StandIn) -> None:
    leads = [{"LastName": f"L{n}", "Company": "x", "Phone": NUMBER} for n in range(2005)]
    org.control("POST", "/orgs/Acme/records/Lead", leads)
    assert len(org.look_up([NUMBER]).leads) == 2005


def test_a_field_hidden_since(org: StandIn) -> None:
    shape = read_shape(org.client)
    org.switch(hidden_fields=["Lead.MobilePhone"])
    me = org.connection["user_id"]
    with pytest.raises(ShapeStale):
        look_up(org.client, shape, [NUMBER], ["k1"], [], policy(), me, TODAY, {})
    lead = org.add("Lead", LastName="x", Company="x", Phone=NUMBER)
    assert [one.id for one in org.look_up([NUMBER]).leads] == [lead]


def test_bad_weather_while_looking(org: StandIn) -> None:
    shape = read_shape(org.client)
    me = org.connection["user_id"]
    for kind in ("unavailable", "empty", "cut", "lost_reply"):
        org.fault(kind)
        with pytest.raises(Transient):
            look_up(org.client, shape, [NUMBER], ["k1"], [], policy(), me, TODAY, {})
    org.fault("error", code="INSUFFICIENT_ACCESS", status=403)
    with pytest.raises(RecordRefused):
        org.client.request("POST", "/sobjects/Lead", {"LastName": "x", "Company": "x"})
