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
    client_credentials_user: tuple[str, str] | None = None
    """Org (name or id) and username that the client credentials flow runs as; None: off."""


class Apps:
    """The registered apps."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def register(self, app: ConnectedApp) -> None:
        """Add an app, or replace the one with the same key."""
        lists = (app.callback_urls, app.scopes, app.client_credentials_user)
        self._storage.run(
            "INSERT OR REPLACE INTO apps"
            " (client_id, client_secret, name, callback_urls, scopes, client_credentials_user)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (app.client_id, app.client_secret, app.name, *map(json.dumps, lists)),
        )

    def get(self, client_id: str) -> ConnectedApp | None:
        """The app of that consumer key."""
        row = self._storage.one("SELECT * FROM apps WHERE client_id = ?", (client_id,))
        if row is None:
            return None
        lists = ("callback_urls", "scopes", "client_credentials_user")
        urls, scopes, run_as = (tuple(json.loads(row[name]) or ()) for name in lists)
        known = (row["client_id"], row["client_secret"], row["name"])
        return ConnectedApp(*known, urls, scopes, (run_as[0], run_as[1]) if run_as else None)
