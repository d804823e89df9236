"""Support reads what telephony could not hand over, and the customer reads that it did."""

import re

import pytest
from flask import Flask

from core.events import BadEvent
from core.languages import LANGUAGES
from core.store import Store
from core.store.refused import HTTP, MOST_A_DAY, RQ, Refusal
from portal.support.refused import EVENTS
from tests.helpers.events import event
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.client import Visitor

NASTY = '<script>alert("7")</script>'
OPENED = "Support opened a call that telephony could not hand over"


@pytest.fixture(autouse=True)
def in_english(support: Visitor, owner: Visitor) -> None:
    for visitor in (support, owner):
        visitor.post("/language", language="en")


def refuse(store: Store, account: str, *events: object, why: str = "is missing") -> None:
    store.refused.add_all(
        account, RQ, [Refusal(one, BadEvent("call.direction", why)) for one in events]
    )


def links(page: str) -> list[str]:
    return re.findall(r'href="(/refused/[\w-]{22})"', page)


def test_the_list_tells_what_was_wrong_and_not_what_was_sent(support: Visitor, store: Store):
    refuse(store, "acme", {"from": "380501112233"})
    refuse(store, "nobody-we-know", "x")
    page = support.get("/refused").text
    for word in ("acme", "nobody-we-know", "no such account", "call.direction", "RQ"):
        assert word in page
    assert "380501112233" not in page
    assert len(links(support.get("/refused?account=acme").text)) == 1
    assert "Nothing was refused." in support.get("/refused?account=other").text
    for way in ("/support", "/support/acme"):
        assert "/refused" in support.get(way).text


def test_what_was_sent_is_shown_as_text(support: Visitor, store: Store):
    refuse(store, "acme", {"note": NASTY, "line\u202e": "ї"}, why=NASTY)
    (one,) = links(support.get("/refused").text)
    page = support.get(one).text
    assert NASTY not in page
    assert "&lt;script&gt;" in page
    assert "ї" in page


def test_the_customer_reads_who_opened_it(support: Visitor, store: Store, owner: Visitor):
    refuse(store, "acme", "x")
    refuse(store, "nobody", "x")
    (of_acme,) = links(support.get("/refused?account=acme").text)
    (of_nobody,) = links(support.get("/refused?account=nobody").text)
    assert OPENED not in owner.get("/access").text
    support.get(of_nobody)
    support.get(of_acme)
    log = owner.get("/access").text
    assert log.count(OPENED) == 1
    assert "Sam of Support" in log


def test_page_by_page_within_an_account(support: Visitor, store: Store):
    refuse(store, "acme", *range(EVENTS + 2))
    refuse(store, "other", "x")
    first = support.get("/refused?account=acme").text
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = support.get(older.replace("&amp;", "&")).text
    assert (len(links(first)), len(links(second))) == (EVENTS, 2)
    assert 'rel="next"' not in second


def test_of_a_flood_it_says_that_there_was_more(support: Visitor, store: Store):
    refuse(store, "acme", *range(MOST_A_DAY + 7))
    assert "and 7 more" in support.get("/refused").text


@pytest.mark.parametrize("place", ["0", "x" * 22, "9" * 5000, "٣"])
def test_what_is_not_there_is_not_found(support: Visitor, store: Store, place):
    refuse(store, "acme", "x")
    assert support.get(f"/refused/{place}").status_code == 404
    assert support.get(f"/refused?before={place}").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language(support: Visitor, store: Store, language):
    refuse(store, "acme", *range(MOST_A_DAY + 21))
    support.post("/language", language=language)
    assert f'lang="{language}"' in support.get("/refused").text
    support.get(links(support.get("/refused").text)[0])


def test_customers_and_visiting_support_read_none_of_it(
    owner: Visitor, support: Visitor, store: Store
):
    refuse(store, "acme", "x")
    (one,) = links(support.get("/refused").text)
    assert {owner.get(path).status_code for path in ("/refused", one)} == {403}
    support.get("/support/acme")
    support.post("/support/acme/visit", person="owner@acme.example", reason="They called")
    assert {support.get(path).status_code for path in ("/refused", one)} == {403}
    assert support.get(f"{ACME}/calls").status_code == 200


def test_the_http_door_writes_down_what_it_refuses(app: Flask, store: Store):
    key = {"Authorization": f"Bearer {store.accounts.issue_key('acme')}"}
    sent = [event(dbid=1), event(dbid=2, direction="?"), "no event", event(dbid=3)]
    answer = app.test_client().post("/api/calls", json=sent, headers=key)
    assert answer.status_code == 400
    told = store.refused.page("acme", 9)
    assert {(one.door, one.field) for one in told} == {(HTTP, "call.direction"), (HTTP, "event")}
    assert '"dbid": 2' in told[-1].event
