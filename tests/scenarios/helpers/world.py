"""Telephony, our worker and the stand-in org in one process: what a scenario acts in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography.fernet import Fernet
from sqlalchemy import update

from core.config import Config
from core.connecting import connect_without_person
from core.connection import Environment, Flow
from core.intake import Intake, accept
from core.models import CallRow, QueuedCall
from core.policy import Policy
from core.queues import Waker, open_redis
from core.salesforce.http import make_http
from core.store import Store
from core.store.database import utc_now
from core.store.policies import Actor
from sandbox import ConnectedApp, create_app
from worker.deliver import deliver
from worker.runtime import Runtime

STAND_IN = "http://127.0.0.1:9"
CLIENT = "unitalk-client"
SECRET = "unitalk-secret"
OWN_APP = "acme-own-app"


class World:
    """One account, `acme`, connected to the stand-in's org `Acme`."""

    def __init__(self, database_url: str, redis_url: str, folder: Path) -> None:
        self.config = Config(
            database_url=database_url,
            redis_url=redis_url,
            secret_key="s" * 32,
            token_keys=Fernet.generate_key().decode(),
            portal_url="http://127.0.0.1:8",
            salesforce_client_id=CLIENT,
            salesforce_client_secret=SECRET,
            salesforce_login_url=STAND_IN,
            mail_folder=folder / "mail",
        )
        app = create_app(
            folder / "org",
            apps=[ConnectedApp(CLIENT, SECRET, "UniTalk", (self.config.callback_url,))],
            cut_error=lambda: httpx.ReadError("cut"),
        )
        self.http = make_http(httpx.WSGITransport(app=app))
        self.store = Store(database_url, self.config.token_keys)
        self.runtime = Runtime(self.config, self.store, Waker(open_redis(redis_url)), self.http)
        self.account = "acme"
        self.store.accounts.create(self.account, "Acme")

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the stand-in's control API."""
        answer = self.http.request(method, f"{STAND_IN}/__control__{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def connect(self, account: str = "acme", **policy: Any) -> World:
        """As after consent, switched on, with these settings."""
        granted = self.control("POST", "/connections", {"client_id": CLIENT, "org": "Acme"})
        self.store.connections.connected(
            account,
            granted["access_token"],
            granted["refresh_token"],
            org_id=granted["org_id"],
            user_id=granted["user_id"],
            instance_url=granted["instance_url"],
        )
        return self.choose(enabled=True, language="en", **policy)

    def connect_alone(self, secret: str = "own-secret", **policy: Any) -> World:
        """As with an app of the customer's own that runs as Anna, switched on."""
        self.own_app(client_credentials_user={"org": "Acme", "username": "anna@acme.example"})
        self.store.connections.choose(
            self.account,
            flow=Flow.CLIENT_CREDENTIALS,
            environment=Environment.MY_DOMAIN,
            my_domain=STAND_IN,
            client_id=OWN_APP,
            client_secret=secret,
        )
        here = self.runtime
        connect_without_person(self.account, self.store, self.config, self.http, here.waker)
        return self.choose(enabled=True, language="en", **policy)

    def own_app(self, **changed: Any) -> None:
        """Register the customer's own app anew, with these differences."""
        app = {"client_id": OWN_APP, "client_secret": "own-secret", "scopes": ["api", "id"]}
        self.control("POST", "/apps", {**app, **changed})

    def choose(self, **policy: Any) -> World:
        self.store.policies.edit(
            self.account,
            Actor(),
            lambda now: Policy.model_validate({**now.model_dump(), **policy}),
        )
        return self

    def org(self, **settings: Any) -> World:
        """Flip the org's switches."""
        self.control("PATCH", "/orgs/Acme/settings", settings)
        return self

    def plant(self, object_name: str, **fields: Any) -> str:
        """Put a record into the org; returns its id."""
        return str(self.control("POST", f"/orgs/Acme/records/{object_name}", fields)["ids"][0])

    def records(self, object_name: str) -> list[dict[str, Any]]:
        """What the org holds, oldest first."""
        return list(self.control("GET", f"/orgs/Acme/records/{object_name}"))

    def one(self, object_name: str) -> dict[str, Any]:
        records = self.records(object_name)
        assert len(records) == 1, f"{len(records)} × {object_name}"
        return records[0]

    def users(self) -> list[str]:
        """Ids of the org's users: Anna (who connected), Bohdan, Clara."""
        return [one["Id"] for one in self.records("User")]

    def hand_over(self, *events: dict[str, Any]) -> World:
        for event in events:
            assert accept(self.store, self.runtime.waker, self.account, event) is Intake.ACCEPTED
        return self

    def deliver(self) -> World:
        while deliver(self.account, self.runtime):
            pass
        return self

    def call(self, key: int | str) -> CallRow:
        row = self.store.journal.by_key(self.account, str(key))
        assert row, f"no call {key}"
        return row

    def queued(self, key: int | str) -> QueuedCall:
        """What the queue says of a call that is on its way."""
        queued = self.call(key).queued
        assert queued, f"call {key} is settled"
        return queued

    def hurry(self) -> World:
        """As if all calls had waited long enough."""
        with self.store.database.write() as session:
            session.execute(update(QueuedCall).values(due_at=utc_now() - timedelta(seconds=1)))
        return self

    def close(self) -> None:
        self.store.close()
        self.http.close()
