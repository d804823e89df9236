"""The API as a whole: versions, describe, limits, faults, HTTP manners."""

import gzip
import json
import sqlite3
from contextlib import closing

import pytest

from sandbox import create_app
from tests.sandbox.conftest import APP, Client, token_request

LEAD = {"LastName": "Ivanenko", "Company": "Acme"}


def error(answer):
    return answer.status_code, answer.json[0]["errorCode"]


def test_versions_and_root(client, browser):
    versions = [entry["version"] for entry in browser.get("/services/data/").json]
    assert (versions[0], versions[-1]) == ("31.0", "68.0")
    root = client.get("/").json
    assert root["query"] == "/services/data/v66.0/query"
    for version, status in (("30.0", 410), ("69.0", 404), ("66", 404), ("66.1", 404)):
        client.version = version
        assert client.get("/limits").status_code == status


def test_an_org_that_is_not_upgraded_yet(client, browser):
    assert browser.patch("/__control__/orgs/Acme/settings", json={"newest_api": 67}).json
    bearer = {"Authorization": f"Bearer {client.tokens['access_token']}"}
    listed = [one["version"] for one in browser.get("/services/data/", headers=bearer).json]
    assert (listed[0], listed[-1]) == ("31.0", "67.0")
    client.version = "68.0"
    assert error(client.get("/limits")) == (404, "NOT_FOUND")


@pytest.mark.parametrize("header", [None, "Bearer x", "OAuth {}", "Basic {}"])
def test_no_good_token(client, browser, header):
    headers = {"Authorization": header.format(client.tokens["access_token"])} if header else {}
    answer = browser.get("/services/data/v66.0/limits", headers=headers)
    assert error(answer) == (401, "INVALID_SESSION_ID")


def test_describe_has_the_keys_of_real_answers(client):
    described = client.get("/sobjects/Lead/describe").json
    last_name = next(f for f in described["fields"] if f["name"] == "LastName")
    required = (
        "aggregatable aiPredictionField autoNumber byteLength calculated caseSensitive createable"
        " custom defaultedOnCreate deprecatedAndHidden digits filterable groupable idLookup label"
        " length name nameField nillable permissionable polymorphicForeignKey precision"
        " queryByDistance restrictedPicklist scale searchPrefilterable soapType type unique"
        " updateable externalId defaultValue referenceTo relationshipName picklistValues"
        " namePointing sortable compoundFieldName inlineHelpText"
    )
    assert set(required.split()) <= last_name.keys()
    assert (last_name["length"], last_name["nillable"], last_name["createable"]) == (
        80,
        False,
        True,
    )
    assert last_name["byteLength"] == 240
    owner = next(f for f in described["fields"] if f["name"] == "OwnerId")
    assert set(owner["referenceTo"]) == {"User", "Group"}
    assert described["keyPrefix"] == "00Q"


def test_describe_global_and_not_modified(client):
    answer = client.get("/sobjects/")
    names = {entry["name"] for entry in answer.json["sobjects"]}
    assert {"Lead", "Task", "OpportunityContactRole", "QueueSobject", "Organization"} <= names
    since = {"If-Modified-Since": answer.headers["Last-Modified"]}
    again = client.get("/sobjects/Lead/describe", headers=since)
    assert (again.status_code, again.data) == (304, b"")
    old = {"If-Modified-Since": "Wed, 21 Oct 2015 07:28:00 GMT"}
    assert client.get("/sobjects/Lead/describe", headers=old).status_code == 200
    assert client.get("/sobjects/Lead").json["objectDescribe"]["name"] == "Lead"


def test_limits_are_counted_and_enforced(client, browser):
    before = browser.get("/__control__/orgs/Acme/counters").json["api_calls"]
    answer = client.get("/limits/")
    assert answer.headers["Sforce-Limit-Info"] == f"api-usage={before + 1}/100000"
    client.switch(api_limit=before + 2)
    assert client.get("/limits").status_code == 200
    assert error(client.get("/limits")) == (403, "REQUEST_LIMIT_EXCEEDED")
    browser.patch("/__control__/orgs/Acme/counters", json={"api_usage": 0})
    assert client.get("/limits").status_code == 200


def test_api_disabled(client):
    client.switch(api_enabled=False)
    assert error(client.get("/limits")) == (403, "API_DISABLED_FOR_ORG")


def test_http_manners(client):
    raw = {"Authorization": f"Bearer {client.tokens['access_token']}"}
    path = f"{client.base}/sobjects/Lead"
    form = client.http.post(path, data="x=1", headers=raw, content_type="text/plain")
    assert error(form) == (415, "UNSUPPORTED_MEDIA_TYPE")
    for body in ("{", '{"LastName": NaN}', b"\xff"):
        broken = client.http.post(path, data=body, headers=raw, content_type="application/json")
        assert error(broken) == (400, "JSON_PARSER_ERROR")
    assert error(client.call("DELETE", "/limits")) == (405, "METHOD_NOT_ALLOWED")
    assert error(client.get("/nothing")) == (404, "NOT_FOUND")
    zipped = client.get("/sobjects", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(zipped.data))["encoding"] == "UTF-8"
    assert zipped.headers["Content-Type"] == "application/json;charset=UTF-8"


def fault(browser, **rule):
    answer = browser.post("/__control__/faults", json=rule)
    assert answer.status_code == 201, answer.text


def test_faults_of_a_request(client, browser):
    for kind, status in (("unavailable", 503), ("empty", 200), ("server_error", 500)):
        fault(browser, kind=kind)
        answer = client.get("/limits")
        assert answer.status_code == status
        assert client.get("/limits").status_code == 200
        if kind == "unavailable":
            assert "html" in answer.headers["Content-Type"]
        if kind == "empty":
            assert answer.data == b""
    fault(browser, kind="limit", org="Globex")
    assert client.get("/limits").status_code == 200
    browser.delete("/__control__/faults")
    fault(browser, kind="expired_session")
    assert error(client.get("/limits")) == (401, "INVALID_SESSION_ID")
    assert error(client.get("/limits")) == (401, "INVALID_SESSION_ID")


def test_faults_of_a_written_record(client, browser):
    fault(browser, kind="lock", object="Task", times=2)
    client.create("Lead", **LEAD)
    assert client.refused("Task", Subject="x")[:2] == (400, "UNABLE_TO_LOCK_ROW")
    url = f"{client.base}/sobjects/Task"
    request = {"method": "POST", "url": url, "referenceId": "t", "body": {"Subject": "x"}}
    graph = {"graphId": "g", "compositeRequest": [request]}
    done = client.call("POST", "/composite/graph", {"graphs": [graph]}).json["graphs"][0]
    body = done["graphResponse"]["compositeResponse"][0]["body"][0]
    assert body["errorCode"] == "UNABLE_TO_LOCK_ROW"
    client.create("Task", Subject="x")
    fault(browser, kind="error", code="CANNOT_EXECUTE_FLOW_TRIGGER", message="flow failed")
    assert client.refused("Lead", **LEAD)[:2] == (400, "CANNOT_EXECUTE_FLOW_TRIGGER")
    assert browser.post("/__control__/faults", json={"kind": "rain"}).status_code == 400


def test_probable_faults_repeat_with_their_seed(client, browser):
    def run():
        browser.delete("/__control__/faults?seed=7")
        fault(browser, kind="unavailable", times=None, probability=0.5)
        return [client.get("/limits").status_code for _ in range(20)]

    first = run()
    assert {200, 503} == set(first)
    assert run() == first


def test_cut_and_lost_replies(tmp_path):
    app = create_app(tmp_path, apps=[APP], cut_error=TimeoutError)
    http = app.test_client()
    minted = http.post("/__control__/connections", json={"client_id": APP.client_id}).json
    client = Client(http, minted, app)
    fault(http, kind="lost_reply")
    with pytest.raises(TimeoutError):
        client.create("Lead", **LEAD)
    assert client.query("SELECT COUNT() FROM Lead")["totalSize"] == 1
    fault(http, kind="cut")
    with pytest.raises(TimeoutError):
        client.create("Lead", **LEAD)
    fault(http, kind="hang_after_commit", seconds=0.01)
    with pytest.raises(TimeoutError):
        client.create("Lead", **LEAD)
    assert client.query("SELECT COUNT() FROM Lead")["totalSize"] == 2
    app.extensions["sandbox"].storage.close()


def test_files_of_an_older_stand_in_are_taken_over(tmp_path):
    create_app(tmp_path, apps=[APP]).extensions["sandbox"].storage.close()
    with closing(sqlite3.connect(tmp_path / "orgs.sqlite")) as file:
        file.execute("ALTER TABLE apps DROP COLUMN scopes")
    again = create_app(tmp_path).extensions["sandbox"]
    assert again.apps.get(APP.client_id).scopes == ("api", "id", "refresh_token")
    again.storage.close()


def test_data_stay_between_starts(tmp_path):
    app = create_app(tmp_path, apps=[APP])
    minted = app.test_client().post("/__control__/connections", json={"client_id": "key-1"}).json
    lead = Client(app.test_client(), minted, app).create("Lead", **LEAD)
    app.extensions["sandbox"].storage.close()
    again = create_app(tmp_path)
    assert Client(again.test_client(), minted, again).read("Lead", lead)["LastName"] == "Ivanenko"
    again.extensions["sandbox"].storage.close()


def test_control_of_orgs_and_records(client, browser):
    org = browser.post(
        "/__control__/orgs",
        json={"name": "Initech", "users": [{"LastName": "P", "Username": "p@initech.example"}],
              "settings": {"package": False}},
    ).json  # fmt: skip
    assert org["settings"]["package"] is False
    minted = browser.post("/__control__/connections", json={"client_id": "key-1", "org": "Initech"})
    theirs = Client(browser, minted.json, client.app)
    contact = theirs.create("Contact", LastName="C")
    lead = {**LEAD, "IsConverted": True, "ConvertedContactId": contact}
    (planted,) = browser.post("/__control__/orgs/initech/records/Lead", json=lead).json["ids"]
    assert theirs.read("Lead", planted)["ConvertedContactId"] == contact
    stored = browser.get("/__control__/orgs/Initech/records/Lead").json
    assert [record["Id"] for record in stored] == [planted]
    log = browser.get("/__control__/requests?org=Initech").json
    assert [entry["method"] for entry in log] == ["POST", "GET"]
    assert browser.patch("/__control__/orgs/Initech/settings", json={"x": 1}).status_code == 400
    wrong = browser.patch("/__control__/orgs/Initech/settings", json={"package": "no"})
    assert wrong.status_code == 400
    assert browser.get("/__control__/orgs/Nowhere").status_code == 404
    assert browser.post("/__control__/reset").status_code == 200
    names = [entry["name"] for entry in browser.get("/__control__/orgs").json]
    assert names == ["Acme", "Globex"]
    assert client.get("/limits").status_code == 401


def test_the_token_endpoint_fails_only_when_named(app, client, browser):
    form = {"grant_type": "refresh_token", "refresh_token": client.tokens["refresh_token"]}
    fault(browser, kind="unavailable")
    assert token_request(browser, **form).status_code == 200
    assert client.get("/limits").status_code == 503
    fault(browser, kind="unavailable", path="oauth2/token")
    assert token_request(browser, **form).status_code == 503
    assert client.get("/limits").status_code == 200
