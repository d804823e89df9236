"""Asking every route of the portal, as whoever it may be."""

from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from core.store import Store

LAST = ("salesforce.end", "support.leave", "auth.sign_out")
"""They end what the other answers depend on."""
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
VALUES = {
    "account": "acme-in-addresses",
    "account_id": "acme",
    "section": "calls",
    "filename": "portal.js",
    "key": "none",
    "token": "none",
}
"""What stands in addresses; else 1."""


def rules(app: Flask) -> list[Rule]:
    found = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    return sorted(
        found, key=lambda rule: LAST.index(rule.endpoint) if rule.endpoint in LAST else -1
    )


def calls(app: Flask, ids: dict[str, str] | None = None) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of every way to ask for every route."""
    known = {**VALUES, **(ids or {})}
    for rule in rules(app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            with app.test_request_context():
                values = {name: known.get(name, "1") for name in rule.arguments}
                built = app.url_map.bind("localhost").build(rule.endpoint, values, method)
            yield rule.endpoint, method, built


def sit(client: FlaskClient, store: Store, name: str) -> None:
    """Sign in as a person of the fixture, without the sign-in page; support enters `acme`."""
    if name == "nobody":
        return
    email = {"visiting": "support"}.get(name, name) + "@acme.example"
    person = store.accounts.person_by_email(email)
    assert person
    session_name = store.sessions.begin(person.id, "", "")
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = session_name, True
    if name == "visiting":
        owner = store.accounts.person_by_email("owner@acme.example")
        assert owner
        store.visits.open("acme", owner.id, person.id, session_name, "why")
