"""A test client that behaves like a browser and checks every page it fetches."""

from __future__ import annotations

import json
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.portal.helpers.markup import check_page, parse

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Visitor:
    """One browser. `get` and `post` return the answer; its page was checked."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = ""
        self.seat = ""

    def sign_in(self, email: str, password: str) -> TestResponse:
        self.get("/sign-in")
        answer = self.post("/sign-in", email=email, password=password)
        if answer.status_code == 303:
            self.get("/salesforce")  # a new session has a new token
        return answer

    def get(self, path: str, *, htmx: bool = False, **headers: str) -> TestResponse:
        return self._checked(self.client.get(path, headers=self._headers(htmx, headers)), htmx)

    def post(self, path: str, *, htmx: bool = False, **form: Any) -> TestResponse:
        """A form with the token that the last page carried."""
        form = {"csrf_token": self.token, "seat": self.seat, **form}
        headers = self._headers(htmx, {"HX-Current-URL": "http://localhost/salesforce"})
        return self._checked(self.client.post(path, data=form, headers=headers), htmx)

    def _headers(self, htmx: bool, more: dict[str, str]) -> dict[str, str]:
        return {**HTMX, "X-Seat": self.seat, **more} if htmx else {}

    def _checked(self, answer: TestResponse, htmx: bool) -> TestResponse:
        if answer.mimetype != "text/html" or answer.status_code in (204, 301, 302, 303):
            return answer
        tree = parse(answer.text, fragment=htmx)
        check_page(tree, fragment=htmx)
        self._note_guard(tree)
        return answer

    def _note_guard(self, tree: Element) -> None:
        for field in tree.iter("input"):
            if field.get("name") == "csrf_token":
                self.token = field.get("value", "")
        for body in tree.iter("body"):
            self.seat = json.loads(body.get("hx-headers:inherited", "{}")).get("X-Seat", "")
