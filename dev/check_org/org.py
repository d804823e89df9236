"""The org under examination: the product's client, plain requests, and the count of both."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import httpx

from core.facts import OrgShape
from core.policy import Policy
from core.salesforce.client import Client
from core.salesforce.composite import Row, query_path, rows_of
from core.salesforce.errors import RecordRefused
from core.salesforce.http import WORKER, Answer, send
from core.salesforce.shape import ask_shape, shape_of
from core.salesforce.translate import rest_error
from dev.check_org.login import Login

MARK = "UniTalk check-org"
"""Stands in the name or subject of every row that is written, so that each can be found."""


class Org:
    """Not shared between threads. `calls` counts the API calls of this run."""

    def __init__(
        self,
        login: Login,
        http: httpx.Client,
        patience: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`patience`: seconds to wait for the search index. `http` is ours alone from now on.
        `sleep` waits, in seconds, for what the org does after a write."""
        self.login = login
        self.http = http
        self.patience = patience
        self.sleep = sleep
        self.client = Client(login, http)
        self.calls = 0
        self.written: list[str] = []
        """Ids of what we created: a rule of the org may put a row out of our sight."""
        self.run = secrets.token_hex(3)
        self.policy = Policy(enabled=True)
        http.event_hooks = {"request": [self._count]}

    def mark(self, name: str) -> str:
        """What the rows of one assertion are called: `UniTalk check-org 1f9a3c sixteen_ids`."""
        return f"{MARK} {self.run} {name}"

    @cached_property
    def shape(self) -> OrgShape:
        return shape_of(self.client, self.described)

    @cached_property
    def described(self) -> Mapping[str, Any]:
        """The bodies of the composite that `shape` is read from, by object, or `stages` …; a
        `SalesforceError` in place of a refused one."""
        return ask_shape(self.client)

    def named(self, key: str) -> str:
        """A field of our package as it is called in this org."""
        return self.shape.named(key)

    @cached_property
    def user_id(self) -> str:
        """Who is logged in. Source: REST guide, "Resources by Version": `identity`."""
        return self.identity_url.rpartition("/")[2]

    @cached_property
    def identity_url(self) -> str:
        return str(self.client.request("GET", "/")["identity"])

    def query(self, soql: str) -> list[Row]:
        """Raises what `core.salesforce.errors` lists."""
        return rows_of(self.client, self.client.request("GET", query_path(soql)))

    def send(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A request that the product never sends so, and its answer or refusal. Raises what
        `core.salesforce.errors` lists but `RecordRefused`."""
        answer = self.answer(method, path, body, headers)
        error = rest_error(answer.status, answer.body) if answer.status >= 400 else None
        if error and not isinstance(error, RecordRefused):
            raise error
        return answer

    def answer(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The same, whatever is answered. Raises `Transient` when nothing is."""
        access = self.login.current()
        full = path if path.startswith("/services/") else self.client.base + path
        given = {"Authorization": f"Bearer {access.token}", **(headers or {})}
        url = access.instance_url + full
        return send(self.http, method, url, headers=given, patience=WORKER, json_body=body)

    def _count(self, request: httpx.Request) -> None:
        self.calls += request.url.path.startswith(("/services/data/v", "/services/Soap/"))
