"""A Salesforce that answers what a test tells it to, over httpx's own mock transport."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from core.salesforce.client import API_VERSION, Access, Client
from core.salesforce.http import make_http

INSTANCE = "https://acme.my.salesforce.com"
BASE = f"/services/data/v{API_VERSION}"

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Salesforce:
    """Gives its answers in turn, the last one for ever, and keeps the requests."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.http = make_http(httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return answer(request)

    def body(self, place: int = -1) -> Any:
        return json.loads(self.requests[place].content)

    def form(self, place: int = -1) -> dict[str, str]:
        pairs = parse_qs(self.requests[place].content.decode())
        return {name: values[0] for name, values in pairs.items()}


class Tokens:
    """A token source whose every renewal gives the next token."""

    def __init__(self) -> None:
        self.access = Access("token-1", INSTANCE, 1)
        self.stale: list[Access] = []

    def current(self) -> Access:
        return self.access

    def renew(self, stale: Access) -> Access:
        self.stale.append(stale)
        number = stale.version + 1
        self.access = Access(f"token-{number}", INSTANCE, number)
        return self.access


def client_of(salesforce: Salesforce) -> Client:
    return Client(Tokens(), salesforce.http)


def ok(body: object, **headers: str) -> httpx.Response:
    return httpx.Response(200, json=body, headers=headers)


def refused(
    code: str, message: str = "", status: int = 400, fields: tuple[str, ...] = ()
) -> httpx.Response:
    body = [{"errorCode": code, "message": message, "fields": list(fields)}]
    return httpx.Response(status, json=body)


def composite(*bodies: object) -> Callable[[httpx.Request], httpx.Response]:
    """Answers a composite read: a body for each subrequest; an `httpx.Response` keeps its own
    status."""

    def answer(request: httpx.Request) -> httpx.Response:
        parts = []
        for asked, body in zip(
            json.loads(request.content)["compositeRequest"], bodies, strict=True
        ):
            status = 200
            if isinstance(body, httpx.Response):
                status, body = body.status_code, body.json()
            parts.append(
                {
                    "referenceId": asked["referenceId"],
                    "httpStatusCode": status,
                    "httpHeaders": {},
                    "body": body,
                }
            )
        return ok({"compositeResponse": parts})

    return answer


def rows(*records: dict[str, Any]) -> dict[str, Any]:
    return {"totalSize": len(records), "done": True, "records": list(records)}


def queries(request_body: dict[str, Any]) -> list[str]:
    """The SOQL of each query in a composite request."""
    found = []
    for part in request_body["compositeRequest"]:
        url = urlsplit(part["url"])
        if url.path.rstrip("/").endswith("/query"):
            found.append(parse_qs(url.query)["q"][0])
    return found
