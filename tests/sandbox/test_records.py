"""Records: every check of a write, with Salesforce's code and the field it names."""

import pytest

from sandbox.ids import checksum

LEAD = {"LastName": "Ivanenko", "Company": "Acme"}
TASK = {"Subject": "Call", "Status": "Completed", "TaskSubtype": "Call"}


def test_create_read_update_delete(client):
    answer = client.call("POST", "/sobjects/Lead/", {**LEAD, "Phone": " 044 123-45-67 "})
    assert answer.status_code == 201
    assert answer.json == {"id": answer.json["id"], "success": True, "errors": []}
    lead = answer.json["id"]
    assert answer.headers["Location"] == f"/services/data/v66.0/sobjects/Lead/{lead}"
    record = client.read("Lead", lead)
    assert (record["Phone"], record["Name"]) == ("044 123-45-67", "Ivanenko")
    assert record["Status"] == "Open - Not Contacted"
    assert record["IsConverted"] is False
    assert record["OwnerId"] == client.user("anna@acme.example")
    updated = client.call("PATCH", f"/sobjects/Lead/{lead}", {"Phone": None, "FirstName": "Ім'я"})
    assert (updated.status_code, updated.data) == (204, b"")
    assert "Content-Type" not in updated.headers
    assert client.read("Lead", lead)["Phone"] is None
    assert client.read("Lead", lead)["Name"] == "Ім'я Ivanenko"
    assert client.call("DELETE", f"/sobjects/Lead/{lead}").status_code == 204
    gone = client.call("PATCH", f"/sobjects/Lead/{lead}", {"FirstName": "x"})
    assert (gone.status_code, gone.json[0]["errorCode"]) == (404, "ENTITY_IS_DELETED")


def test_some_fields_only_and_short_ids(client):
    lead = client.create("Lead", **LEAD)
    answer = client.get(f"/sobjects/Lead/{lead[:15]}?fields=LastName,company").json
    assert {k: v for k, v in answer.items() if k != "attributes"} == {
        "Id": lead, "LastName": "Ivanenko", "Company": "Acme",
    }  # fmt: skip
    assert len(lead) == 18
    assert checksum(lead[:15]) == lead[15:]
    wrong = client.get(f"/sobjects/Lead/{lead[:15]}AAZ")
    assert wrong.status_code == 404


@pytest.mark.parametrize(
    ("fields", "code", "named"),
    [
        ({}, "REQUIRED_FIELD_MISSING", ["LastName", "Company"]),
        ({**LEAD, "LastName": ""}, "REQUIRED_FIELD_MISSING", ["LastName"]),
        ({**LEAD, "LastName": "x" * 81}, "STRING_TOO_LONG", ["LastName"]),
        ({**LEAD, "Phone": "1" * 41}, "STRING_TOO_LONG", ["Phone"]),
        ({**LEAD, "Nope__c": 1}, "INVALID_FIELD", None),
        ({**LEAD, "Name": "x"}, "INVALID_FIELD_FOR_INSERT_UPDATE", ["Name"]),
        ({**LEAD, "ConvertedContactId": None}, "INVALID_FIELD_FOR_INSERT_UPDATE", None),
        ({**LEAD, "LastName": 5}, "JSON_PARSER_ERROR", None),
        ({**LEAD, "AnnualRevenue": "5"}, "JSON_PARSER_ERROR", None),
        ({**LEAD, "NumberOfEmployees": 1.5}, "JSON_PARSER_ERROR", None),
        ({**LEAD, "NumberOfEmployees": 10**9}, "NUMBER_OUTSIDE_VALID_RANGE", None),
        ({**LEAD, "IsUnreadByOwner": "yes"}, "JSON_PARSER_ERROR", None),
        ({**LEAD, "Email": "nobody"}, "INVALID_EMAIL_ADDRESS", ["Email"]),
        ({**LEAD, "CleanStatus": "x"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", None),
        ({**LEAD, "OwnerId": "x"}, "MALFORMED_ID", ["OwnerId"]),
        ({**LEAD, "OwnerId": "005Sd00000zzzzz"}, "INVALID_CROSS_REFERENCE_KEY", ["OwnerId"]),
        ({**LEAD, "Status": "Closed - Converted"}, "INVALID_STATUS", ["Status"]),
    ],
)
def test_lead_refusals(client, fields, code, named):
    status, given, about = client.refused("Lead", **fields)
    assert (status, given) == (400, code)
    if named:
        assert about == named


def test_wording_of_the_refusals_a_client_parses(client):
    answer = client.call("POST", "/sobjects/Lead", {})
    assert answer.json == [
        {
            "message": "Required fields are missing: [LastName, Company]",
            "errorCode": "REQUIRED_FIELD_MISSING",
            "fields": ["LastName", "Company"],
        }
    ]
    unknown = client.call("POST", "/sobjects/Lead", {"X__c": 1}).json[0]
    assert unknown["message"] == "No such column 'X__c' on sobject of type Lead"
    read_only = client.call("POST", "/sobjects/Lead", {**LEAD, "IsDeleted": True}).json[0]
    assert read_only["message"].startswith("Unable to create/update fields: IsDeleted. Please")


def test_dates_and_datetimes(client, browser):
    field = {"object": "Lead", "name": "Seen__c", "type": "datetime"}
    assert browser.post("/__control__/orgs/Acme/fields", json=field).status_code == 201
    lead = client.create("Lead", **LEAD, Seen__c="2026-11-22T15:30:00+02:00")
    assert client.read("Lead", lead)["Seen__c"] == "2026-11-22T13:30:00.000+0000"
    assert client.refused("Lead", **LEAD, Seen__c="2026-11-22")[1] == "JSON_PARSER_ERROR"
    deal = {"Name": "D", "StageName": "Prospecting"}
    assert client.refused("Opportunity", **deal, CloseDate="2026-02-30")[1] == "JSON_PARSER_ERROR"
    assert client.refused("Opportunity", **deal, CloseDate="22.11.2026")[1] == "JSON_PARSER_ERROR"


def test_custom_fields_of_any_type(client, browser):
    fields = [
        {"name": "Budget__c", "type": "currency"},
        {"name": "Hot__c", "type": "boolean"},
        {"name": "Tier__c", "type": "picklist", "values": ["A", "B"], "restrictedPicklist": True},
    ]
    for field in fields:
        browser.post("/__control__/orgs/Acme/fields", json={"object": "Lead", **field})
    lead = client.create("Lead", **LEAD, Budget__c=10.126, Tier__c="A")
    record = client.read("Lead", lead)
    assert (record["Budget__c"], record["Hot__c"], record["Tier__c"]) == (10.13, False, "A")
    described = {f["name"]: f for f in client.get("/sobjects/Lead/describe").json["fields"]}
    assert described["Budget__c"]["custom"] is True
    assert [v["value"] for v in described["Tier__c"]["picklistValues"]] == ["A", "B"]
    wrong = client.refused("Lead", **LEAD, Tier__c="C")
    assert wrong[1] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_a_lead_excludes_a_related_record(client):
    lead = client.create("Lead", **LEAD)
    account = client.create("Account", Name="A")
    refusal = client.refused("Task", **TASK, WhoId=lead, WhatId=account)
    assert refusal[:2] == (400, "FIELD_INTEGRITY_EXCEPTION")


def test_converted_leads_are_read_only_and_take_no_task(client, browser):
    lead = client.create("Lead", **LEAD, Phone="1234567")
    call = client.create("Task", **TASK, WhoId=lead)
    converted = browser.post(
        "/__control__/orgs/Acme/convert", json={"lead": lead, "opportunity": True}
    ).json
    assert converted["IsConverted"] is True
    moved = client.read("Task", call)
    assert moved["WhoId"] == converted["ConvertedContactId"]
    assert moved["WhatId"] == converted["ConvertedOpportunityId"]
    assert client.refused("Task", **TASK, WhoId=lead)[1] == "CANNOT_UPDATE_CONVERTED_LEAD"
    answer = client.call("PATCH", f"/sobjects/Lead/{lead}", {"FirstName": "x"})
    assert answer.status_code == 400
    assert answer.json[0]["errorCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"
    assert answer.json[0]["message"] == "cannot reference converted lead"


def test_ids_of_the_wrong_kind_and_of_other_orgs(client, connect):
    contact = client.create("Contact", LastName="C")
    assert client.refused("Task", **TASK, WhatId=contact)[1] == "MALFORMED_ID"
    other = connect("greta@globex.example")
    theirs = other.create("Contact", LastName="T")
    assert client.refused("Task", **TASK, WhoId=theirs)[1] == "INVALID_CROSS_REFERENCE_KEY"
    assert client.get(f"/sobjects/Contact/{theirs}").status_code == 404
    answer = client.call("PATCH", f"/sobjects/Contact/{theirs}", {"LastName": "x"})
    assert (answer.status_code, answer.json[0]["errorCode"]) == (
        404,
        "INVALID_CROSS_REFERENCE_KEY",
    )


def test_a_deleted_record_cannot_be_referred_to(client):
    contact = client.create("Contact", LastName="C")
    call = client.create("Task", **TASK, WhoId=contact)
    client.call("DELETE", f"/sobjects/Contact/{contact}")
    assert client.refused("Task", **TASK, WhoId=contact)[1] == "ENTITY_IS_DELETED"
    assert client.get(f"/sobjects/Task/{call}").status_code == 404


def test_owners(client, browser):
    inactive = client.user("clara@acme.example")
    browser.patch(f"/__control__/orgs/Acme/records/User/{inactive}", json={"IsActive": False})
    answer = client.call("POST", "/sobjects/Lead", {**LEAD, "OwnerId": inactive})
    assert answer.json[0]["errorCode"] == "INACTIVE_OWNER_OR_USER"
    assert answer.json[0]["message"] == (
        f"operation performed with inactive user [{inactive[:15]}] as owner of lead"
    )
    queue = browser.get("/__control__/orgs/Acme/records/Group").json[0]["Id"]
    lead = client.create("Lead", **LEAD, OwnerId=queue)
    assert client.read("Lead", lead)["OwnerId"] == queue
    assert client.refused("Contact", LastName="C", OwnerId=queue)[1] == "MALFORMED_ID"
    assert client.refused("Task", **TASK, OwnerId=queue)[1] == "FIELD_INTEGRITY_EXCEPTION"


def test_task_derives_and_guards_its_fields(client):
    account = client.create("Account", Name="A")
    contact = client.create("Contact", LastName="C", AccountId=account)
    call = client.create("Task", **TASK, WhoId=contact, CallType="Inbound", CallDurationInSeconds=3)
    record = client.read("Task", call)
    assert record["IsClosed"] is True
    assert record["CompletedDateTime"] is not None
    assert (record["AccountId"], record["Priority"]) == (account, "Normal")
    change = client.call("PATCH", f"/sobjects/Task/{call}", {"TaskSubtype": "Email"})
    assert change.json[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert client.refused("Task", **TASK, CallType="Incoming")[1] == (
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    )
    assert client.refused("Task", **TASK, CallDurationInSeconds=-1)[0] == 400
    open_task = client.create("Task", Subject="x", ActivityDate="2026-11-23")
    assert client.read("Task", open_task)["Status"] == "Not Started"
    assert client.read("Task", open_task)["IsClosed"] is False


def test_opportunity_follows_its_stage(client):
    contact = client.create("Contact", LastName="C")
    deal = client.create(
        "Opportunity", Name="D", StageName="Closed Won", CloseDate="2026-01-01", ContactId=contact
    )
    record = client.read("Opportunity", deal)
    assert (record["IsClosed"], record["IsWon"], record["Probability"]) == (True, True, 100)
    assert record["ContactId"] is None
    client.call("PATCH", f"/sobjects/Opportunity/{deal}", {"StageName": "Qualification"})
    record = client.read("Opportunity", deal)
    assert (record["IsClosed"], record["Probability"]) == (False, 10)
    assert record["CloseDate"] == "2026-01-01"
    role = client.query("SELECT ContactId, IsPrimary, OpportunityId FROM OpportunityContactRole")
    assert role["records"][0]["ContactId"] == contact
    assert role["records"][0]["IsPrimary"] is True
    change = client.call("PATCH", f"/sobjects/Opportunity/{deal}", {"ContactId": contact})
    assert change.json[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    odd = client.create("Opportunity", Name="O", StageName="Mistyped", CloseDate="2030-01-01")
    assert client.read("Opportunity", odd)["IsClosed"] is False


def test_one_primary_role_per_opportunity(client):
    people = [client.create("Contact", LastName=name) for name in "AB"]
    deal = client.create("Opportunity", Name="D", StageName="x", CloseDate="2030-01-01")
    for person in people:
        client.create(
            "OpportunityContactRole", OpportunityId=deal, ContactId=person, IsPrimary=True
        )
    roles = client.query(
        f"SELECT ContactId FROM OpportunityContactRole WHERE OpportunityId = '{deal}'"
        " AND IsPrimary = true"
    )
    assert [role["ContactId"] for role in roles["records"]] == [people[1]]


def test_setup_objects_cannot_be_written(client):
    assert client.refused("OpportunityStage", MasterLabel="x")[1] == "INVALID_TYPE_FOR_OPERATION"
    assert client.refused("User", LastName="x")[1] == "INVALID_TYPE_FOR_OPERATION"
    assert client.call("POST", "/sobjects/Nothing", {}).status_code == 404
