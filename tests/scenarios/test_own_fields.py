"""Fields of the customer's own: filled by their type, and never at the cost of the call."""

import pytest

from tests.helpers.events import CLIENT, event


def own(field, template, object_name="Lead", when="create"):
    return {"object": object_name, "field": field, "template": template, "when": when}


TYPES = {
    "text": ({"type": "string", "length": 20}, "{external_line}", "380444900123"),
    "cut": ({"type": "string", "length": 5}, "{external_line}", "3804…"),
    "number": ({"type": "double"}, "{duration}", 9),
    "checkbox": ({"type": "boolean"}, "{answered}", True),
    "date": ({"type": "date"}, "{date}", "2026-07-09"),
    "datetime": ({"type": "datetime"}, "{datetime}", "2026-07-09T13:58:52.000+0000"),
    "phone": ({"type": "phone"}, "{client_number}", f"+{CLIENT}"),
    "url": ({"type": "url"}, "{recording}", "https://api.unitalk.cloud:8443/tracking/rec/275"),
    "picklist": (
        {
            "type": "picklist",
            "restrictedPicklist": True,
            "values": ["Phone"],
        },
        "Phone",
        "Phone",
    ),
}


HEAT = {"type": "picklist", "values": ["hot", "cold"], "labels": {"hot": "Горячий"}}
TYPES |= {
    "label": ({**HEAT, "restrictedPicklist": True}, "ГОРЯЧИИ\u0306", "hot"),
    "label of an open list": (HEAT, "Горячий", "hot"),
    "labels": ({**HEAT, "type": "multipicklist"}, "Горячий; cold", "hot;cold"),
}


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_takes_its_value(world, kind):
    field, template, expected = TYPES[kind]
    world.control("POST", "/orgs/Acme/fields", {"object": "Lead", "name": "Own__c", **field})
    world.connect(own_fields=(own("Own__c", template),)).hand_over(event(dbid=1)).deliver()
    assert world.one("Lead")["Own__c"] == expected, world.call(1).trace


def test_a_field_for_every_call_is_filled_on_known_records_too(world):
    lead = world.plant("Lead", LastName="L", Company="C", Phone=CLIENT)
    world.connect(
        own_fields=(
            own("Website", "{recording}", when="every_call"),
            own("Title", "never on a known lead"),
            own("CallDisposition", "{group}", object_name="Task"),
        )
    )
    world.hand_over(event(dbid=1)).deliver()
    found = world.one("Lead")
    assert found["Id"] == lead
    assert found["Website"] == "https://api.unitalk.cloud:8443/tracking/rec/275"
    assert not found.get("Title")


def test_two_calls_of_a_new_number_at_once_fill_it_both(world):
    world.connect(
        own_fields=(
            own("Website", "{recording}", when="every_call"),
            own("Description", "{date} {external_line}", when="every_call"),
        )
    )
    again = {"link": "https://api.unitalk.cloud/tracking/rec/276"}
    world.hand_over(event(dbid=1), event(dbid=2, **again)).deliver()
    lead = world.one("Lead")
    assert lead["Website"] == again["link"]
    assert lead["Description"] == "2026-07-09 380444900123"
    records = {key: world.call(key).written["records"] for key in (1, 2)}
    assert records[1][0][:3] == ["Lead", lead["Id"], True]
    assert records[2][0][:3] == ["Lead", lead["Id"], False]


def test_a_value_that_no_longer_fits_is_left_out_and_said(world):
    field = {"object": "Lead", "name": "Own__c", "type": "double"}
    world.control("POST", "/orgs/Acme/fields", field)
    world.connect(own_fields=(own("Own__c", "{external_line} is no number"),))
    world.hand_over(event(dbid=1)).deliver()
    assert world.one("Lead")["Own__c"] is None
    assert "own.not_number" in [step[0] for step in world.call(1).trace["steps"]]


def test_a_field_hidden_since_is_left_out_and_the_call_is_written(world):
    world.connect(own_fields=(own("Title", "{group}"),)).hand_over(event(dbid=1)).deliver()
    assert world.one("Lead")["Title"] == "Sales managers"
    world.org(hidden_fields=["Lead.Title"])
    world.hand_over(event(dbid=2, **{"from": "380501112233"})).deliver()
    assert world.call(2).state == "done"
    assert len(world.records("Lead")) == 2


def test_a_restricted_picklist_that_changed_costs_the_value_not_the_call(world):
    values = TYPES["picklist"][0]
    world.control("POST", "/orgs/Acme/fields", {"object": "Lead", "name": "Own__c", **values})
    world.connect(own_fields=(own("Own__c", "Phone"),)).hand_over(event(dbid=1)).deliver()
    changed = {**values, "values": ["Tel"]}
    world.control("POST", "/orgs/Acme/fields", {"object": "Lead", "name": "Own__c", **changed})
    world.hand_over(event(dbid=2, **{"from": "380501112233"})).deliver()
    assert world.call(2).state == "done"
    assert world.records("Lead")[1]["Own__c"] is None


def test_a_known_record_that_will_not_be_changed_costs_the_field_not_the_call(world):
    lead = world.plant("Lead", LastName="L", Company="C", Phone=CLIENT)
    rule = {"object": "Lead", "when": "Company = 'C'", "message": "Closed for the audit"}
    world.org(validation_rules=[rule])
    world.connect(own_fields=(own("Website", "{recording}", when="every_call"),))
    world.hand_over(event(dbid=1)).deliver()
    row = world.call(1)
    assert (row.state, row.reason_code) == ("done", "write.lead_found")
    assert world.one("Task")["WhoId"] == lead
    assert "own.refused" in [step[0] for step in row.trace["steps"]]
