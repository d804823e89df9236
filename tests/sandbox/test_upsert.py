"""Upsert by external id, unique fields, duplicate rules, and the org's other obstacles."""

from urllib.parse import quote

LEAD = {"LastName": "Ivanenko", "Company": "Acme"}


def upsert(client, name, key, value, body, **more):
    return client.call("PATCH", f"/sobjects/{name}/{key}/{quote(value, safe='')}", body, **more)


def test_upsert_creates_then_updates(client):
    key = "+380/44 1"
    first = upsert(client, "Lead", "UniTalk_Key__c", key, LEAD)
    assert first.status_code == 201
    assert first.json == {
        "id": first.json["id"], "success": True, "errors": [], "created": True,
    }  # fmt: skip
    second = upsert(client, "Lead", "UniTalk_Key__c", key, {"Company": "B"})
    assert (second.status_code, second.json["created"]) == (200, False)
    assert client.read("Lead", first.json["id"])["UniTalk_Key__c"] == key
    found = client.get(f"/sobjects/Lead/UniTalk_Key__c/{quote(key, safe='')}")
    assert found.json["Company"] == "B"


def test_older_versions_answer_204(client):
    upsert(client, "Lead", "UniTalk_Key__c", "k", LEAD)
    client.version = "45.0"
    assert upsert(client, "Lead", "UniTalk_Key__c", "k", {"Company": "B"}).status_code == 204


def test_upsert_refusals(client):
    unknown = upsert(client, "Lead", "Nope__c", "k", LEAD)
    assert unknown.status_code == 404
    assert unknown.json[0]["message"] == (
        "Provided external ID field does not exist or is not accessible: Nope__c"
    )
    no_key = upsert(client, "Lead", "Phone", "k", LEAD)
    assert no_key.status_code == 404
    doubled = upsert(client, "Lead", "UniTalk_Key__c", "k", {**LEAD, "UniTalk_Key__c": "k"})
    assert (doubled.status_code, doubled.json[0]["errorCode"]) == (400, "INVALID_FIELD")
    only = client.call("PATCH", "/sobjects/Lead/UniTalk_Key__c/new?updateOnly=true", LEAD)
    assert only.status_code == 404


def test_several_matches_are_300(client, browser):
    field = {"object": "Lead", "name": "Ext__c", "type": "string", "externalId": True}
    browser.post("/__control__/orgs/Acme/fields", json=field)
    ids = [client.create("Lead", **LEAD, Ext__c="e") for _ in range(2)]
    answer = upsert(client, "Lead", "Ext__c", "e", {"Company": "B"})
    assert answer.status_code == 300
    assert answer.json == [f"/services/data/v66.0/sobjects/Lead/{i}" for i in ids]


def test_a_unique_value_twice_names_the_short_id(client):
    first = client.create("Task", Subject="x", UniTalk_Call_Id__c="c-1")
    answer = client.call("POST", "/sobjects/Task", {"Subject": "x", "UniTalk_Call_Id__c": "c-1"})
    assert answer.json[0]["errorCode"] == "DUPLICATE_VALUE"
    assert answer.json[0]["message"] == (
        "duplicate value found: UniTalk_Call_Id__c duplicates value on record with id: "
        + first[:15]
    )
    client.create("Task", Subject="x", UniTalk_Call_Id__c="C-1")


def test_lookup_by_external_id_in_the_body(client, browser):
    field = {"object": "Account", "name": "Ext__c", "type": "string", "externalId": True}
    browser.post("/__control__/orgs/Acme/fields", json=field)
    account = client.create("Account", Name="A", Ext__c="A-1")
    contact = client.create("Contact", LastName="C", Account={"Ext__c": "A-1"})
    assert client.read("Contact", contact)["AccountId"] == account
    lost = client.refused("Contact", LastName="C", Account={"Ext__c": "A-2"})
    assert lost[1] == "INVALID_FIELD"


def rule(action, **more):
    return {"object": "Lead", "action": action, "against": ["Lead", "Contact"], **more}


def test_duplicate_rule_alert_and_block(client):
    contact = client.create("Contact", LastName="C", Phone="(044) 123-45-67")
    client.switch(duplicate_rules=[rule("alert")])
    body = {**LEAD, "Phone": "044 1234567"}
    answer = client.call("POST", "/sobjects/Lead", body)
    assert answer.status_code == 400
    entry = answer.json[0]
    assert entry["errorCode"] == "DUPLICATES_DETECTED"
    assert entry["duplicateResut"]["allowSave"] is True
    match = entry["duplicateResut"]["matchResults"][0]["matchRecords"][0]
    assert match["record"]["Id"] == contact
    header = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
    assert client.call("POST", "/sobjects/Lead", body, header).status_code == 201
    client.switch(duplicate_rules=[rule("block")])
    blocked = client.call("POST", "/sobjects/Lead", body, header)
    assert blocked.json[0]["duplicateResut"]["allowSave"] is False


def test_validation_rule_speaks_the_admins_words(client):
    words = "Потрібен телефон"
    client.switch(
        validation_rules=[
            {"object": "Lead", "when": "Phone = null", "message": words, "field": "Phone"}
        ]
    )
    answer = client.call("POST", "/sobjects/Lead", LEAD)
    assert answer.json == [
        {
            "message": words,
            "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "fields": ["Phone"],
        }
    ]
    assert client.query("SELECT COUNT() FROM Lead")["totalSize"] == 0
    client.create("Lead", **LEAD, Phone="1")


def test_assignment_rule_unless_told_otherwise(client):
    boss, me = client.user("bohdan@acme.example"), client.user("anna@acme.example")
    client.switch(assignment_owner=boss)
    body = {**LEAD, "OwnerId": me}
    lead = client.create("Lead", **body)
    assert client.read("Lead", lead)["OwnerId"] == boss
    kept = client.call("POST", "/sobjects/Lead", body, {"Sforce-Auto-Assign": "FALSE"}).json["id"]
    assert client.read("Lead", kept)["OwnerId"] == me


def test_fields_hidden_or_read_only_by_the_admin(client):
    client.switch(hidden_fields=["Lead.MobilePhone"])
    assert client.refused("Lead", **LEAD, MobilePhone="1")[1] == "INVALID_FIELD"
    assert client.query_refused("SELECT MobilePhone FROM Lead")["errorCode"] == "INVALID_FIELD"
    names = [f["name"] for f in client.get("/sobjects/Lead/describe").json["fields"]]
    assert "MobilePhone" not in names
    client.switch(field_changes={"Lead.Phone": {"createable": False, "updateable": False}})
    assert client.refused("Lead", **LEAD, Phone="1")[1] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_without_the_package_its_fields_are_missing(client):
    client.switch(package=False)
    answer = upsert(client, "Task", "UniTalk_Call_Id__c", "c", {"Subject": "x"})
    assert (answer.status_code, answer.json[0]["errorCode"]) == (404, "NOT_FOUND")
    assert client.refused("Task", Subject="x", UniTalk_Call_Id__c="c")[1] == "INVALID_FIELD"
    client.switch(package=True)
    for name in ("Task", "Event"):
        names = [f["name"] for f in client.get(f"/sobjects/{name}/describe").json["fields"]]
        assert "UniTalk_Call_Id__c" in names


def test_storage_full(client):
    lead = client.create("Lead", **LEAD)
    client.switch(storage_full=True)
    assert client.refused("Lead", **LEAD)[1] == "STORAGE_LIMIT_EXCEEDED"
    assert client.call("PATCH", f"/sobjects/Lead/{lead}", {"Company": "B"}).status_code == 204


def test_person_accounts(client):
    assert client.refused("Account", LastName="P")[1] == "INVALID_FIELD"
    client.switch(person_accounts=True)
    account = client.create("Account", LastName="P", FirstName="A", PersonMobilePhone="+1")
    record = client.read("Account", account)
    assert (record["IsPersonAccount"], record["Name"]) == (True, "A P")
    contact = client.read("Contact", record["PersonContactId"])
    assert (contact["MobilePhone"], contact["IsPersonAccount"]) == ("+1", True)
    change = client.call("PATCH", f"/sobjects/Contact/{contact['Id']}", {"MobilePhone": "2"})
    assert change.json[0]["errorCode"] == "INVALID_PERSON_ACCOUNT_OPERATION"
    client.call("PATCH", f"/sobjects/Account/{account}", {"PersonMobilePhone": "+3"})
    assert client.read("Contact", contact["Id"])["MobilePhone"] == "+3"
    client.create("Lead", LastName="L")
    client.create("Task", Subject="x", WhoId=contact["Id"])
