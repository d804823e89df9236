"""Who connected, and whether the API answers at all."""

import httpx
import pytest

from core.salesforce.errors import ConnectionDead, SessionExpired, Transient
from core.salesforce.identity import identity
from core.salesforce.oauth import Tokens
from core.salesforce.probe import read_api_probe
from tests.core.salesforce.helpers.scripted import Salesforce, client_of, ok, refused, rows

URL = "https://login.salesforce.com/id/00Dxx0000001gPLEAY/005xx000001SwiUAAS"
TOKENS = Tokens("00D!access", "5Aep", "https://acme.my.salesforce.com", URL)
BODY = {
    "id": URL,
    "user_id": "005xx000001SwiUAAS",
    "organization_id": "00Dxx0000001gPLEAY",
    "username": "olena@acme.example",
    "display_name": "Олена Коваль",
    "email": "olena@acme.example",
    "timezone": "Europe/Kiev",
    "language": "uk",
    "user_type": "STANDARD",
    "urls": {"custom_domain": "https://acme.my.salesforce.com"},
    "active": True,
}


def test_who_connected() -> None:
    salesforce = Salesforce(ok(BODY))
    who = identity(TOKENS, salesforce.http)
    assert (who.org_id, who.user_id) == ("00Dxx0000001gPLEAY", "005xx000001SwiUAAS")
    assert (who.username, who.display_name) == ("olena@acme.example", "Олена Коваль")
    assert who.is_active
    assert salesforce.requests[0].headers["Authorization"] == "Bearer 00D!access"
    assert "00D!access" not in str(salesforce.requests[0].url)


def test_sent_on_to_the_instance() -> None:
    there = "https://acme.my.salesforce.com/id/00Dxx0000001gPLEAY/005xx000001SwiUAAS"
    salesforce = Salesforce(httpx.Response(302, headers={"Location": there}), ok(BODY))
    assert identity(TOKENS, salesforce.http).username == "olena@acme.example"
    assert [str(r.url) for r in salesforce.requests] == [URL, there]


@pytest.mark.parametrize("there", ["https://evil.example/id", "http://acme.my.salesforce.com", ""])
def test_never_sent_on_elsewhere(there: str) -> None:
    salesforce = Salesforce(httpx.Response(302, headers={"Location": there}))
    with pytest.raises((ConnectionDead, Transient)):
        identity(TOKENS, salesforce.http)
    assert {r.url.host for r in salesforce.requests} == {"login.salesforce.com"}


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (403, "Bad_OAuth_Token", SessionExpired),
        (403, "Missing_OAuth_Token", SessionExpired),
        (403, "Wrong_Org", ConnectionDead),
        (404, "Bad_Id", ConnectionDead),
        (503, "<html>", Transient),
        (200, "<html>", Transient),
        (200, "{}", Transient),
    ],
)
def test_refusals(status: int, text: str, kind: type) -> None:
    with pytest.raises(kind):
        identity(TOKENS, Salesforce(httpx.Response(status, text=text)).http)


def test_the_api_answers_with_the_orgs_name() -> None:
    assert read_api_probe(client_of(Salesforce(ok(rows({"Id": "00D", "Name": "Acme"}))))) == "Acme"


def test_the_api_is_switched_off() -> None:
    answer = refused("API_DISABLED_FOR_ORG", "The REST API is not enabled.", 403)
    with pytest.raises(ConnectionDead) as dead:
        read_api_probe(client_of(Salesforce(answer)))
    assert dead.value.reason.code == "connection.api_disabled"


def test_a_user_who_may_not_read_the_orgs_name() -> None:
    answer = refused("INSUFFICIENT_ACCESS", status=403)
    assert read_api_probe(client_of(Salesforce(answer))) == ""
