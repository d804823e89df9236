"""Provisioning by program: what the telephony cabinet calls."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.config import Config
from core.store import Store
from portal import create_app
from tests.portal.helpers.letters import letters, link_in

KEY = "admin-key-of-the-cabinet"
HEADERS = {"Authorization": f"Bearer {KEY}"}
NEW = "/api/admin/accounts/new-1"


@pytest.fixture
def admin_app(config: Config, store: Store) -> Flask:
    return create_app(config.model_copy(update={"admin_key": KEY}), store)


@pytest.fixture
def client(admin_app: Flask) -> FlaskClient:
    return admin_app.test_client()


def test_an_account_from_nothing_to_its_first_call(client: FlaskClient, store: Store, config):
    made = client.put(NEW, json={"name": "Новая компания"}, headers=HEADERS)
    assert (made.status_code, made.json["name"]) == (201, "Новая компания")
    assert client.put(NEW, json={"name": "Again"}, headers=HEADERS).status_code == 200
    person = {"email": "Boss@New.example", "role": "owner", "language": "uk"}
    answer = client.post(f"{NEW}/people", json=person, headers=HEADERS)
    assert (answer.status_code, answer.json["invited"]) == (201, ["boss@new.example"])
    assert answer.json["owners"] == []
    assert client.post(f"{NEW}/people", json=person, headers=HEADERS).status_code == 200
    (letter,) = letters(config)
    assert "UniTalk запрошує вас" in letter
    link = link_in(letter)
    client.application.config["WTF_CSRF_ENABLED"] = False
    assert client.post(link, data={"password": "long enough for me"}).status_code == 303
    shown = client.get(NEW, headers=HEADERS).json
    assert (shown["invited"], shown["owners"]) == ([], ["boss@new.example"])
    assert client.post(f"{NEW}/people", json=person, headers=HEADERS).status_code == 200
    assert len(letters(config)) == 1
    assert store.accounts.person_by_email("boss@new.example").language == "uk"
    issued = client.post(f"{NEW}/keys", headers=HEADERS)
    assert issued.status_code == 201
    assert store.accounts.account_of_key(issued.json["key"]) == "new-1"
    shown = client.get(NEW, headers=HEADERS).json
    assert "key" not in shown
    gone = client.delete(f"{NEW}/keys/{shown['keys'][0]['id']}", headers=HEADERS)
    assert gone.json["keys"] == []
    assert store.accounts.account_of_key(issued.json["key"]) is None


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {KEY}", "Bearer ключ"])
def test_without_the_key_nothing_is_told(client: FlaskClient, header):
    for path in (NEW, "/api/admin/accounts/acme"):
        answer = client.get(path, headers={"Authorization": header.encode().decode("latin-1")})
        assert answer.status_code == 401
        assert answer.json == {"error": "unknown key"}


def test_without_a_configured_key_the_api_is_off(app: Flask):
    answer = app.test_client().get(NEW, headers={"Authorization": "Bearer "})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (NEW, None),
        (NEW, []),
        (NEW, {}),
        (NEW, {"name": ""}),
        (NEW, {"name": "a\u0000b"}),
        (NEW, {"name": "x" * 256}),
        (NEW, {"name": "x", "plan": "gold"}),
        ("/api/admin/accounts/with space", {"name": "x"}),
        ("/api/admin/accounts/" + "x" * 65, {"name": "x"}),
    ],
)
def test_bad_accounts_are_refused(client: FlaskClient, path, body):
    assert client.put(path, json=body, headers=HEADERS).status_code == 400


def test_lists_in_lists_without_end_are_refused(client: FlaskClient):
    body = {"data": "[" * 50_000, "content_type": "application/json"}
    assert client.put(NEW, headers=HEADERS, **body).status_code == 400


@pytest.mark.parametrize(
    ("person", "status", "field"),
    [
        ({}, 400, "email"),
        ({"email": "nobody"}, 400, "email"),
        ({"email": "a@b.example\r\nBcc: x@y.example"}, 400, "email"),
        ({"email": "a@b.example", "role": "staff"}, 400, "role"),
    ],
)
def test_bad_people_are_refused(client: FlaskClient, person, status, field):
    answer = client.post("/api/admin/accounts/acme/people", json=person, headers=HEADERS)
    assert (answer.status_code, answer.json.get("field")) == (status, field)


def test_whose_an_address_is_the_program_does_not_learn(client: FlaskClient, config: Config):
    path = "/api/admin/accounts/acme/people"
    for email in ("support@acme.example", "stranger@acme.example", "new@acme.example"):
        answer = client.post(path, json={"email": email}, headers=HEADERS)
        assert (answer.status_code, answer.json["invited"][-1]) == (201, email)
    assert len(letters(config)) == 2, "none to support"


def test_who_is_disabled_is_no_owner(client: FlaskClient, store: Store):
    for name in ("stranger", "member"):
        person = store.accounts.person_by_email(f"{name}@acme.example")
        store.accounts.join("acme", person.id, "owner")
    store.accounts.disable(store.accounts.person_by_email("member@acme.example").id)
    found = client.get("/api/admin/accounts/acme", headers=HEADERS).json
    assert found["owners"] == ["owner@acme.example", "stranger@acme.example"]
    assert (found["members"], found["disabled"]) == ([], ["member@acme.example"])


def test_unknown_accounts_and_keys(client: FlaskClient, store: Store):
    store.accounts.issue_key("other")
    (key,) = store.accounts.keys("other")
    assert client.get(NEW, headers=HEADERS).status_code == 404
    assert client.post(f"{NEW}/keys", headers=HEADERS).status_code == 404
    path = f"/api/admin/accounts/acme/keys/{key.name}"
    assert client.delete(path, headers=HEADERS).status_code == 404
    assert store.accounts.keys("other")


def test_the_customer_reads_it_in_the_log(client: FlaskClient, store: Store):
    client.post("/api/admin/accounts/acme/keys", headers=HEADERS)
    (entry,) = store.audit.events("acme", 9)
    assert (entry.action, entry.person_id, entry.staff_id) == ("key.issued", None, None)


def test_it_is_described_only_while_it_is_on(client: FlaskClient, app: Flask):
    path = "/api/admin/accounts/{account_id}"
    assert path in client.get("/api/openapi.json").json["paths"]
    assert path not in app.test_client().get("/api/openapi.json").json["paths"]
