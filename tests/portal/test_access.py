"""Every route × every visitor, against the table in `access.py`."""

from collections.abc import Iterator

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.config import Config
from core.intake import Intake, accept
from core.models import CallRow
from core.policy import LineRow, MissedCallRow, Policy
from core.store import Store
from core.store.policies import Actor
from portal import create_app
from portal.services import NAME
from tests.events import CLIENT, event
from tests.portal.access import (
    DECLARED,
    FOREIGN,
    IN,
    NO_KEY,
    REFUSED,
    SIGN_IN,
    VISITORS,
    WITHOUT_TOKEN,
    Access,
)

LAST = ("support.leave", "auth.sign_out")
"""They end what the other answers depend on."""
FROM = {"Referer": "http://localhost/calls"}
"""So that whoever must sign in is told apart by the address to come back to."""
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def app(config: Config, store: Store) -> Flask:
    app = create_app(config.model_copy(update={"admin_key": "admin-secret"}), store)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def rules(app: Flask) -> list[Rule]:
    found = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    return sorted(
        found, key=lambda rule: LAST.index(rule.endpoint) if rule.endpoint in LAST else -1
    )


def calls(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of every way to ask for every route."""
    for rule in rules(app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            with app.test_request_context():
                values = {name: VALUES.get(name, "1") for name in rule.arguments}
                built = app.url_map.bind("localhost").build(rule.endpoint, values, method)
            yield rule.endpoint, method, built


VALUES = {"account_id": "acme", "filename": "portal.js", "key": "none", "token": "none"}


def sit(client: FlaskClient, store: Store, name: str) -> None:
    """Sign in as a person of the fixture, without the sign-in page, and send its pages' mark."""
    if name == "nobody":
        return
    email = {"visiting": "support"}.get(name, name) + "@acme.example"
    person = store.accounts.person_by_email(email)
    session_name = store.sessions.begin(person.id, "", "")
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = session_name, True
    client.environ_base["HTTP_X_SEAT"] = "" if name == "support" else "acme"
    if name == "visiting":
        seat = store.accounts.person_by_email("owner@acme.example")
        here = store.visits.open("acme", seat.id, person.id, session_name, "why")
        client.environ_base["HTTP_X_SEAT"] = f"acme {here.name}"


def verdict(answer: TestResponse) -> str:
    # The fixture's Redis is away, and readiness says so.
    assert answer.status_code < 500 or answer.request.path == "/readyz", answer.request.path
    if answer.status_code == 303 and answer.location.startswith("/sign-in?next="):
        return SIGN_IN
    return {401: NO_KEY, 403: REFUSED}.get(answer.status_code, IN)


def test_every_route_is_declared_and_nothing_else(app: Flask):
    assert {rule.endpoint for rule in rules(app)} == set(DECLARED)


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_route_answers_as_declared(app: Flask, store: Store, visitor: str):
    client = app.test_client()
    sit(client, store, visitor)
    expected, met = {}, {}
    for endpoint, method, address in calls(app):
        answer = client.open(address, method=method, headers=FROM)
        met[endpoint, address] = verdict(answer)
        expected[endpoint, address] = DECLARED[endpoint].value[VISITORS.index(visitor)]
    assert met == expected


def test_no_change_without_the_forms_token(app: Flask, store: Store):
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    sit(client, store, "owner")
    asked: list[str] = []
    refused: list[str | None] = []

    def note(error: CSRFError) -> tuple[str, int]:
        refused.append(request.endpoint)
        return str(error), 400

    app.register_error_handler(CSRFError, note)
    for endpoint, method, address in calls(app):
        if method in CHANGING and endpoint.partition(".")[0] not in WITHOUT_TOKEN:
            asked.append(endpoint)
            client.open(address, method=method)
    assert refused == asked


def test_another_accounts_ids_do_not_exist(app: Flask, store: Store):
    """As the owner of `acme`, with ids of `other`: nothing is shown, nothing changes there."""
    change = {
        "missed_calls": (
            MissedCallRow(id=0, external_line="380440000001", user_ids=("005000000000001",)),
        ),
        "lines": (LineRow(line="7777", user_id="005000000000001"),),
    }
    edit = Policy.model_copy
    store.policies.edit("other", Actor(), lambda policy: edit(policy, update=change))
    before = store.policies.get("other")
    assert accept(store, app.extensions[NAME].waker, "other", event()) is Intake.ACCEPTED
    with store.database.read() as session:
        public_id = session.scalar(select(CallRow.public_id))
    seat, staff = (
        store.accounts.person_by_email(f"{name}@acme.example").id
        for name in ("stranger", "support")
    )
    here = store.visits.open("other", seat, staff, "a session", "why")
    ids = {
        "public_id": str(public_id),
        "row_id": before.missed_calls[0].name,
        "change_id": store.policies.newest_change("other"),
        "line": "7777",
        "visit_id": here.name,
        "account_id": "other",
    }
    client = app.test_client()
    sit(client, store, "owner")
    met = {}
    for rule in rules(app):
        if not rule.arguments & set(ids) or DECLARED[rule.endpoint] in (Access.STAFF, Access.KEY):
            continue
        (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        values = {name: ids.get(name, "1") for name in rule.arguments}
        address = app.url_map.bind("localhost").build(rule.endpoint, values, method)
        answer = client.open(address, method=method, headers=FROM)
        assert "380440000001" not in answer.text, rule.endpoint
        assert CLIENT not in answer.text, rule.endpoint
        met[rule.endpoint] = answer.status_code
    assert met == FOREIGN
    assert store.policies.get("other") == before
