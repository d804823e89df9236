"""Requests: the token, one renewal, the count, the quota, and answers that never come whole."""

import logging
import time
from collections.abc import Iterator

import httpx
import pytest

from core import reasons
from core.salesforce.client import Access, ApiLimit, Client
from core.salesforce.errors import (
    ConnectionDead,
    Paused,
    RecordRefused,
    SessionExpired,
    Transient,
    Unreachable,
)
from core.salesforce.http import Patience
from tests.core.salesforce.helpers.scripted import BASE, INSTANCE, Salesforce, Tokens, ok, refused

EXPIRED = refused("INVALID_SESSION_ID", "Session expired or invalid", 401)


def test_a_request() -> None:
    salesforce = Salesforce(ok({"a": 1}, **{"Sforce-Limit-Info": "api-usage=18/5000"}))
    client = Client(Tokens(), salesforce.http)
    assert client.request("POST", "/composite", {"b": 2}) == {"a": 1}
    request = salesforce.requests[0]
    assert str(request.url) == f"{INSTANCE}{BASE}/composite"
    assert request.headers["Authorization"] == "Bearer token-1"
    assert request.headers["Sforce-Call-Options"] == "client=UniTalk"
    assert request.headers["User-Agent"].startswith("UniTalk")
    assert salesforce.body() == {"b": 2}
    assert client.calls == 1
    assert client.limit == ApiLimit(used=18, allowed=5000)


def test_the_quota_of_an_app_is_not_the_orgs() -> None:
    info = "api-usage=25/5000; per-app-api-usage=17/250(appName=sample-app)"
    client = Client(Tokens(), Salesforce(ok({}, **{"Sforce-Limit-Info": info})).http)
    client.request("GET", "/limits")
    assert client.limit == ApiLimit(used=25, allowed=5000)


@pytest.mark.parametrize("used", ["9" * 5000, "99999999999"])
def test_a_quota_that_no_column_holds_is_not_noted(used: str) -> None:
    client = Client(
        Tokens(), Salesforce(ok({}, **{"Sforce-Limit-Info": f"api-usage={used}/5"})).http
    )
    assert client.request("GET", "/limits") == {}
    assert client.limit is None


def test_an_expired_session_is_renewed_once() -> None:
    salesforce, tokens = Salesforce(EXPIRED, ok({"a": 1})), Tokens()
    client = Client(tokens, salesforce.http)
    assert client.request("GET", "/limits") == {"a": 1}
    assert [r.headers["Authorization"] for r in salesforce.requests] == [
        "Bearer token-1",
        "Bearer token-2",
    ]
    assert [stale.version for stale in tokens.stale] == [1]
    assert client.calls == 2


def test_a_renewed_session_that_is_refused_too_says_so_and_is_renewed_no_more() -> None:
    tokens = Tokens()
    with pytest.raises(SessionExpired) as refused_again:
        Client(tokens, Salesforce(EXPIRED).http).request("GET", "/limits")
    assert refused_again.value.reason.code == "salesforce.session_expired"
    assert len(tokens.stale) == 1


def test_a_moved_instance_is_asked_for_anew_and_never_followed() -> None:
    salesforce = Salesforce(httpx.Response(302, headers={"Location": "https://evil.example/"}))
    tokens = Tokens()
    with pytest.raises(Transient):
        Client(tokens, salesforce.http).request("GET", "/limits")
    assert {r.url.host for r in salesforce.requests} == {"acme.my.salesforce.com"}
    assert len(tokens.stale) == 1


class Renamed(Tokens):
    """Of an org whose My Domain was renamed."""

    def renew(self, stale: Access) -> Access:
        super().renew(stale)
        self.access = Access(self.access.token, "https://new.my.salesforce.com", 2)
        return self.access


@pytest.mark.parametrize(
    "gone", [httpx.ConnectError("unknown host"), httpx.Response(302)], ids=["gone", "redirects"]
)
def test_a_renamed_org_is_found_at_its_new_address(gone: httpx.Response | Exception) -> None:
    salesforce = Salesforce(gone, ok({"a": 1}))
    assert Client(Renamed(), salesforce.http).request("GET", "/limits") == {"a": 1}
    assert [r.url.host for r in salesforce.requests] == [
        "acme.my.salesforce.com",
        "new.my.salesforce.com",
    ]


def test_a_host_that_is_away_and_has_not_moved_saw_nothing() -> None:
    salesforce, tokens = Salesforce(httpx.ConnectError("refused")), Tokens()
    with pytest.raises(Unreachable):
        Client(tokens, salesforce.http).request("POST", "/composite/graph", {})
    assert len(tokens.stale) == len(salesforce.requests) == 1


def test_an_answer_that_was_slow_is_no_move() -> None:
    tokens = Tokens()
    with pytest.raises(Transient):
        Client(tokens, Salesforce(httpx.ReadTimeout("slow")).http).request("GET", "/limits")
    assert tokens.stale == []


def test_a_renewal_that_fails_says_why() -> None:
    class Dead(Tokens):
        def renew(self, stale: object) -> None:
            raise ConnectionDead("inactive_user", cause=reasons.connection.inactive_user)

    with pytest.raises(ConnectionDead) as dead:
        Client(Dead(), Salesforce(EXPIRED).http).request("GET", "/limits")
    assert dead.value.cause is reasons.connection.inactive_user


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, html="<html>Maintenance</html>"),
        httpx.Response(200, html="<html>Proxy</html>"),
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b'{"compositeResponse": [{"bo'),
        httpx.Response(500, json=[{"errorCode": "UNKNOWN_EXCEPTION", "message": "ErrorId"}]),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.PoolTimeout("busy"),
        httpx.ConnectError("refused"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("peer closed connection"),
    ],
)
def test_no_whole_answer_is_transient(answer: httpx.Response | Exception) -> None:
    salesforce = Salesforce(answer)
    with pytest.raises(Transient):
        Client(Tokens(), salesforce.http).request("GET", "/limits")
    assert len(salesforce.requests) == 1


def test_a_body_cut_on_the_way_is_transient() -> None:
    def cut(_: httpx.Request) -> httpx.Response:
        def content() -> Iterator[bytes]:
            yield b'{"a": 1'
            raise httpx.RemoteProtocolError("incomplete chunked read")

        return httpx.Response(200, content=content())

    with pytest.raises(Transient):
        Client(Tokens(), Salesforce(cut).http).request("GET", "/limits")


def test_a_reply_that_drips_is_given_up() -> None:
    def drip(_: httpx.Request) -> httpx.Response:
        def content() -> Iterator[bytes]:
            while True:
                time.sleep(0.02)
                yield b" "

        return httpx.Response(200, content=content())

    client = Client(Tokens(), Salesforce(drip).http, patience=Patience(1, 1, 0.1))
    with pytest.raises(Transient):
        client.request("GET", "/limits")


def test_every_request_has_its_time_outs() -> None:
    salesforce = Salesforce(ok({}))
    Client(Tokens(), salesforce.http).request("GET", "/limits")
    Client(Tokens(), salesforce.http, patience=Patience(1, 2)).request("GET", "/limits")
    usual, chosen = (request.extensions["timeout"] for request in salesforce.requests)
    assert (usual["connect"], usual["read"]) == (5, 60)
    assert (chosen["connect"], chosen["read"]) == (1, 2)


def test_the_limit_pauses_and_a_refusal_is_a_records() -> None:
    limit = refused("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403)
    with pytest.raises(Paused):
        Client(Tokens(), Salesforce(limit).http).request("GET", "/limits")
    with pytest.raises(RecordRefused):
        Client(Tokens(), Salesforce(refused("NOT_FOUND", "", 404)).http).request("GET", "/x")


def test_an_empty_success() -> None:
    client = Client(Tokens(), Salesforce(httpx.Response(204)).http)
    assert client.request("PATCH", "/sobjects/Lead/00Q", {"Company": "Acme"}) is None


@pytest.mark.parametrize("path", ["@evil.example/", ".evil.example/", "https://evil.example/"])
def test_a_path_cannot_change_the_host(path: str) -> None:
    salesforce = Salesforce(ok({}))
    with pytest.raises(Transient):
        Client(Tokens(), salesforce.http).request("GET", path)
    assert salesforce.requests == []


def test_no_token_in_any_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = Tokens()
    with pytest.raises(SessionExpired):
        Client(tokens, Salesforce(EXPIRED).http).request("GET", "/limits")
    assert caplog.text
    assert "token-1" not in caplog.text
    assert "token-1" not in repr(tokens.stale)
