"""How often one may ask: pages, what spends the customer's API calls, and guesses at keys."""

import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from portal import create_app
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.orgs import connect, see

KEY = "admin-key-of-the-cabinet-of-32-or-more"
ACCOUNT = "/api/admin/accounts/acme"


@pytest.fixture
def few(app: Flask) -> Flask:
    app.config["PAGES_LIMIT"] = "5 per minute"
    return app


def test_pages_are_limited_for_a_session_in_plain_words(few: Flask, store, visit):
    owner, member = visit("owner"), visit("member")
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")
    answers = [owner.get("/calls") for _ in range(6)]
    assert [one.status_code for one in answers[:3]] == [200, 200, 200]
    assert answers[-1].status_code == 429
    assert "Wait a minute" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) <= 60
    part = owner.get("/calls", htmx=True)
    assert part.status_code == 429
    assert "<html" not in part.text
    assert member.get("/calls").status_code == 200


def test_strangers_are_limited_by_address_and_files_are_not(few: Flask):
    client = few.test_client()
    answers = [client.get("/sign-in").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert client.get("/static/portal.js").status_code == 200
    assert client.get("/healthz").status_code == 200
    other = client.get("/sign-in", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert other.status_code == 200


def test_programs_have_limits_of_their_own(few: Flask, store):
    client, key = few.test_client(), store.accounts.issue_key("acme")
    headers = {"Authorization": f"Bearer {key}"}
    answers = [client.post("/api/calls", json={}, headers=headers) for _ in range(8)]
    assert {one.status_code for one in answers} == {400}


def test_reading_the_org_is_limited_for_the_whole_account(salesforce, owner: Visitor, visit, store):
    connect(store)
    see(store)
    member = visit("member")
    owner.get("/salesforce")
    answers = [(owner if n % 2 else member).post("/salesforce/org", htmx=True) for n in range(7)]
    assert [one.status_code for one in answers] == [200] * 6 + [429]
    assert answers[-1].headers["HX-Retarget"] == "#org"
    assert 'id="org"' in answers[-1].text
    assert member.post("/salesforce/org").status_code == 429


def test_previews_are_limited_for_the_whole_account(owner: Visitor, visit):
    member = visit("member")
    answers = [(owner if n % 2 else member).post("/preview", number="1") for n in range(31)]
    assert [one.status_code for one in answers] == [200] * 30 + [429]
    assert visit("stranger").post("/preview", number="1").status_code == 200


def test_wrong_admin_keys_are_limited_and_the_right_one_never_shut_out(config, store):
    client = create_app(config.model_copy(update={"admin_key": KEY}), store).test_client()

    def ask(key: str, address: str = "127.0.0.1") -> int:
        headers = {"Authorization": f"Bearer {key}"}
        environ = {"REMOTE_ADDR": address}
        return client.get(ACCOUNT, headers=headers, environ_base=environ).status_code

    assert [ask(f"guess-{n}") for n in range(35)] == [401] * 30 + [429] * 5
    assert ask(KEY) == 200
    assert ask("guess", "198.51.100.7") == 401


def test_nobody_is_refused_at_the_moment_when_redis_is_found_gone(config, store):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        app = create_app(config.model_copy(update={"redis_url": url}), store)
        together = Barrier(8)

        def ask(_: int) -> int:
            client = app.test_client()
            together.wait(30)
            return client.post("/api/calls", json={}).status_code

        with ThreadPoolExecutor(8) as threads:
            assert set(threads.map(ask, range(8))) == {401}
