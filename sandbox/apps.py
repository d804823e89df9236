"""Apps that may ask for access: consumer key, secret, callback URLs and scopes."""

import json
from dataclasses import dataclass

from sandbox.storage import Storage

DEFAULT_SCOPES = ("api", "id", "refresh_token")
"""Those of the product's package."""


@dataclass(frozen=True)
class ConnectedApp:
    """One registered app, as an External Client App of a vendor or of the customer."""

    client_id: str
    client_secret: str
    name: str
    callback_urls: tuple[str, ...]
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    """It may ask for these and no others."""


class Apps:
    """The registered apps."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def register(self, app: ConnectedApp) -> None:
        """Add an app, or replace the one with the same key."""
        lists = (json.dumps(app.callback_urls), json.dumps(app.scopes))
        self._storage.run(
            "INSERT OR REPLACE INTO apps (client_id, client_secret, name, callback_urls, scopes)"
            " VALUES (?, ?, ?, ?, ?)",
            (app.client_id, app.client_secret, app.name, *lists),
        )

    def get(self, client_id: str) -> ConnectedApp | None:
        """The app of that consumer key."""
        row = self._storage.one("SELECT * FROM apps WHERE client_id = ?", (client_id,))
        if row is None:
            return None
        urls, scopes = (tuple(json.loads(row[name])) for name in ("callback_urls", "scopes"))
        return ConnectedApp(row["client_id"], row["client_secret"], row["name"], urls, scopes)
