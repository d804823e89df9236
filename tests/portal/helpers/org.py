"""The stand-in org as a test's Salesforce, and a person who logs in there."""

from __future__ import annotations

import html
import re
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx
from flask import Flask
from flask.testing import FlaskClient

from sandbox import ConnectedApp, create_app

ORIGIN = "http://127.0.0.1:9"


class Line(httpx.BaseTransport):
    """The way to the stand-in; `cut` and nobody answers, `stuck` and answers to paths that begin
    so never come, of which a client learns after as many seconds as it cares to wait."""

    def __init__(self, salesforce: Salesforce) -> None:
        self._salesforce = salesforce
        self.cut = False
        self.stuck: str | None = None
        self.waited = 0.0
        self.asked: list[httpx.URL] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        if self.cut:
            raise httpx.ConnectError("the line is cut", request=request)
        if self.stuck is not None and request.url.path.startswith(self.stuck):
            self.waited += request.extensions["timeout"]["read"]
            raise httpx.ReadTimeout("no answer", request=request)
        return httpx.WSGITransport(app=self._salesforce.app).handle_request(request)


class Salesforce:
    """Reached by `http`, as our code does, and by `browse`, as a person does."""

    def __init__(self, folder: Path, client_id: str, secret: str, callback: str) -> None:
        self._folder = folder
        self._product = ConnectedApp(client_id, secret, "UniTalk", (callback,))
        self._making = Lock()
        self._made: Flask | None = None
        self.line = Line(self)
        self.http = httpx.Client(transport=self.line)

    @property
    def app(self) -> Flask:
        """Made when first asked for: most tests never reach Salesforce."""
        with self._making:
            self._made = self._made or create_app(self._folder, apps=[self._product])
            return self._made

    @cached_property
    def browser(self) -> FlaskClient:
        return self.app.test_client()

    def consent(self, address: str, org: str = "", press: str = "allow") -> str:
        """Log in as the first active user (of the org of that name) and press a button.

        Returns the path and query that the browser is sent back to.
        """
        self.browser = self.app.test_client()
        page = self.browser.get(address, base_url=ORIGIN)
        assert page.status_code == 200, page.text
        part = page.text.partition(f"<h2>{org}</h2>")[2] if org else page.text
        form = dict(re.findall(r'name="(carry|org)" value="([^"]*)"', part)[:2])
        user = re.search(r'name="user" value="([^"]*)"', part)
        assert user
        page = self._post("/services/oauth2/login", {**form, "user": user[1]})
        if page.status_code == 200:
            carry = re.search(r'name="carry" value="([^"]*)"', page.text)
            assert carry
            page = self._post("/services/oauth2/consent", {"carry": carry[1], press: "1"})
        assert page.status_code == 302, page.text
        parts = urlsplit(html.unescape(page.location))
        return f"{parts.path}?{parts.query}"

    def control(self, method: str, where: str, /, **body: Any) -> Any:
        """Arrange something in the stand-in: see its own description."""
        answer = self.app.test_client().open(
            f"/__control__{where}", method=method, json=body, base_url=ORIGIN
        )
        assert answer.status_code < 300, answer.text
        return answer.json

    def orgs(self) -> list[str]:
        """Their names."""
        return [org["name"] for org in self.control("GET", "/orgs")]

    def _post(self, path: str, form: dict[str, str]) -> Any:
        return self.browser.post(path, data=form, base_url=ORIGIN)
