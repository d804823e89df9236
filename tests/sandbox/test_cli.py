"""Salesforce's own command line speaks to the stand-in."""

from functools import partial

import httpx
import pytest

from tests.helpers.node import Failed, sf
from tests.sandbox.conftest import serving

LEAD = "LastName=Ivanenko Company=Acme Phone='+380441234567'"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("orgs")) as address:
        yield address


@pytest.fixture(scope="module")
def cli(address, tmp_path_factory):
    """`sf` after its log-in at a stand-in of its own."""
    home = tmp_path_factory.mktemp("home")
    tokens = httpx.post(f"{address}/__control__/connections", json={"client_id": "key-1"}).json()
    login = ("org", "login", "access-token", "--instance-url", address, "--set-default")
    sf(home, *login, "--no-prompt", "--json", SF_ACCESS_TOKEN=tokens["access_token"])
    return partial(sf, home)


def test_it_knows_where_it_is_logged_in(cli):
    shown = cli("org", "display", "--json")["result"]
    assert shown["username"] == "anna@acme.example"
    assert shown["connectedStatus"] == "Connected"


def test_what_it_creates_it_finds(cli):
    created = cli("data", "create", "record", "--sobject", "Lead", "--values", LEAD, "--json")
    lead = created["result"]["id"]
    soql = f"SELECT Id, Phone, Owner.Name FROM Lead WHERE Id = '{lead}' AND CreatedDate = TODAY"
    (read,) = cli("data", "query", "--query", soql, "--json")["result"]["records"]
    assert (read["Phone"], read["Owner"]["Name"]) == ("+380441234567", "Anna Kovalenko")
    table = cli("data", "query", "--query", soql)
    assert "OWNER.NAME" in table
    assert "Anna Kovalenko" in table


def test_it_shows_groups_and_sub_selects_as_csv(cli, address):
    records = f"{address}/__control__/orgs/Acme/records"
    (account,) = httpx.post(f"{records}/Account", json={"Name": "Acme"}).json()["ids"]
    httpx.post(f"{records}/Contact", json={"LastName": "Bondar", "AccountId": account})
    nested = "SELECT Name, (SELECT LastName FROM Contacts) FROM Account"
    shown = cli("data", "query", "--query", nested, "--result-format", "csv")
    assert shown.splitlines()[0] == "Name,Contacts.totalSize,Contacts.records.0.LastName"
    assert shown.splitlines()[1] == "Acme,1,Bondar"
    grouped = "SELECT Name, COUNT(Id) FROM Account GROUP BY Name"
    shown = cli("data", "query", "--query", grouped, "--result-format", "csv")
    assert "Acme,1" in shown.splitlines()


def test_it_describes(cli):
    described = cli("sobject", "describe", "--sobject", "Lead", "--json")["result"]
    assert described["keyPrefix"] == "00Q"
    assert "UniTalk_Key__c" in {field["name"] for field in described["fields"]}


def test_it_passes_a_refusal_on(cli):
    with pytest.raises(Failed) as refusal:
        cli("data", "query", "--query", "SELECT Nope FROM Lead", "--json")
    assert refusal.value.said["data"]["errorCode"] == "INVALID_FIELD"
    assert "No such column 'Nope' on entity 'Lead'" in refusal.value.said["message"]
