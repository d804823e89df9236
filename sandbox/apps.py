"""Apps that may ask for access: consumer key, secret and callback URLs."""

import json
from dataclasses import dataclass

from sandbox.storage import Storage


@dataclass(frozen=True)
class ConnectedApp:
    """One registered app, as an External Client App of a vendor or of the customer."""

    client_id: str
    client_secret: str
    name: str
    callback_urls: tuple[str, ...]


class Apps:
    """The registered apps."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def register(self, app: ConnectedApp) -> None:
        """Add an app, or replace the one with the same key."""
        values = (app.client_id, app.client_secret, app.name, json.dumps(app.callback_urls))
        self._storage.run("INSERT OR REPLACE INTO apps VALUES (?, ?, ?, ?)", values)

    def get(self, client_id: str) -> ConnectedApp | None:
        """The app of that consumer key."""
        row = self._storage.one("SELECT * FROM apps WHERE client_id = ?", (client_id,))
        if row is None:
            return None
        urls = tuple(json.loads(row["callback_urls"]))
        return ConnectedApp(row["client_id"], row["client_secret"], row["name"], urls)
