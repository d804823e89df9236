"""What the org looks like: asked of the stand-in once, kept as bytes."""

from __future__ import annotations

import json
import tempfile
from typing import Any

from sandbox import ConnectedApp, create_app

CLIENT_ID = "bench.client"
ORG = "Bench"


class Look:
    """The answers of describes, and of queries about stages, statuses and users."""

    def __init__(self) -> None:
        folder = tempfile.mkdtemp()
        app = create_app(folder, apps=[ConnectedApp(CLIENT_ID, "secret", "Bench", ())])
        self._client = app.test_client()
        self._ask("POST", "/__control__/orgs", {"name": ORG, "settings": {"package": True}})
        asked = {"client_id": CLIENT_ID, "org": ORG}
        granted = self._ask("POST", "/__control__/connections", asked)
        self._headers = {"Authorization": f"Bearer {granted['access_token']}"}
        self.user: str = granted["user_id"]
        """Who connected."""
        self._known: dict[str, bytes] = {}

    def answer(self, url: str) -> bytes:
        """The body for a path of `/services/data/`."""
        if url not in self._known:
            self._known[url] = self._client.get(url, headers=self._headers).data
        return self._known[url]

    def _ask(self, method: str, path: str, body: Any) -> Any:
        answer = self._client.open(path, method=method, json=body)
        assert answer.status_code < 300, answer.text
        return json.loads(answer.data)
