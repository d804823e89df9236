"""Carries REST requests: the token, one renewal, the API version, the count of API calls."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from core.salesforce.errors import SessionExpired, Transient, Unreachable
from core.salesforce.http import WORKER, Answer, Patience, send
from core.salesforce.translate import rest_error, unknown_version

API_VERSION = "66.0"
"""Why this one: docs/decisions/0011-api-version.md."""
_IN_EVERY_VERSION = ("/composite", "/query")
"""Resources that are there wherever the version is (REST guide, "Resources by Version")."""
MOVED = "MOVED"
_USAGE = re.compile(r"api-usage=(\d{1,9})/(\d{1,9})(?!\d)")


@dataclass(frozen=True)
class Access:
    """A token and where to use it. `version` grows with each renewal."""

    token: str = field(repr=False)
    instance_url: str
    version: int


class TokenSource(Protocol):
    """Keeps one connection's tokens; several clients may share it."""

    def current(self) -> Access: ...

    def renew(self, stale: Access) -> Access:
        """Access newer than `stale`: somebody else's renewal, or our own. Raises `Transient`,
        `Paused` or `ConnectionDead`."""
        ...


@dataclass(frozen=True)
class ApiLimit:
    """API calls in the org's rolling 24 hours, everybody's (header `Sforce-Limit-Info`)."""

    used: int
    allowed: int


class Client:
    """Speaks REST for one connection. Not shared between threads.

    `calls` counts the requests sent, `seconds` has what each took and is for others to empty;
    `limit` is what the last answer said of the org's quota.
    """

    def __init__(
        self,
        source: TokenSource,
        http: httpx.Client,
        api_version: str = API_VERSION,
        patience: Patience = WORKER,
        permit: Callable[[], None] | None = None,
    ) -> None:
        """`permit` is asked right before each request, and raises when it may not be sent."""
        self._source = source
        self._permit = permit
        self._http = http
        self._patience = patience
        self.base = f"/services/data/v{api_version}"
        self.calls = 0
        self.seconds: list[float] = []
        self.limit: ApiLimit | None = None

    def request(self, method: str, path: str, json: Any = None) -> Any:
        """The parsed body of a success; None for an empty one (204).

        `path` follows `/services/data/vNN.0`, or starts with `/services/` as in
        `nextRecordsUrl`. Raises what `errors` lists; a second 401 is `SessionExpired`.
        """
        access = self._source.current()
        try:
            return self._send(access, method, path, json)
        except SessionExpired:
            access = self._source.renew(access)
        except Unreachable as away:
            access = self._moved(access, away)
        try:
            return self._send(access, method, path, json)
        except SessionExpired as again:
            if again.code == MOVED:  # maintenance redirects, too; it says nothing of our access
                raise Transient(MOVED, http_status=again.http_status) from again
            raise

    def _moved(self, stale: Access, away: Unreachable) -> Access:
        """Access at the org's new address: the old one of a renamed My Domain is gone in the end.
        Raises `away` when it has no other address."""
        access = self._source.renew(stale)
        if access.instance_url == stale.instance_url:
            raise away
        return access

    def _send(self, access: Access, method: str, path: str, json: Any) -> Any:
        if not path.startswith("/"):
            # Anything else could turn the host of `instance_url` into another one.
            raise Transient("BAD_PATH", path)
        full = path if path.startswith("/services/") else self.base + path
        if self._permit:
            self._permit()
        self.calls += 1
        began = time.monotonic()
        try:
            answer = send(
                self._http,
                method,
                access.instance_url + full,
                headers={"Authorization": f"Bearer {access.token}", "Accept": "application/json"},
                patience=self._patience,
                json_body=json,
            )
        finally:
            self.seconds.append(time.monotonic() - began)
        self._note_limit(answer)
        if answer.status == 410 or (answer.status == 404 and path.startswith(_IN_EVERY_VERSION)):
            raise unknown_version(answer.status, answer.body)
        return _body_or_error(answer)

    def _note_limit(self, answer: Answer) -> None:
        if usage := _USAGE.search(answer.headers.get("Sforce-Limit-Info", "")):
            self.limit = ApiLimit(used=int(usage[1]), allowed=int(usage[2]))


def _body_or_error(answer: Answer) -> Any:
    if answer.status == 204:
        return None
    if answer.status in (301, 302, 303, 307, 308):
        # A renamed My Domain redirects; a renewed token brings the new instance address.
        raise SessionExpired(MOVED, http_status=answer.status)
    if answer.status in (200, 201) and answer.body is not None:
        return answer.body
    raise rest_error(answer.status, answer.body)
