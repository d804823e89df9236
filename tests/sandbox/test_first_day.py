"""What a client of a real org meets on its first day: encryption, a namespace, counts, types."""

import pytest

LEAD = {"LastName": "Poe", "Company": "Raven"}
DEAL = {"Name": "D", "StageName": "Prospecting", "CloseDate": "2030-01-01"}


def field_of(client, name, field):
    described = client.get(f"/sobjects/{name}/describe").json["fields"]
    return next((f for f in described if f["name"] == field), None)


def test_an_encrypted_field_is_read_and_not_asked_for(client):
    lead = client.create("Lead", **LEAD, Phone="+380441234567")
    client.switch(encrypted_fields=["Lead.Phone"])
    field = field_of(client, "Lead", "Phone")
    assert {k: field[k] for k in ("encrypted", "filterable", "sortable", "groupable")} == {
        "encrypted": True, "filterable": False, "sortable": False, "groupable": False,
    }  # fmt: skip
    assert field_of(client, "Lead", "MobilePhone")["filterable"] is True
    assert client.query("SELECT Phone FROM Lead")["records"][0]["Phone"] == "+380441234567"
    assert (
        client.call("PATCH", f"/sobjects/Lead/{lead}", {"Phone": "0501112233"}).status_code == 204
    )
    for soql, word in (
        ("SELECT Id FROM Lead WHERE Phone LIKE '%5'", "filtered"),
        ("SELECT Id FROM Lead WHERE MobilePhone = '1' OR Phone IN ('1', '2')", "filtered"),
        ("SELECT Id FROM Lead ORDER BY Phone", "sorted"),
    ):
        refusal = client.query_refused(soql)
        assert refusal["errorCode"] == "INVALID_FIELD"
        assert refusal["message"].endswith(f"field 'Phone' can not be {word} in a query call")
    for function in ("MAX", "COUNT_DISTINCT"):
        refusal = client.query_refused(f"SELECT {function}(Phone) FROM Lead")
        assert f"does not support aggregate operator {function}" in refusal["message"]
    found = client.get("/search?q=FIND {0501112233} IN PHONE FIELDS RETURNING Lead(Id)")
    assert [record["Id"] for record in found.json["searchRecords"]] == [lead]


@pytest.mark.parametrize("path", ["Lead.UniTalk_Key__c", "Lead.Status", "Lead.Nope"])
def test_what_cannot_be_encrypted(browser, path):
    answer = browser.patch("/__control__/orgs/Acme/settings", json={"encrypted_fields": [path]})
    assert answer.status_code == 400
    assert path in answer.json["error"]


CALL, KEY = "unitalk__UniTalk_Call_Id__c", "unitalk__UniTalk_Key__c"


@pytest.fixture
def packaged(client):
    client.switch(namespace="unitalk", package_version="1.2")
    return client


def test_a_packages_fields_have_its_namespace_everywhere(packaged):
    for name, field in (("Task", CALL), ("Event", CALL), ("Lead", KEY), ("Contact", KEY)):
        described = field_of(packaged, name, field)
        assert (described["unique"], described["externalId"]) == (True, True)
        assert field_of(packaged, name, field.removeprefix("unitalk__")) is None
    lead = packaged.create("Lead", **LEAD, **{KEY: "a"})
    assert packaged.read("Lead", lead)[KEY] == "a"
    found = packaged.query(f"SELECT Id, {KEY} FROM Lead WHERE {KEY} IN ('a')")["records"]
    assert [(record["Id"], record[KEY]) for record in found] == [(lead, "a")]
    again = packaged.call("POST", "/sobjects/Lead", {**LEAD, KEY: "a"}).json[0]
    assert again["message"] == (
        f"duplicate value found: {KEY} duplicates value on record with id: {lead[:15]}"
    )
    upsert = packaged.call("PATCH", f"/sobjects/Lead/{KEY}/a", {"FirstName": "Edgar"})
    assert (upsert.json["id"], upsert.json["created"]) == (lead, False)
    assert packaged.get(f"/sobjects/Lead/{KEY}/a").json["FirstName"] == "Edgar"
    who = {"attributes": {"type": "Lead"}, KEY: "a"}
    call = packaged.create("Task", Subject="Call", Who=who, **{CALL: "c"})
    assert packaged.read("Task", call)["WhoId"] == lead


def test_without_the_namespace_there_is_no_such_field(packaged):
    bare = KEY.removeprefix("unitalk__")
    assert packaged.refused("Lead", **LEAD, **{bare: "a"})[1] == "INVALID_FIELD"
    assert packaged.query_refused(f"SELECT {bare} FROM Lead")["errorCode"] == "INVALID_FIELD"
    answer = packaged.call("PATCH", f"/sobjects/Lead/{bare}/a", LEAD)
    assert (answer.status_code, answer.json[0]["errorCode"]) == (404, "NOT_FOUND")


def test_the_publisher_tells_the_package_and_its_version(packaged):
    asked = (
        "SELECT Name, MajorVersion, MinorVersion FROM Publisher WHERE NamespacePrefix = 'unitalk'"
    )
    (row,) = packaged.query(asked)["records"]
    assert (row["Name"], row["MajorVersion"], row["MinorVersion"]) == ("UniTalk", 1, 2)
    packaged.switch(package_version="2.0")
    (row,) = packaged.query(asked)["records"]
    assert (row["MajorVersion"], row["MinorVersion"]) == (2, 0)
    packaged.switch(package=False)
    assert packaged.query(asked)["totalSize"] == 0
    packaged.switch(package=True, namespace="")
    assert packaged.query("SELECT Id FROM Publisher WHERE IsSalesforce = false")["totalSize"] == 0


def test_record_counts_are_told_whoever_owns_the_records(client, connect):
    other = connect("bohdan@acme.example")
    leads = [other.create("Lead", **LEAD) for _ in range(3)]
    other.call("DELETE", f"/sobjects/Lead/{leads[0]}")
    client.switch(sharing="private", view_all=[], record_counts={"Contact": 5_000_000})
    answer = client.get("/limits/recordCount?sObjects=Lead,Contact,Nope__c").json
    assert {e["name"]: e["count"] for e in answer["sObjects"]} == {"Lead": 2, "Contact": 5_000_000}
    every = {e["name"] for e in client.get("/limits/recordCount").json["sObjects"]}
    assert {"Lead", "Contact", "Task", "Account"} <= every
    client.version = "39.0"
    assert client.get("/limits/recordCount?sObjects=Lead").status_code == 404


def test_limits_and_setup_objects_take_a_permission(client):
    assert client.get("/limits").json["DailyApiRequests"]["Max"] == 100_000
    client.switch(view_setup=False)
    for path in ("/limits", "/limits/recordCount?sObjects=Lead"):
        answer = client.get(path)
        assert (answer.status_code, answer.json[0]["errorCode"]) == (403, "INSUFFICIENT_ACCESS")
    assert client.query_refused("SELECT Id FROM DuplicateRule")["errorCode"] == "INVALID_TYPE"
    names = {entry["name"] for entry in client.get("/sobjects").json["sobjects"]}
    assert "DuplicateRule" not in names
    assert "Lead" in names


@pytest.fixture
def region(browser):
    field = {"object": "Lead", "name": "Region__c", "type": "string", "nillable": False}
    return lambda: browser.post("/__control__/orgs/Acme/fields", json=field)


def test_a_required_custom_field_holds_in_every_way_to_write(client, region):
    before = client.create("Lead", **LEAD)
    region()
    assert field_of(client, "Lead", "Region__c")["nillable"] is False
    assert client.refused("Lead", **LEAD) == (400, "REQUIRED_FIELD_MISSING", ["Region__c"])
    typed = {"attributes": {"type": "Lead", "referenceId": "r"}, **LEAD}
    rows = client.call("POST", "/composite/sobjects", {"records": [typed]}).json
    assert rows[0]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    tree = client.call("POST", "/composite/tree/Lead", {"records": [typed]}).json
    assert tree["results"][0]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    url = f"{client.base}/sobjects/Lead"
    node = {"method": "POST", "url": url, "referenceId": "l", "body": LEAD}
    graph = {"graphs": [{"graphId": "g", "compositeRequest": [node]}]}
    (part,) = client.call("POST", "/composite/graph", graph).json["graphs"]
    (answer,) = part["graphResponse"]["compositeResponse"]
    assert answer["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    change = client.call("PATCH", f"/sobjects/Lead/{before}", {"FirstName": "x"})
    assert change.json[0]["fields"] == ["Region__c"], "an old record needs it at its next save"
    planted = client.http.post("/__control__/orgs/Acme/records/Lead", json=LEAD)
    assert planted.status_code == 201, "the control API may make an old record"
    filled = {"FirstName": "x", "Region__c": "North"}
    assert client.call("PATCH", f"/sobjects/Lead/{before}", filled).status_code == 204


KINDS = [
    {"object": "Lead", "name": "Retail"},
    {"object": "Lead", "name": "Key account", "default": True},
    {"object": "Lead", "name": "Secret", "available": False},
    {"object": "Lead", "name": "Old", "active": False},
]


def test_record_types_in_describe_and_in_queries(client):
    master = client.get("/sobjects/Lead/describe").json["recordTypeInfos"]
    assert [(info["master"], info["defaultRecordTypeMapping"]) for info in master] == [(True, True)]
    assert field_of(client, "Lead", "RecordTypeId") is None
    client.switch(record_types=KINDS)
    infos = {i["name"]: i for i in client.get("/sobjects/Lead/describe").json["recordTypeInfos"]}
    assert [n for n, i in infos.items() if i["defaultRecordTypeMapping"]] == ["Key account"]
    assert [n for n, i in infos.items() if not i["available"]] == ["Secret"]
    assert [n for n, i in infos.items() if not i["active"]] == ["Old"]
    assert infos["Key account"]["developerName"] == "Key_account"
    rows = client.query("SELECT Id, Name, IsActive FROM RecordType WHERE SobjectType = 'Lead'")
    assert {r["Name"]: r["Id"] for r in rows["records"]} == {
        n: i["recordTypeId"] for n, i in infos.items() if n != "Master"
    }
    assert client.get("/sobjects/Contact/describe").json["recordTypeInfos"][0]["master"] is True


def test_a_record_gets_the_users_default_or_one_of_his_types(client):
    client.switch(record_types=KINDS)
    rows = client.query("SELECT Id, Name FROM RecordType")["records"]
    kinds = {row["Name"]: row["Id"] for row in rows}
    lead = client.create("Lead", **LEAD)
    assert client.read("Lead", lead)["RecordTypeId"] == kinds["Key account"]
    retail = client.create("Lead", **LEAD, RecordTypeId=kinds["Retail"])
    found = client.query("SELECT Id FROM Lead WHERE RecordType.DeveloperName = 'Retail'")
    assert [record["Id"] for record in found["records"]] == [retail]
    for name in ("Secret", "Old"):
        answer = client.call("POST", "/sobjects/Lead", {**LEAD, "RecordTypeId": kinds[name]})
        assert answer.json[0]["errorCode"] == "INVALID_CROSS_REFERENCE_KEY"
        assert answer.json[0]["message"] == (
            f"Record Type ID: this ID value isn't valid for the user: {kinds[name]}"
        )
    client.switch(record_types=[*KINDS, {"object": "Opportunity", "name": "Retail"}])
    assert client.refused("Opportunity", **DEAL, RecordTypeId=kinds["Retail"])[1] == (
        "INVALID_CROSS_REFERENCE_KEY"
    )
    change = {"RecordTypeId": kinds["Secret"]}
    assert client.call("PATCH", f"/sobjects/Lead/{lead}", change).status_code == 400
    assert client.call("PATCH", f"/sobjects/Lead/{lead}", {"Title": "x"}).status_code == 204


def test_duplicate_rules_can_be_asked_for(client):
    rules = [
        {"object": "Lead", "action": "block", "against": ["Lead"], "name": "Our_Leads"},
        {"object": "Contact", "action": "alert", "against": ["Contact"], "active": False},
    ]
    client.create("Contact", LastName="C", Phone="1")
    client.switch(duplicate_rules=rules)
    client.create("Contact", LastName="C", Phone="1")
    asked = "SELECT SobjectType, DeveloperName, MasterLabel, IsActive FROM DuplicateRule"
    rows = client.query(asked + " ORDER BY SobjectType")["records"]
    assert [(r["SobjectType"], r["DeveloperName"], r["IsActive"]) for r in rows] == [
        ("Contact", "Standard_Duplicate_Rule", False),
        ("Lead", "Our_Leads", True),
    ]
    assert rows[1]["MasterLabel"] == "Our Leads"
    client.switch(duplicate_rules=[])
    assert client.query(asked)["totalSize"] == 0


def test_validation_rules_cannot_be_asked_for(client):
    assert client.query_refused("SELECT Id FROM ValidationRule")["errorCode"] == "INVALID_TYPE"


def test_users_have_a_profile_and_the_organization_its_settings(client):
    asked = "SELECT Username, Profile.Name, UserRoleId FROM User ORDER BY Username"
    users = client.query(asked)["records"]
    assert [user["Profile"]["Name"] for user in users] == [
        "System Administrator", "Standard User", "Standard User",
    ]  # fmt: skip
    (org,) = client.query(
        "SELECT Id, Name, IsSandbox, OrganizationType, TimeZoneSidKey, InstanceName,"
        " NamespacePrefix, TrialExpirationDate, DefaultLocaleSidKey, LanguageLocaleKey"
        " FROM Organization"
    )["records"]
    assert org["Id"] == client.org.id
    assert org["IsSandbox"] is False
    assert org["OrganizationType"] == "Enterprise Edition"
    assert org["TimeZoneSidKey"] == "Europe/Kyiv"
    assert org["NamespacePrefix"] is org["TrialExpirationDate"] is None
    assert org["InstanceName"]
    assert org["LanguageLocaleKey"] == "en_US"


GRANTED = (
    "SELECT SobjectType FROM ObjectPermissions WHERE PermissionsViewAllRecords = true"
    " AND ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '{}')"
    " ORDER BY SobjectType"
)


def test_what_the_users_permission_set_grants(client):
    user = client.query("SELECT Id FROM User LIMIT 1")["records"][0]["Id"]
    client.switch(view_all=["Lead", "Account"])
    rows = client.query(GRANTED.format(user))["records"]
    assert [row["SobjectType"] for row in rows] == ["Account", "Lead"]
    client.switch(view_setup=False)
    assert client.query_refused(GRANTED.format(user))["errorCode"] == "INVALID_TYPE"


def test_a_page_of_setup_leads_to_the_orgs(browser):
    answer = browser.get("/lightning/setup/PermSets/home")
    assert (answer.status_code, answer.location) == (302, "/")
