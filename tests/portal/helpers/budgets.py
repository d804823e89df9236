"""How many statements a page may cost the database; the tests' client counts those of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

OTHERS = 8
"""One of them counts who waits to be called back, for the navigation."""
SETTINGS = 13
"""The settings page, and its parts by themselves."""
CALL = 9
"""The page of a call, which tells of all calls that have to do with a missed one."""
VISIT = 6
"""On top of it, on a visit of support: whose it is, and its entry in the customer's log."""
NO_QUESTION = ("BEGIN", "COMMIT", "ROLLBACK")
NOW_AND_THEN = ("UPDATE sessions SET seen_at", "UPDATE memberships SET used_at")
"""Written at most once a minute, and when a person comes from another account."""


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith((*NO_QUESTION, *NOW_AND_THEN)):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def check_budget(app: Flask, path: str, page: str, statements: list[str]) -> None:
    """Raises AssertionError with the statements of a page that costs too much."""
    endpoint = endpoint_of(app, path)
    is_settings = endpoint.startswith("salesforce.") and endpoint != "salesforce.history"
    budget = SETTINGS if is_settings else {"calls.show": CALL}.get(endpoint, OTHERS)
    budget += VISIT if "visit-banner" in page else 0
    asked = "\n".join(" ".join(one.split()) for one in statements)
    assert len(statements) <= budget, (
        f"{endpoint} costs {len(statements)} statements of {budget}:\n{asked}"
    )


def endpoint_of(app: Flask, path: str) -> str:
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, "GET")
    except (HTTPException, RequestRedirect):
        return "none"
    return str(endpoint)
