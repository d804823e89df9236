"""Addresses nobody should ask for, come back to, or have us ask: none breaks or leads astray."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from core.store import Store
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.naughty import LENIENT, MARK, TEXT


@pytest.mark.parametrize("path", ["/support?q=", "/support?state=", "/support/", "/password/"])
def test_no_address_breaks(support: Visitor, path: str):
    @LENIENT
    @given(TEXT)
    def ask(text: str) -> None:
        url = path.rstrip("=") if "?" in path else path
        if "?" in path:
            base, _, name = url.partition("?")
            answer = support.client.get(base, query_string={name: text[:2000]})
        else:
            answer = support.client.get(url + text[:200].replace("?", "").replace("#", ""))
        assert answer.status_code < 500
        assert MARK not in answer.text

    ask()


ADDRESSES = TEXT | st.sampled_from(
    [
        "http://[",
        "//℀.com",
        "//[::1",
        "http://]/",
        "/\\[",
        "http://a@[b]/",
        "/a\ud800",
        "///x",
        "/\tx",
    ]
)


@pytest.mark.parametrize("way", ["next", "Referer", "HX-Current-URL"])
def test_no_address_to_come_back_to_breaks(
    nobody: Visitor, unlimited: Flask, way: str, owner: Visitor
):
    """Of a page asked for, of the page before, and of the page that HTMX names."""
    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}

    @LENIENT
    @given(ADDRESSES)
    def send(address: str) -> None:
        latin = address[:2000].encode("utf-8", "ignore").decode("latin-1").strip("\r\n\0 ")
        header = "".join(letter for letter in latin if letter not in "\r\n\0")
        if way == "next":
            asked = {"next": address[:2000].encode("utf-8", "ignore").decode()}
            answers = [nobody.client.get("/sign-in", query_string=asked)]
            answers.append(owner.client.get("/sign-in", query_string=asked))
        else:
            headers = {way: header, **(partial if way == "HX-Current-URL" else {})}
            answers = [nobody.client.post("/language", data={"language": "en"}, headers=headers)]
            answers.append(nobody.client.get("/calls", headers=headers))
        for answer in answers:
            assert answer.status_code < 500, address
            target = answer.headers.get("HX-Redirect", answer.location) or "/"
            assert target.startswith("/"), address
            assert not target.startswith(("//", "/\\")), address

    send()


@pytest.mark.parametrize(
    "path", ["/sign-in?next=%00", "/support?q=a%00", "/access%00", "/me?%00=1"]
)
def test_a_nul_is_refused_before_any_database_sees_it(support: Visitor, path: str):
    assert support.get(path).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "127.0.0.1:6379",
        "https://acme.my.salesforce.com@evil.example",
        "https://evil.example/.my.salesforce.com",
        "https://acme.my.salesforce.com.evil.example",
        "file:///etc/passwd",
        "https://[::1]/",
        "gopher://acme.my.salesforce.com",
        "https://acme.my.salesforce.com:8443",
    ],
)
def test_no_address_leads_our_server_astray(owner: Visitor, store: Store, address: str):
    owner.get("/salesforce")
    owner.post("/salesforce/environment", environment="my_domain", my_domain=address)
    assert store.connections.get("acme").my_domain == ""


def test_a_query_that_is_no_text_is_refused(owner: Visitor):
    for path in ("/", "/calls", "/sign-in"):
        environ = {"QUERY_STRING": "next=\xff&page=\xc3("}
        assert owner.client.get(path, environ_overrides=environ).status_code == 400
