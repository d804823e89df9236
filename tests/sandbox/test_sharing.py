"""Sharing: what a user without View All does not see, and what he may not change."""

import pytest

LEAD = {"LastName": "Poe", "Company": "Raven", "Phone": "+380441234567"}
TASK = {"Subject": "Call", "Status": "Completed"}
DEAL = {"Name": "D", "StageName": "Prospecting", "CloseDate": "2030-01-01"}
OUT = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"


@pytest.fixture
def other(connect):
    """A colleague, who owns what the client is not to see."""
    return connect("bohdan@acme.example")


@pytest.fixture
def private(client):
    client.switch(sharing="private", view_all=[])
    return client


def ids(client, soql):
    return [record["Id"] for record in client.query(soql)["records"]]


def error(answer):
    return answer.status_code, answer.json[0]["errorCode"]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Lead", LEAD),
        ("Account", {"Name": "A"}),
        ("Contact", {"LastName": "C"}),
        ("Opportunity", DEAL),
    ],
)
def test_only_the_owner_sees_and_changes_a_record(private, other, name, fields):
    mine, theirs = private.create(name, **fields), other.create(name, **fields)
    assert ids(private, f"SELECT Id FROM {name}") == [mine]
    assert private.query(f"SELECT COUNT() FROM {name}")["totalSize"] == 1
    assert error(private.get(f"/sobjects/{name}/{theirs}")) == (404, "NOT_FOUND")
    rows = private.call("POST", f"/composite/sobjects/{name}", {"ids": [theirs], "fields": ["Id"]})
    assert rows.json == [None]
    change = private.call("PATCH", f"/sobjects/{name}/{theirs}", {"Description": "x"})
    assert error(change) == (403, OUT)
    assert theirs[:15] in change.json[0]["message"]
    assert error(private.call("DELETE", f"/sobjects/{name}/{theirs}")) == (403, OUT)


def test_view_all_reads_but_does_not_edit(private, other):
    theirs = other.create("Lead", **LEAD)
    private.switch(view_all=["Lead"])
    assert ids(private, "SELECT Id FROM Lead") == [theirs]
    private.create("Task", **TASK, WhoId=theirs)
    change = private.call("PATCH", f"/sobjects/Lead/{theirs}", {"FirstName": "x"})
    assert error(change) == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    assert change.json[0]["message"] == "insufficient access rights on object id"


def test_public_sharing_needs_no_view_all(client, other):
    client.switch(view_all=[])
    theirs = other.create("Lead", **LEAD)
    assert client.call("PATCH", f"/sobjects/Lead/{theirs}", {"FirstName": "x"}).status_code == 204


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Lead", LEAD),
        ("Account", {"Name": "A"}),
        ("Contact", {"LastName": "C"}),
        ("Opportunity", DEAL),
        ("Task", TASK),
    ],
)
def test_public_sharing_lets_nobody_delete_but_the_owner(client, other, name, fields):
    theirs = other.create(name, **fields)
    refused = (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    assert error(client.call("DELETE", f"/sobjects/{name}/{theirs}")) == refused
    (row,) = client.call("DELETE", f"/composite/sobjects?ids={theirs}").json
    assert (row["success"], row["errors"][0]["statusCode"]) == (False, refused[1])
    assert other.get(f"/sobjects/{name}/{theirs}").status_code == 200
    client.switch(modify_all=True)
    assert client.call("DELETE", f"/sobjects/{name}/{theirs}").status_code == 204


def test_modify_all_knows_no_sharing(private, other):
    lead, call = other.create("Lead", **LEAD), other.create("Task", **TASK)
    private.switch(modify_all=True)
    for name, theirs in (("Lead", lead), ("Task", call)):
        assert ids(private, f"SELECT Id FROM {name}") == [theirs]
        change = private.call("PATCH", f"/sobjects/{name}/{theirs}", {"Description": "x"})
        assert change.status_code == 204


def test_a_contact_without_an_account_is_its_owners_under_any_sharing(client, other):
    account = other.create("Account", Name="A")
    loose = other.create("Contact", LastName="Loose")
    held = other.create("Contact", LastName="Held", AccountId=account)
    change = client.call("PATCH", f"/sobjects/Contact/{loose}", {"Title": "x"})
    assert error(change) == (403, "INSUFFICIENT_ACCESS_OR_READONLY"), "View All only reads"
    client.switch(view_all=[])
    assert ids(client, "SELECT Id FROM Contact") == [held]
    assert error(client.call("POST", "/sobjects/Task", {**TASK, "WhoId": loose})) == (403, OUT)
    assert client.call("PATCH", f"/sobjects/Contact/{held}", {"Title": "x"}).status_code == 204


def test_a_task_cannot_refer_to_what_is_out_of_sight(private, other):
    lead, deal = other.create("Lead", **LEAD), other.create("Opportunity", **DEAL)
    for link in ({"WhoId": lead}, {"WhatId": deal}):
        assert private.refused("Task", **TASK, **link) == (403, OUT, [])
    call = private.create("Task", **TASK)
    assert error(private.call("PATCH", f"/sobjects/Task/{call}", {"WhoId": lead})) == (403, OUT)
    person = private.create("Contact", LastName="C")
    role = {"OpportunityId": deal, "ContactId": person}
    assert private.refused("OpportunityContactRole", **role)[:2] == (403, OUT)
    private.switch(view_all=["Opportunity"])
    assert private.refused("OpportunityContactRole", **role)[:2] == (403, OUT), "a role edits"


def test_a_new_record_of_a_colleague_is_out_of_sight_at_once(private):
    bohdan = private.user("bohdan@acme.example")
    url = f"{private.base}/sobjects"
    nodes = [
        {"method": "POST", "url": f"{url}/Lead", "body": {**LEAD, "OwnerId": bohdan}},
        {"method": "POST", "url": f"{url}/Task", "body": {**TASK, "WhoId": "@{lead.id}"}},
    ]
    for node, name in zip(nodes, ("lead", "task"), strict=True):
        node |= {"referenceId": name}
    graph = {"graphs": [{"graphId": "g", "compositeRequest": nodes}]}
    answer = private.call("POST", "/composite/graph", graph).json["graphs"][0]
    assert answer["isSuccessful"] is False
    parts = answer["graphResponse"]["compositeResponse"]
    assert parts[1]["body"][0]["errorCode"] == OUT
    lead = private.create("Lead", **LEAD)
    assert private.call("PATCH", f"/sobjects/Lead/{lead}", {"OwnerId": bohdan}).status_code == 204
    assert private.get(f"/sobjects/Lead/{lead}").status_code == 404


def test_contact_of_a_new_opportunity_of_a_colleague_gets_its_role(private, other):
    person = private.create("Contact", LastName="C")
    bohdan = private.user("bohdan@acme.example")
    deal = private.create("Opportunity", **DEAL, OwnerId=bohdan, ContactId=person)
    roles = "SELECT Id, OpportunityId FROM OpportunityContactRole"
    assert [r["OpportunityId"] for r in other.query(roles)["records"]] == [deal]
    assert ids(private, roles) == []


def test_activities_are_seen_with_what_they_are_about(private, other):
    lead, mine = other.create("Lead", **LEAD), private.create("Lead", **LEAD)
    hidden = other.create("Task", **TASK, WhoId=lead)
    loose = other.create("Task", **TASK)
    private.switch(view_all=["Lead"])
    about = other.create("Task", **TASK, WhoId=mine)
    private.switch(view_all=[])
    assert ids(private, "SELECT Id FROM Task") == [about]
    assert private.call("PATCH", f"/sobjects/Task/{about}", {"Subject": "x"}).status_code == 204
    for task in (hidden, loose):
        assert error(private.call("PATCH", f"/sobjects/Task/{task}", {"Subject": "x"}))[0] == 403
    private.switch(view_all=["Lead"])
    assert set(ids(private, "SELECT Id FROM Task")) == {about, hidden}
    assert ids(private, f"SELECT Id, (SELECT Id FROM Tasks) FROM Lead WHERE Id = '{lead}'")


def test_relationships_lead_to_nothing_out_of_sight(private, other):
    account = other.create("Account", Name="Theirs")
    call = other.create("Task", **TASK, WhatId=account, OwnerId=private.user("anna@acme.example"))
    (record,) = private.query("SELECT Id, What.Name FROM Task")["records"]
    assert (record["Id"], record["What"]) == (call, None)
    assert ids(private, "SELECT Id FROM Task WHERE What.Name = 'Theirs'") == []


def test_who_owns_a_contact_or_deal_reads_its_account(private, other):
    account = other.create("Account", Name="A")
    other.create(
        "Opportunity", **DEAL, AccountId=account, OwnerId=private.user("anna@acme.example")
    )
    assert ids(private, "SELECT Id FROM Account") == [account]
    change = private.call("PATCH", f"/sobjects/Account/{account}", {"Phone": "1"})
    assert error(change) == (403, "INSUFFICIENT_ACCESS_OR_READONLY")


def test_search_and_semi_joins(private, other):
    lead = other.create("Lead", **LEAD)
    other.create("Contact", LastName="C", Phone="+380441234567")
    sosl = "/search?q=FIND {380441234567} IN PHONE FIELDS RETURNING Lead(Id), Contact(Id)"
    assert private.get(sosl).json["searchRecords"] == []
    assert len(other.get(sosl).json["searchRecords"]) == 2
    other.create("Task", **TASK, WhoId=lead, OwnerId=private.user("anna@acme.example"))
    assert len(ids(private, "SELECT Id FROM Task")) == 1
    inside = f"SELECT Id FROM Lead WHERE Id IN (SELECT WhoId FROM Task WHERE WhoId = '{lead}')"
    assert ids(private, inside) == []
    assert ids(other, inside) == [lead]


def test_unique_keys_know_what_is_out_of_sight_and_do_not_name_it(private, other):
    theirs = other.create("Lead", **LEAD, UniTalk_Key__c="k")
    answer = private.call("POST", "/sobjects/Lead", {**LEAD, "UniTalk_Key__c": "k"})
    assert answer.json[0]["errorCode"] == "DUPLICATE_VALUE"
    assert answer.json[0]["message"] == (
        "duplicate value found: <unknown> duplicates value on record with id: <unknown>"
    )
    by_key = "/sobjects/Lead/UniTalk_Key__c/k"
    assert private.call("PATCH", by_key, LEAD).json[0]["errorCode"] == "DUPLICATE_VALUE"
    assert private.get(by_key).status_code == 404
    private.switch(view_all=["Lead"])
    assert private.get(by_key).json["Id"] == theirs


def test_duplicate_rules_know_what_is_out_of_sight_and_name_no_id(private, other):
    rule = {"object": "Lead", "action": "block", "against": ["Lead"]}
    other.create("Lead", **LEAD)
    private.switch(duplicate_rules=[rule])
    answer = private.call("POST", "/sobjects/Lead", LEAD).json[0]
    assert answer["errorCode"] == "DUPLICATES_DETECTED"
    (result,) = answer["duplicateResut"]["matchResults"]
    assert (result["matchRecords"], result["size"]) == ([], 0)


def test_the_organization_tells_its_sharing(client):
    asked = "SELECT DefaultLeadAccess, DefaultContactAccess FROM Organization"
    (org,) = client.query(asked)["records"]
    assert (org["DefaultLeadAccess"], org["DefaultContactAccess"]) == ("ReadEditTransfer", "Edit")
    client.switch(sharing="private")
    (org,) = client.query(asked)["records"]
    assert (org["DefaultLeadAccess"], org["DefaultContactAccess"]) == ("None", "None")


@pytest.mark.parametrize("wrong", [{"sharing": "open"}, {"view_all": ["Task"]}])
def test_switches_that_make_no_sense(browser, wrong):
    assert browser.patch("/__control__/orgs/Acme/settings", json=wrong).status_code == 400
