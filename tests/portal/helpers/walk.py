"""Asking every route of the portal, from whatever seat."""

from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from core.store import Store

LAST = ("salesforce.end", "support.leave", "auth.sign_out")
"""They end what the other answers depend on."""
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
VALUES = {"account_id": "acme", "filename": "portal.js", "key": "none", "token": "none"}
"""What stands in addresses; else 1."""


def rules(app: Flask) -> list[Rule]:
    found = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    return sorted(
        found, key=lambda rule: LAST.index(rule.endpoint) if rule.endpoint in LAST else -1
    )


def calls(app: Flask, ids: dict[str, str] = VALUES) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of every way to ask for every route."""
    for rule in rules(app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            with app.test_request_context():
                values = {name: ids.get(name, "1") for name in rule.arguments}
                built = app.url_map.bind("localhost").build(rule.endpoint, values, method)
            yield rule.endpoint, method, built


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
