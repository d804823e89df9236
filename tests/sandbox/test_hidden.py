"""Field-level security: a field without access is nowhere, a read-only one is refused by name."""

import pytest

LEAD = {"LastName": "Poe", "Company": "Raven"}
TASK = {"Subject": "Call", "Status": "Completed"}


def fields_of(client, name):
    described = client.get(f"/sobjects/{name}/describe").json["fields"]
    return {field["name"]: field for field in described}


@pytest.fixture
def lead(client):
    """A lead whose phone was written before it was hidden."""
    made = client.create("Lead", **LEAD, Phone="+380441234567")
    client.switch(hidden_fields=["Lead.Phone"])
    return made


def test_it_is_not_described_nor_read(client, lead):
    assert "Phone" not in fields_of(client, "Lead")
    assert "Phone" not in client.read("Lead", lead)
    answer = client.get(f"/sobjects/Lead/{lead}?fields=Id,Phone")
    assert (answer.status_code, answer.json[0]["errorCode"]) == (400, "INVALID_FIELD")
    answer = client.call("POST", "/composite/sobjects/Lead", {"ids": [lead], "fields": ["Phone"]})
    assert answer.json[0]["errorCode"] == "INVALID_FIELD"


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT Phone FROM Lead",
        "SELECT Id FROM Lead WHERE Phone = '1'",
        "SELECT Id FROM Lead WHERE (NOT Phone LIKE '1%')",
        "SELECT Id FROM Lead ORDER BY Phone",
    ],
)
def test_no_query_may_name_it(client, lead, soql):
    refusal = client.query_refused(soql)
    assert refusal["errorCode"] == "INVALID_FIELD"
    assert "No such column 'Phone' on entity 'Lead'" in refusal["message"]


def test_it_is_not_written(client, lead):
    answer = client.call("PATCH", f"/sobjects/Lead/{lead}", {"Phone": "1"})
    assert answer.json[0]["message"] == "No such column 'Phone' on sobject of type Lead"
    assert client.refused("Lead", **LEAD, Phone="1")[:2] == (400, "INVALID_FIELD")


def test_its_values_stay_and_the_orgs_own_rules_know_them(client, browser, lead):
    rule = {"object": "Lead", "action": "block", "against": ["Lead"], "match": ["Phone", "Email"]}
    wrong = {"object": "Lead", "when": "Phone = '+380441234567'", "message": "Not this number"}
    client.switch(duplicate_rules=[rule], validation_rules=[wrong])
    answer = client.call("PATCH", f"/sobjects/Lead/{lead}", {"FirstName": "Edgar"})
    assert answer.json[0]["message"] == "Not this number"
    client.switch(validation_rules=[], hidden_fields=[])
    assert client.read("Lead", lead)["Phone"] == "+380441234567"


def test_a_search_neither_finds_by_it_nor_shows_it(client, lead):
    client.create("Lead", **LEAD, MobilePhone="+380441234567")
    found = client.get("/search?q=FIND {380441234567} IN PHONE FIELDS RETURNING Lead(Id)")
    assert len(found.json["searchRecords"]) == 1
    refused = client.get("/search?q=FIND {380441234567} IN PHONE FIELDS RETURNING Lead(Phone)")
    assert refused.json[0]["errorCode"] == "INVALID_FIELD"


def test_a_hidden_lookup_takes_its_relationships_along(client):
    account = client.create("Account", Name="A")
    contact = client.create("Contact", LastName="C", AccountId=account)
    call = client.create("Task", **TASK, WhoId=contact)
    client.switch(hidden_fields=["Task.WhoId", "Event.WhoId", "Contact.AccountId"])
    for soql in (
        "SELECT Who.Name FROM Task",
        "SELECT Id FROM Task WHERE Who.Name = 'C'",
        "SELECT Account.Name FROM Contact",
    ):
        assert "Didn't understand relationship" in client.query_refused(soql)["message"]
    for soql in (
        "SELECT Id, (SELECT Id FROM Tasks) FROM Contact",
        "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
    ):
        assert client.query_refused(soql)["errorCode"] == "INVALID_TYPE"
    children = client.get("/sobjects/Contact/describe").json["childRelationships"]
    assert "Tasks" not in {child["relationshipName"] for child in children}
    by_key = client.call("POST", "/sobjects/Contact", {"LastName": "D", "Account": {"Id": account}})
    assert by_key.json[0]["errorCode"] == "INVALID_FIELD"
    assert client.call("DELETE", f"/sobjects/Contact/{contact}").status_code == 204
    assert client.get(f"/sobjects/Task/{call}").status_code == 404, "deleted with its contact"


def test_nor_through_a_lookup_to_several_objects(client, lead):
    call = client.create("Task", **TASK, WhoId=lead)
    assert "No such column 'Phone'" in client.query_refused("SELECT Who.Phone FROM Task")["message"]
    found = client.query("SELECT Id, Who.Email, Owner.Phone FROM Task")["records"]
    assert [record["Id"] for record in found] == [call]


def test_a_lookup_stays_usable_after_its_return(client):
    contact = client.create("Contact", LastName="C")
    client.switch(hidden_fields=["Task.WhoId"])
    call = client.create("Task", **TASK)
    client.switch(hidden_fields=[])
    client.call("PATCH", f"/sobjects/Task/{call}", {"WhoId": contact})
    client.switch(hidden_fields=["Task.WhoId"])
    client.call("PATCH", f"/sobjects/Task/{call}", {"Subject": "Again"})
    client.switch(hidden_fields=[])
    found = client.query(f"SELECT Id FROM Task WHERE WhoId = '{contact}'")
    assert [record["Id"] for record in found["records"]] == [call]


def test_tasks_and_events_agree_on_activity_fields(client, browser):
    field = {"object": "Task", "name": "Line__c", "type": "string"}
    browser.post("/__control__/orgs/Acme/fields", json=field)
    task, event = fields_of(client, "Task"), fields_of(client, "Event")
    own = {"OwnerId", "RecurrenceActivityId", "ActivityDate"}  # hidden on tasks alone
    shared = {"WhoId", "WhatId", "Description", "UniTalk_Call_Id__c", "Line__c"}
    assert shared <= task.keys() & event.keys()
    for name in task.keys() & event.keys() - own:
        assert task[name] == event[name], name


def test_a_read_only_field_is_read_and_not_written(client):
    client.switch(field_changes={"Lead.Phone": {"createable": False, "updateable": False}})
    field = fields_of(client, "Lead")["Phone"]
    assert (field["createable"], field["updateable"], field["filterable"]) == (False, False, True)
    assert client.query("SELECT Phone FROM Lead WHERE Phone = '1'")["totalSize"] == 0
    refused = client.refused("Lead", **LEAD, Phone="1")
    assert refused == (400, "INVALID_FIELD_FOR_INSERT_UPDATE", ["Phone"])


@pytest.mark.parametrize(
    "path", ["Lead.LastName", "Lead.Company", "Task.OwnerId", "Lead.CreatedDate", "Lead.Nope__c"]
)
def test_required_system_and_unknown_fields_cannot_be_hidden(client, browser, path):
    answer = browser.patch("/__control__/orgs/Acme/settings", json={"hidden_fields": [path]})
    assert answer.status_code == 400
    assert path in answer.json["error"]
    assert client.org.settings.hidden_fields == []


def test_a_required_custom_field_cannot_be_hidden(client, browser):
    field = {"object": "Lead", "name": "Region__c", "type": "string", "nillable": False}
    browser.post("/__control__/orgs/Acme/fields", json=field)
    hidden = {"hidden_fields": ["Lead.Region__c"]}
    assert browser.patch("/__control__/orgs/Acme/settings", json=hidden).status_code == 400
    hidden = {"hidden_fields": ["Lead.Phone", "Task.WhoId", "Task.CallType"]}
    assert browser.patch("/__control__/orgs/Acme/settings", json=hidden).status_code == 200


def test_the_pages_and_the_control_api_show_everything(client, browser, lead):
    assert "+380441234567" in browser.get(f"/o/{client.org.id}/Lead").text
    assert "+380441234567" in browser.get(f"/{lead}").text
    planted = browser.post("/__control__/orgs/Acme/records/Lead", json={**LEAD, "Phone": "2"})
    assert planted.status_code == 201
    listed = browser.get("/__control__/orgs/Acme/records/Lead").json
    assert [record["Phone"] for record in listed] == ["+380441234567", "2"]
