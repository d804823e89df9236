"""What /query answers beside records: the columns of a query, and its plan."""

from urllib.parse import urlencode

import pytest

KEYS = {
    "aggregate", "apexType", "booleanType", "columnName", "custom", "displayName",
    "foreignKeyName", "insertable", "joinColumns", "numberType", "textType", "updatable",
}  # fmt: skip


def columns(client, soql):
    answer = client.get("/query?" + urlencode({"q": soql, "columns": "true"}))
    assert answer.status_code == 200, answer.text
    return answer.json


def plans(client, soql):
    answer = client.get("/query?" + urlencode({"explain": soql}))
    assert answer.status_code == 200, answer.text
    return answer.json["plans"]


def test_columns_of_fields_and_relationships(client):
    answer = columns(
        client,
        "SELECT Id, lastname, IsDeleted, UniTalk_Key__c, Owner.Name, Owner.Email, AccountId"
        " FROM Contact",
    )
    assert {key: answer[key] for key in ("entityName", "groupBy", "idSelected", "keyPrefix")} == {
        "entityName": "Contact",
        "groupBy": False,
        "idSelected": True,
        "keyPrefix": "003",
    }
    found = {column["columnName"]: column for column in answer["columnMetadata"]}
    assert list(found) == [
        "Id", "LastName", "IsDeleted", "UniTalk_Key__c", "Owner", "AccountId",
    ]  # fmt: skip
    assert all(column.keys() == KEYS for column in found.values())
    assert found["Id"]["apexType"] == found["AccountId"]["apexType"] == "Id"
    assert found["LastName"]["textType"] and found["LastName"]["insertable"]
    assert found["IsDeleted"]["booleanType"] and not found["IsDeleted"]["updatable"]
    assert found["UniTalk_Key__c"]["custom"] is True
    assert found["Owner"]["foreignKeyName"] == "OwnerId"
    assert [join["columnName"] for join in found["Owner"]["joinColumns"]] == ["Name", "Email"]


def test_columns_of_sub_selects_and_functions(client):
    (contacts,) = columns(client, "SELECT (SELECT LastName FROM Contacts) FROM Account")[
        "columnMetadata"
    ]
    assert (contacts["columnName"], contacts["aggregate"]) == ("Contacts", True)
    assert contacts["joinColumns"][0]["columnName"] == "LastName"
    grouped = columns(
        client, "SELECT StageName, MAX(Amount), COUNT(Id) n FROM Opportunity GROUP BY StageName"
    )
    assert (grouped["groupBy"], grouped["idSelected"]) == (True, False)
    shown = [
        (column["columnName"], column["displayName"], column["aggregate"], column["numberType"])
        for column in grouped["columnMetadata"]
    ]
    assert shown == [
        ("StageName", "StageName", False, False),
        ("expr0", "max(Amount)", True, True),
        ("n", "count(Id)", True, True),
    ]
    assert columns(client, "SELECT COUNT() FROM Lead")["columnMetadata"] == []


@pytest.mark.parametrize("soql", ["SELECT Nope FROM Lead", "SELECT Id FROM Lead WHERE Nope = 1"])
@pytest.mark.parametrize("asked", [{"q": "{}", "columns": "true"}, {"explain": "{}"}])
def test_a_wrong_query_is_refused_all_the_same(client, soql, asked):
    given = {name: value.format(soql) for name, value in asked.items()}
    answer = client.get("/query?" + urlencode(given))
    assert (answer.status_code, answer.json[0]["errorCode"]) == (400, "INVALID_FIELD")


def test_an_index_leads_where_it_can(client):
    lead, *_ = [client.create("Lead", LastName=f"L{n}", Company="C") for n in range(3)]
    soql = f"SELECT Id FROM Lead WHERE Id = '{lead}' AND Phone LIKE '%1%'"
    indexed, scanned = plans(client, soql)
    notes = [
        {
            "description": "Not considering filter for optimization because unindexed",
            "fields": [name],
            "tableEnumOrId": "Lead",
        }
        for name in ("Phone", "IsDeleted")
    ]
    both = {"notes": notes, "sobjectCardinality": 3, "sobjectType": "Lead"}
    assert 0 < indexed.pop("relativeCost") < 0.65
    assert indexed == {
        **both, "cardinality": 1, "fields": ["Id"], "leadingOperationType": "Index",
    }  # fmt: skip
    assert scanned == {
        **both,
        "cardinality": 3,
        "fields": [],
        "leadingOperationType": "TableScan",
        "relativeCost": 0.65,
    }


@pytest.mark.parametrize(
    ("where", "leading"),
    [
        ("Phone LIKE '%5%0%'", "TableScan"),
        ("Phone = '1'", "TableScan"),
        ("Name LIKE '%x'", "TableScan"),
        ("Name LIKE 'x%'", "Index"),
        ("CreatedDate = TODAY", "Index"),
        ("OwnerId != null AND Phone = '1'", "TableScan"),
        ("UniTalk_Key__c IN ('a', 'b')", "Index"),
        ("UniTalk_Key__c NOT IN ('a', 'b')", "TableScan"),
        ("UniTalk_Key__c = 'a' OR Phone = '1'", "TableScan"),
        ("Owner.Name = 'x'", "TableScan"),
    ],
)
def test_what_an_index_can_answer(client, where, leading):
    assert plans(client, f"SELECT Id FROM Lead WHERE {where}")[0]["leadingOperationType"] == leading


def test_a_large_object_costs_more_than_a_query_may(client):
    client.switch(record_counts={"Lead": 1_000_000})
    (scanned,) = plans(client, "SELECT Id FROM Lead WHERE Phone LIKE '%1'")
    assert scanned["relativeCost"] > 1
    assert scanned["cardinality"] == scanned["sobjectCardinality"] == 1_000_000
