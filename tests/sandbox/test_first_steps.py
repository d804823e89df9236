"""The way a client goes first: connect, look around, read, write."""

import re
from urllib.parse import urlencode


def test_connect_query_and_write_a_call(client):
    root = client.get("").json
    assert root["identity"] == client.tokens["id"]
    graph = {
        "graphs": [
            {
                "graphId": "call1",
                "compositeRequest": [
                    {
                        "method": "POST",
                        "url": f"{client.base}/sobjects/Lead",
                        "referenceId": "lead",
                        "body": {
                            "LastName": "+380441234567",
                            "Company": "Unknown",
                            "Phone": "+380441234567",
                        },
                        "httpHeaders": {"Sforce-Auto-Assign": "FALSE"},
                    },
                    {
                        "method": "PATCH",
                        "url": f"{client.base}/sobjects/Task/UniTalk_Call_Id__c/c-1",
                        "referenceId": "task",
                        "body": {
                            "WhoId": "@{lead.id}",
                            "Subject": "Call",
                            "TaskSubtype": "Call",
                            "Status": "Completed",
                        },
                    },
                ],
            }
        ]
    }
    answer = client.call("POST", "/composite/graph", graph)
    assert answer.status_code == 200, answer.text
    done = answer.json["graphs"][0]
    assert done["isSuccessful"] is True, done
    statuses = [r["httpStatusCode"] for r in done["graphResponse"]["compositeResponse"]]
    assert statuses == [201, 201]
    found = client.query(
        "SELECT Id, Status, IsClosed, Who.Name, Owner.Name FROM Task"
        " WHERE UniTalk_Call_Id__c = 'c-1'"
    )
    assert found["totalSize"] == 1
    task = found["records"][0]
    assert task["IsClosed"] is True
    assert task["Who"]["Name"] == "+380441234567"
    assert task["Who"]["attributes"]["type"] == "Name"
    assert task["Owner"]["Name"] == "Anna Kovalenko"


def test_one_composite_reads_everything_for_a_number(client):
    client.create("Lead", LastName="A", Company="B", Phone="+380441234567")
    contact = client.create("Contact", LastName="C", MobilePhone="0441234567")
    deal = client.create(
        "Opportunity", Name="D", StageName="Prospecting", CloseDate="2030-01-01", ContactId=contact
    )
    soql = [
        "SELECT Id, (SELECT OpportunityId, IsPrimary, Opportunity.StageName, Opportunity.IsClosed"
        " FROM OpportunityContactRoles) FROM Contact"
        " WHERE Phone IN ('0441234567','+380441234567') OR MobilePhone IN ('0441234567')",
        "SELECT Id, IsConverted, Owner.IsActive FROM Lead WHERE Phone LIKE '%4%4%1%2%3%4%5%6%7'",
        "SELECT Id FROM Opportunity WHERE AccountId IN (SELECT AccountId FROM Contact WHERE"
        " Phone IN ('1') OR MobilePhone IN ('0441234567')) ORDER BY LastModifiedDate DESC LIMIT 20",
    ]
    requests = [
        {
            "method": "GET",
            "url": f"{client.base}/query/?{urlencode({'q': q})}",
            "referenceId": f"q{n}",
        }
        for n, q in enumerate(soql)
    ]
    answer = client.call("POST", "/composite", {"compositeRequest": requests})
    contacts, leads, deals = [r["body"] for r in answer.json["compositeResponse"]]
    role = contacts["records"][0]["OpportunityContactRoles"]["records"][0]
    assert (role["OpportunityId"], role["IsPrimary"]) == (deal, True)
    assert role["Opportunity"]["IsClosed"] is False
    assert leads["records"][0]["Owner"]["IsActive"] is True
    assert deals["records"] == []
    assert re.fullmatch(r"api-usage=\d+/100000", answer.headers["Sforce-Limit-Info"])
