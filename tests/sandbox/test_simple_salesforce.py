"""simple-salesforce, a released client, speaks to the stand-in."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)

LEAD = {"LastName": "Ivanenko", "Company": "Acme"}


class PlainHttp(HTTPAdapter):
    """simple-salesforce always says https; the stand-in listens without TLS."""

    def send(self, request, **options):
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **options)


@pytest.fixture
def simple(minted):
    session = requests.Session()
    session.mount("https://", PlainHttp())
    return Salesforce(
        session_id=minted["access_token"], instance_url=minted["instance_url"], session=session
    )


def test_simple_salesforce_reads_and_writes(simple, server):
    lead = simple.Lead.create(LEAD)["id"]
    assert simple.Lead.get(lead)["Name"] == "Ivanenko"
    assert simple.Lead.update(lead, {"Phone": "+380441234567"}) == 204
    assert simple.Lead.upsert("UniTalk_Key__c/k1", LEAD) == 201
    assert simple.Lead.upsert("UniTalk_Key__c/k1", LEAD) == 200
    assert simple.query("SELECT Id FROM Lead WHERE Phone = '+380441234567'")["totalSize"] == 1
    assert len(list(simple.query_all_iter("SELECT Id FROM Lead"))) == 2
    assert simple.search("FIND {380441234567} RETURNING Lead")["searchRecords"][0]["Id"] == lead
    assert "Lead" in [entry["name"] for entry in simple.describe()["sobjects"]]
    assert simple.Lead.describe()["keyPrefix"] == "00Q"
    assert simple.limits()["DailyApiRequests"]["Max"] == 100_000
    assert simple.api_usage["api-usage"].total == 100_000
    url = f"/services/data/v{simple.sf_version}/sobjects/Task"
    body = {"compositeRequest": [{"method": "POST", "url": url, "referenceId": "t",
                                  "body": {"Subject": "x", "WhoId": lead}}]}  # fmt: skip
    done = simple.restful("composite", method="POST", json=body)
    assert done["compositeResponse"][0]["httpStatusCode"] == 201
    assert simple.oauth2("userinfo")["preferred_username"] == "anna@acme.example"
    assert simple.Lead.delete(lead) == 204


def test_simple_salesforce_sees_errors(simple, server):
    with pytest.raises(SalesforceMalformedRequest) as refusal:
        simple.Lead.create({})
    assert refusal.value.content[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    field = {"object": "Lead", "name": "Ext__c", "type": "string", "externalId": True}
    httpx.post(f"{server}/__control__/orgs/Acme/fields", json=field)
    for _ in range(2):
        simple.Lead.create({**LEAD, "Ext__c": "e"})
    with pytest.raises(SalesforceMoreThanOneRecord):
        simple.Lead.upsert("Ext__c/e", LEAD)


def test_simple_salesforce_searches_and_counts(simple):
    lead = simple.Lead.create({**LEAD, "Phone": "+380441234567"})["id"]
    assert [found["Id"] for found in simple.quick_search("Ivanenko")["searchRecords"]] == [lead]
    today = "SELECT Status, COUNT(Id) n FROM Lead WHERE CreatedDate = TODAY GROUP BY Status"
    assert simple.query(today)["records"][0]["n"] == 1
    plan = simple.restful("query", params={"explain": "SELECT Id FROM Lead"})["plans"][0]
    assert plan["leadingOperationType"] == "TableScan"


def test_simple_salesforce_hears_of_changes(simple):
    lead = simple.Lead.create(LEAD)["id"]
    gone = simple.Lead.create(LEAD)["id"]
    simple.Lead.delete(gone)
    now = datetime.now(UTC)
    around = (now - timedelta(hours=1), now + timedelta(hours=1))
    assert simple.Lead.updated(*around)["ids"] == [lead]
    assert [one["id"] for one in simple.Lead.deleted(*around)["deletedRecords"]] == [gone]


def test_simple_salesforce_is_told_what_an_id_is_not(simple):
    with pytest.raises(SalesforceResourceNotFound, match="external ID field does not exist"):
        simple.Lead.get("undefined")
    with pytest.raises(SalesforceMalformedRequest, match="should not be specified"):
        simple.Lead.create({**LEAD, "Id": "00Q000000000001AAA"})
