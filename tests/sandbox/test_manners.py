"""Small things that released clients rely on, in the words that Salesforce has for them."""

import pytest

from tests.sandbox.conftest import APP

LEAD = {"LastName": "Ivanenko", "Company": "Acme"}
ID_GIVEN = "The Id field should not be specified in the sobject data."


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_path_without_an_id_is_taken_for_an_external_id_field(client, method):
    body = {"Phone": "1"} if method == "PATCH" else None
    answer = client.call(method, "/sobjects/Lead/undefined", body)
    assert answer.status_code == 404
    assert answer.json == [
        {
            "errorCode": "NOT_FOUND",
            "message": "Provided external ID field does not exist or is not accessible: undefined",
        }
    ]


def test_an_id_that_is_nobodys(client):
    lead = client.create("Lead", **LEAD)
    client.call("DELETE", f"/sobjects/Lead/{lead}")
    unknown = client.get(f"/sobjects/Contact/{lead}")
    assert (unknown.status_code, unknown.json[0]["errorCode"]) == (404, "NOT_FOUND")
    assert unknown.json[0]["message"] == "The requested resource does not exist"


def test_an_id_has_no_place_in_a_new_record(client):
    lead = client.create("Lead", **LEAD)
    alone = client.call("POST", "/sobjects/Lead", {**LEAD, "Id": lead})
    assert alone.status_code == 400
    assert alone.json == [{"errorCode": "INVALID_FIELD", "message": ID_GIVEN}]
    row = {**LEAD, "Id": lead, "attributes": {"type": "Lead"}}
    many = client.call("POST", "/composite/sobjects", {"records": [row]}).json[0]
    assert many["errors"] == [
        {
            "statusCode": "INVALID_FIELD_FOR_INSERT_UPDATE",
            "message": "cannot specify Id in an insert call",
            "fields": ["Id"],
        }
    ]


def test_id_as_the_external_id_creates(client):
    answer = client.call("POST", "/sobjects/Lead/Id", LEAD)
    assert answer.status_code == 201
    assert client.read("Lead", answer.json["id"])["LastName"] == "Ivanenko"


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"client_id": APP.client_id, "client_secret": APP.client_secret}},
        {"json": {"grant_type": "refresh_token", "client_id": APP.client_id}},
    ],
)
def test_a_token_request_that_names_no_grant(browser, sent):
    answer = browser.post("/services/oauth2/token", **sent)
    assert answer.status_code == 400
    assert answer.json == {
        "error": "unsupported_grant_type",
        "error_description": "grant type not supported",
    }


def test_userinfo_has_openid_connects_links(connect):
    client = connect(scope="api openid")
    headers = {"Authorization": f"Bearer {client.tokens['access_token']}"}
    known = client.http.get("/services/oauth2/userinfo", headers=headers).json
    assert known["picture"] == known["photos"]["picture"]
    assert known["profile"] == f"http://localhost/{known['user_id']}"
    assert known["is_salesforce_integration_user"] is False
    assert known["is_app_installed"] is True
    assert known["address"] == {}
