"""Converting a lead by SOAP, and nothing else."""

import pytest

ENVELOPE = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:p="urn:partner.soap.sforce.com">
<s:Header><p:SessionHeader><p:sessionId>{session}</p:sessionId></p:SessionHeader></s:Header>
<s:Body><p:{call}><p:leadConverts><p:convertedStatus>{status}</p:convertedStatus>
<p:doNotCreateOpportunity>{alone}</p:doNotCreateOpportunity><p:leadId>{lead}</p:leadId>
</p:leadConverts></p:{call}></s:Body></s:Envelope>"""
CONVERTED = "Closed - Converted"


@pytest.fixture
def asked(client):
    def ask(lead, status=CONVERTED, alone="true", session=None, call="convertLead", version="66.0"):
        """Status and body of one call."""
        session = session or client.tokens["access_token"]
        envelope = ENVELOPE.format(
            session=session, call=call, status=status, alone=alone, lead=lead
        )
        answer = client.http.post(
            f"/services/Soap/u/{version}", data=envelope, content_type="text/xml; charset=UTF-8"
        )
        return answer.status_code, answer.text

    return ask


@pytest.fixture
def lead(client):
    return client.create("Lead", LastName="Ivanenko", Company="Ivanenko & sons")


@pytest.mark.parametrize(("alone", "opportunities"), [("true", 0), ("false", 1)])
def test_a_lead_is_converted(client, asked, lead, alone, opportunities):
    status, body = asked(lead, alone=alone)
    record = client.read("Lead", lead)
    assert status == 200
    assert "<success>true</success>" in body
    assert f"<contactId>{record['ConvertedContactId']}</contactId>" in body
    assert record["IsConverted"] is True
    assert client.query("SELECT Id FROM Opportunity")["totalSize"] == opportunities


def test_a_status_that_converts_nothing_is_refused(client, asked, lead):
    status, body = asked(lead, status="Working - Contacted")
    assert status == 200
    assert "<statusCode>INVALID_STATUS</statusCode>" in body
    assert "<success>false</success>" in body
    assert client.read("Lead", lead)["IsConverted"] is False


def test_a_lead_is_converted_once(asked, lead):
    asked(lead)
    assert "<statusCode>CANNOT_UPDATE_CONVERTED_LEAD</statusCode>" in asked(lead)[1]


def test_a_session_that_is_none_is_a_fault(client, asked, lead):
    status, body = asked(lead, session="00D000000000001!none")
    assert status == 500
    assert "<faultcode>INVALID_SESSION_ID</faultcode>" in body
    assert client.read("Lead", lead)["IsConverted"] is False


def test_another_call_is_a_fault(client, asked, lead):
    status, body = asked(lead, call="delete")
    assert status == 500
    assert "<faultstring>UNKNOWN_EXCEPTION" in body
    assert client.read("Lead", lead)["IsConverted"] is False


@pytest.mark.parametrize("version", ["30.0", "69.0", "66"])
def test_a_version_that_the_org_does_not_have_is_a_fault(asked, lead, version):
    status, body = asked(lead, version=version)
    assert status == 500
    assert "<faultcode>UNSUPPORTED_API_VERSION</faultcode>" in body


@pytest.mark.parametrize(
    ("view_all", "code"),
    [
        ([], "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"),
        (["Lead"], "INSUFFICIENT_ACCESS_OR_READONLY"),
    ],
)
def test_a_lead_that_the_user_may_not_edit_is_not_converted(client, connect, asked, view_all, code):
    theirs = connect("bohdan@acme.example").create("Lead", LastName="L", Company="C")
    client.switch(sharing="private", view_all=view_all)
    _, body = asked(theirs)
    assert f"<statusCode>{code}</statusCode>" in body
    client.switch(sharing="public")
    assert client.read("Lead", theirs)["IsConverted"] is False
