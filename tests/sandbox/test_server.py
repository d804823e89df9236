"""The stand-in as a process of its own, and a released client that speaks to it."""

import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceMoreThanOneRecord

from sandbox import create_app
from sandbox.server import make_server
from tests.sandbox.conftest import APP

LEAD = {"LastName": "Ivanenko", "Company": "Acme"}


@pytest.fixture
def server(tmp_path):
    made = make_server(create_app(tmp_path, apps=[APP]), "127.0.0.1", 0)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def minted(server):
    return httpx.post(f"{server}/__control__/connections", json={"client_id": "key-1"}).json()


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


def test_a_write_may_be_committed_after_its_client_gave_up(server, minted):
    rule = {"kind": "commit_after_hang", "seconds": 600, "method": "POST"}
    httpx.post(f"{server}/__control__/faults", json=rule)
    leads = f"{server}/services/data/v66.0/sobjects/Lead"
    bearer = {"Authorization": f"Bearer {minted['access_token']}"}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(leads, json=LEAD, headers=bearer, timeout=0.1)
    stored = f"{server}/__control__/orgs/Acme/records/Lead"
    assert httpx.get(stored).json() == []
    httpx.delete(f"{server}/__control__/faults")
    deadline = time.monotonic() + 30
    while not (found := httpx.get(stored).json()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [lead["LastName"] for lead in found] == [LEAD["LastName"]]


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


def test_fifty_at_once(server, minted):
    headers = {"Authorization": f"Bearer {minted['access_token']}"}
    url = f"{server}/services/data/v66.0/sobjects/Lead"

    def create(number):
        body = {**LEAD, "UniTalk_Key__c": f"k{number % 25}"}
        return httpx.post(url, json=body, headers=headers, timeout=30).status_code

    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(create, range(50)))
    assert sorted(statuses) == [201] * 25 + [400] * 25


def test_replies_are_cut_on_the_wire(server, minted):
    headers = {"Authorization": f"Bearer {minted['access_token']}"}
    url = f"{server}/services/data/v66.0/sobjects/Lead"
    httpx.post(f"{server}/__control__/faults", json={"kind": "lost_reply"})
    with pytest.raises(httpx.TransportError):
        httpx.post(url, json=LEAD, headers=headers)
    stored = httpx.get(f"{server}/__control__/orgs/Acme/records/Lead").json()
    assert len(stored) == 1
    httpx.post(f"{server}/__control__/faults", json={"kind": "hang", "seconds": 1.0})
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(url, json=LEAD, headers=headers, timeout=0.2)


def start(folder, port="0"):
    command = [sys.executable, "-m", "sandbox", "--data", str(folder), "--port", port]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_one_line_and_goes_quietly(tmp_path, sign):
    process = start(tmp_path)
    line = process.stdout.readline()
    assert line.startswith("Stand-in org ready on http://127.0.0.1:")
    answer = httpx.get(line.split()[-1] + "/services/data")
    assert answer.status_code == 200
    process.send_signal(sign)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_port_in_use_is_one_clear_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = start(tmp_path, port)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert out == ""
    assert err.startswith(f"The stand-in org cannot use 127.0.0.1:{port}: ")
    assert len(err.splitlines()) == 1
