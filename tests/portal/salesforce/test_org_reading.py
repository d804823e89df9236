"""Users, stages and fields: shown as last seen, read again without the page waiting long."""

import html
import re
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from core.org import Org
from core.salesforce.errors import Transient
from core.salesforce.shape_json import shape_to_json
from portal.web.waiting import PAGE_SECONDS
from tests.portal.helpers.orgs import connect, edit, see, shape


@pytest.fixture(autouse=True)
def switched_on(store, owner):
    connect(store)
    edit(store, enabled=True)


def strip(page):
    return page.text.split('id="org"')[1].split("</section>")[0]


def test_the_page_asks_for_an_org_it_never_saw_once_it_is_shown(owner):
    assert "load, submit" in strip(owner.get("/salesforce"))


def test_a_fresh_org_is_not_asked_for_again(owner, store):
    see(store)
    assert "load" not in strip(owner.get("/salesforce"))
    old = datetime.now(UTC) - timedelta(hours=1)
    store.shapes.put("acme", old, shape_to_json(shape()))
    assert "load, submit" in strip(owner.get("/salesforce"))


@pytest.mark.parametrize("htmx", [True, False])
def test_when_salesforce_does_not_answer_the_last_known_is_shown(owner, store, monkeypatch, htmx):
    def refuse(*_):
        raise Transient("NO_ANSWER")

    see(store)
    monkeypatch.setattr(Org, "shape", refuse)
    answer = owner.post("/salesforce/org", htmx=htmx)
    assert answer.status_code == 200
    assert "Анна Коваль" in owner.get("/salesforce/org/users", htmx=True).text
    assert "load" not in strip(answer)  # it does not ask again by itself


def test_a_slow_salesforce_is_waited_for_two_seconds_only(owner, monkeypatch):
    monkeypatch.setattr(Org, "shape", lambda *_: time.sleep(10))
    started = time.monotonic()
    assert owner.post("/salesforce/org", htmx=True).status_code == 200
    assert time.monotonic() - started < 8


def test_no_page_waits_longer_than_two_seconds():
    assert PAGE_SECONDS <= 2


def looks(answer):
    """The address that the strip looks at by itself; empty if it does not."""
    found = re.search(r'hx-get="([^"]*/org/known[^"]*)"', strip(answer))
    return html.unescape(found[1]) if found else ""


def test_a_slow_reading_is_waited_for_in_the_background_and_not_begun_twice(
    owner, store, monkeypatch
):
    begun, may_end = [], threading.Event()

    def slow(*_):
        begun.append(1)
        may_end.wait(60)
        see(store)

    monkeypatch.setattr(Org, "shape", slow)
    answer = owner.post("/salesforce/org", htmx=True)
    assert "left=8" in looks(answer)
    waiting = owner.get(looks(answer), htmx=True)
    assert "left=7" in looks(waiting)
    assert 'id="entities"' not in waiting.text
    owner.post("/salesforce/org", htmx=True)
    may_end.set()
    while store.shapes.get("acme") is None:
        time.sleep(0.01)
    read = owner.get(looks(waiting), htmx=True)
    assert looks(read) == ""
    assert 'id="entities"' in read.text
    assert len(begun) == 1


def test_a_page_does_not_look_for_ever(owner):
    assert looks(owner.get("/salesforce/org/known?left=1", htmx=True)) == ""


def test_what_was_read_is_offered_at_once_in_every_block(owner, store, monkeypatch):
    monkeypatch.setattr(Org, "shape", lambda *_: see(store))
    answer = owner.post("/salesforce/org", htmx=True)
    assert '<option value="Анна Коваль">' in owner.get("/salesforce/org/users", htmx=True).text
    assert 'id="entities"' in answer.text
    assert 'hx-swap-oob="outerMorph"' in answer.text
    again = owner.post("/salesforce/org", htmx=True)
    assert 'id="entities"' not in again.text


def test_phone_fields_that_no_query_may_ask_for_are_marked(owner, store):
    see(store, shape().without_searching(["Lead.Phone"]))
    marked = re.findall(r'for="(phone-\d)".*искать нельзя', owner.get("/salesforce").text)
    (box,) = re.findall(r'id="(phone-\d)" value="Lead.Phone"', owner.get("/salesforce").text)
    assert marked == [box]
