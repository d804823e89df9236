"""The stand-in org behind our client, without a socket."""

from collections.abc import Collection
from typing import Any

import httpx

from core.facts import Facts
from core.policy import Policy
from core.salesforce.client import Access, Client
from core.salesforce.http import make_http
from core.salesforce.lookup import look_up
from core.salesforce.oauth import OAuthApp, refresh
from core.salesforce.shape import read_shape
from sandbox import ConnectedApp, create_app
from tests.core.salesforce.helpers.shapes import TODAY, policy

ORIGIN = "http://127.0.0.1:5003"
CALLBACK = "http://portal.test/callback"
APP = OAuthApp("key-1", "secret-1", ORIGIN, CALLBACK)


class Renewing:
    """A token source that refreshes for real, as a worker's would."""

    def __init__(self, http: httpx.Client, tokens: dict[str, str]) -> None:
        self._http = http
        self.refresh_token = tokens["refresh_token"]
        self.access = Access(tokens["access_token"], tokens["instance_url"], 1)

    def current(self) -> Access:
        return self.access

    def renew(self, stale: Access) -> Access:
        fresh = refresh(APP, self.refresh_token, self._http)
        self.refresh_token = fresh.refresh_token or self.refresh_token
        self.access = Access(fresh.access_token, fresh.instance_url, stale.version + 1)
        return self.access


class StandIn:
    """One org, `Acme`, and our connection to it."""

    def __init__(self, folder: Any) -> None:
        registered = ConnectedApp(APP.client_id, APP.client_secret, "UniTalk", (CALLBACK,))
        self.app = create_app(
            folder, apps=[registered], cut_error=lambda: httpx.RemoteProtocolError("cut")
        )
        self.http = make_http(httpx.WSGITransport(app=self.app))
        self.connection = self.control("POST", "/connections", {"client_id": APP.client_id})
        self.tokens = Renewing(self.http, self.connection)
        self.client = Client(self.tokens, self.http)

    def close(self) -> None:
        self.http.close()
        self.app.extensions["sandbox"].storage.close()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"{ORIGIN}/__control__{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def switch(self, **settings: Any) -> None:
        self.control("PATCH", "/orgs/Acme/settings", settings)

    def fault(self, kind: str, **rule: Any) -> None:
        self.control("POST", "/faults", {"kind": kind, **rule})

    def add(self, object_name: str, **values: Any) -> str:
        found = self.control("POST", f"/orgs/Acme/records/{object_name}", values)
        return str(found["ids"][0])

    def records(self, object_name: str) -> list[dict[str, Any]]:
        return list(self.control("GET", f"/orgs/Acme/records/{object_name}"))

    def look_up(
        self,
        numbers: Collection[str],
        keys: Collection[str] = (),
        ids: Collection[str] = (),
        chosen: Policy | None = None,
    ) -> Facts:
        shape = read_shape(self.client)
        me = self.connection["user_id"]
        chosen = chosen or policy()
        return look_up(self.client, shape, numbers, keys, ids, chosen, me, TODAY, {})
