"""A test client that behaves like a browser and checks every page it fetches."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.web.services import NAME
from tests.portal.helpers.accounts import inside
from tests.portal.helpers.budgets import check_budget, counted
from tests.portal.helpers.markup import check_page, parse
from tests.portal.helpers.styles import check_styles

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
ACCOUNT = re.compile(r"(?:http://localhost)?(/a/[^/]+)/")


class Visitor:
    """One browser. `get` and `post` return the answer; its page was checked.

    Pages of an account may be named without it, as links on them are followed: `/calls` is that of
    the account which this browser saw last.
    """

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = ""
        self.account = ""

    def sign_in(self, email: str, password: str) -> TestResponse:
        self.get("/sign-in")
        answer = self.post("/sign-in", email=email, password=password)
        if answer.status_code == 303:
            start = self.get("/")  # a new session has a new token
            if start.location:
                self.get(start.location)
        return answer

    def get(self, path: str, *, htmx: bool = False, **headers: str) -> TestResponse:
        headers = {**HTMX, **headers} if htmx else headers
        engine = self.client.application.extensions[NAME].store.database.engine
        with counted(engine) as statements:
            answer = self.client.get(self.at(path), headers=headers)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            check_budget(self.client.application, answer.request.path, answer.text, statements)
        return self._checked(answer, htmx)

    def post(self, path: str, *, htmx: bool = False, **form: Any) -> TestResponse:
        """A form with the token that the last page carried."""
        form = {"csrf_token": self.token, **form}
        current = {"HX-Current-URL": f"http://localhost{self.at('/salesforce')}"}
        headers = {**HTMX, **current} if htmx else {}
        return self._checked(self.client.post(self.at(path), data=form, headers=headers), htmx)

    def at(self, path: str) -> str:
        """The address of a page of the account that this browser is in."""
        return inside(path, self.account)

    def _checked(self, answer: TestResponse, htmx: bool) -> TestResponse:
        for address in (answer.request.path, answer.location or ""):
            if found := ACCOUNT.match(address):
                self.account = found[1]
        if answer.mimetype != "text/html" or answer.status_code in (204, 301, 302, 303):
            return answer
        tree = parse(answer.text, fragment=htmx)
        check_page(tree, fragment=htmx)
        check_styles(tree)
        self._note_guard(tree)
        return answer

    def _note_guard(self, tree: Element) -> None:
        for field in tree.iter("input"):
            if field.get("name") == "csrf_token":
                self.token = field.get("value", "")
