"""Texts that a database may refuse, at every door and on both: refused in words, or kept."""

import json
from itertools import product
from typing import Any

import pytest
from flask import Flask

from core.config import Config
from core.store import Store
from core.store.journal import Wanted
from portal import create_app
from tests.helpers.events import event
from tests.portal.helpers.accounts import ACME, inside
from tests.portal.helpers.walk import sit

ODD = {
    "NUL": "a%00b",
    "half of a character": "a%ED%A0%80b",
    "control characters": "a%0D%0A%1B%7Fb",
    "very long": "a" * 70_000,
}
"""As they come in an address or a form. PostgreSQL takes no NUL, and no text without end; neither
database takes half of a surrogate pair."""
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def store_url(database_url: str) -> str:
    return database_url


FORMS = {
    "nobody": [
        ("/sign-in", "password=none&email=owner%40acme.example{odd}", 422),
        ("/sign-in", "email=nobody%40acme.example&password={odd}", 422),
        ("/forgotten", "email=owner%40{odd}.example", 200),  # nobody learns who is known
        ("/password/none", "password={odd}", 404),
    ],
    "owner": [
        ("/people/invite", "email=new%40{odd}.example", 422),
        ("/people/invite", "email=new{at}%40acme.example&name={odd}", 303),
        ("/people/remove", "email=member%40acme.example{odd}", 404),
        ("/people/role", "role=owner&email={odd}", 404),
        ("/people/role", "email=member%40acme.example&role={odd}", 400),
        ("/keys/end", "key={odd}", 404),
        ("/people/withdraw", "invitation={odd}", 404),
        ("/me/sessions/end", "session={odd}", 303),
        ("/access/end-visit", "visit={odd}", 303),
        ("/calls/again", "which=selected&call={odd}", 303),
        ("/calls/again", "reason={odd}", 303),
    ],
    "support": [
        ("/support/acme/visit", "reason=a+good+one&person={odd}", 422),
    ],
}
"""Of each visitor: where a form goes, what is in it, and the answer to any text but a NUL."""

ADDRESSES = {
    "owner": [
        ("/calls/{odd}", 404),
        ("/calls?number={odd}", 200),
        ("/access/visits/{odd}", 404),
        ("/access?events={odd}", 200),
        ("/salesforce/history?before={odd}", 200),
        ("/password/{odd}", 404),
        ("/invitation/{odd}", 404),
        ("/a/{odd}/calls", 404),
    ],
    "support": [("/support/{odd}", 404), ("/support?q={odd}", 200)],
}


def test_forms_answer_in_words(unlimited: Flask, store: Store):
    for visitor, forms in FORMS.items():
        client = unlimited.test_client()
        sit(client, store, visitor)
        for path, form, usual in forms:
            for at, (name, odd) in enumerate(ODD.items()):
                body = form.format(odd=odd, at=at)
                answer = client.post(inside(path), data=body, content_type=FORM)
                expected = 400 if name == "NUL" else usual
                assert answer.status_code == expected, (path, form, name)


def test_addresses_answer_in_words(unlimited: Flask, store: Store):
    for visitor, addresses in ADDRESSES.items():
        client = unlimited.test_client()
        sit(client, store, visitor)
        for address, usual in addresses:
            for name, odd in ODD.items():
                answer = client.get(inside(address.format(odd=odd[:2000])))
                expected = 400 if name == "NUL" else usual
                assert answer.status_code == expected, (address, name)


ODD_JSON = ("a\0b", "a\ud800b", "a\r\n\x1b\x7fb", "a" * 70_000)
PERSON = {"email": "new@acme.example", "name": "New"}
BODIES = [
    *(("PUT", "/new-1", {"name": odd}) for odd in ODD_JSON),
    *(("POST", "/acme/people", {**PERSON, "email": f"new@{odd}.example"}) for odd in ODD_JSON),
    *(("POST", "/acme/people", {**PERSON, "name": odd}) for odd in ODD_JSON),
    *(("POST", "/acme/people", {**PERSON, odd: "x"}) for odd in ODD_JSON),
]


def test_the_admin_api_refuses_them_in_words(config: Config, store: Store):
    app = create_app(config.model_copy(update={"admin_key": "admin-secret"}), store)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer admin-secret"
    accounts = "/api/admin/accounts"
    for method, path, body in BODIES:
        answer = client.open(f"{accounts}{path}", method=method, json=body)
        assert (answer.status_code, answer.json["error"]) == (400, "bad request"), (path, body)
    for name, odd in ((name, odd[:2000]) for name, odd in ODD.items()):
        usual = 400 if name == "NUL" else 404
        assert client.put(f"{accounts}/{odd}", json={"name": "New"}).status_code == 400, name
        assert client.get(f"{accounts}/{odd}").status_code == usual, name
        assert client.delete(f"{accounts}/acme/keys/{odd}").status_code == usual, name


SOON_TOO_LONG = ("from", "state")
OF_ANY_LENGTH = ("dbid", "to", "outerNumber", "link", "lastGroupName", "source")
"""Parts of a call. It cannot do without the former; the others it merely carries."""


def test_telephony_loses_no_call_to_an_odd_text(unlimited: Flask, store: Store):
    """It is kept without what no database takes, and its page shows it."""
    client, key = unlimited.test_client(), store.accounts.issue_key("acme")
    sit(client, store, "owner")
    taken = 0
    for number, (field, odd) in enumerate(product((*SOON_TOO_LONG, *OF_ANY_LENGTH), ODD_JSON)):
        sent: dict[str, Any] = {"id": 1 + number, "dbid": None, field: f"{number}{odd}", odd: odd}
        answer = client.post(
            "/api/calls",
            data=json.dumps(event(**sent)),
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        )
        expected = 400 if field in SOON_TOO_LONG and len(odd) > 100 else 202
        assert answer.status_code == expected, (field, odd[:20])
        taken += expected == 202
    rows = store.journal.page("acme", Wanted(), None, 100)
    assert len(rows) == taken
    for row in rows:
        assert client.get(f"{ACME}/calls/{row.public_id}").status_code == 200
