"""The customers: accounts of ours, each connected to an org of the stand-in's."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx

from core.connection import ConnectionState
from core.policy import MissedCallRow, Overdue, Policy
from core.store import Store
from core.store.policies import Actor
from tests.chaos.house import CLIENT_ID, House
from tests.chaos.options import Options


class Orgs:
    """Prepares the accounts; reconnects them as a customer would."""

    def __init__(self, options: Options, house: House, store: Store) -> None:
        self._options = options
        self._store = store
        self._control = httpx.Client(base_url=f"{house.org_url}/__control__", timeout=60)
        self.accounts = [f"chaos{number}" for number in range(options.accounts)]
        self.keys: dict[str, str] = {}
        self.revoked: set[str] = set()
        self.reconnects = 0

    def prepare(self) -> None:
        for number, account in enumerate(self.accounts):
            package = self._options.packages and number % 2 == 0
            users = [
                {"LastName": name, "Username": f"{name}@{account}.example"}
                for name in ("admin", "other")
            ]
            org = {"name": account, "users": users, "settings": {"package": package}}
            self.ask("POST", "/orgs", org)
            self._store.accounts.create(account, account)
            owner = self._store.accounts.add_person(f"owner@{account}.example", account)
            self._store.accounts.join(account, owner.id, "owner")
            ids = [one["Id"] for one in self.records(account, "User")]
            self._store.policies.edit(account, Actor(), partial(_switched_on, ids))
            self.keys[account] = self._store.accounts.issue_key(account)
            self.connect(account)

    def connect(self, account: str) -> None:
        """Consent anew."""
        granted = self.ask("POST", "/connections", {"client_id": CLIENT_ID, "org": account})
        self._store.connections.connected(
            account,
            granted["access_token"],
            granted["refresh_token"],
            org_id=granted["org_id"],
            user_id=granted["user_id"],
            instance_url=granted["instance_url"],
        )

    def reconnect_the_dead(self) -> None:
        """The owners read their mail."""
        for account in self.accounts:
            if self._store.connections.get(account).state is ConnectionState.DEAD:
                self.connect(account)
                self.reconnects += 1

    def revoke(self, account: str) -> None:
        """An administrator revokes our access."""
        self.ask("POST", f"/orgs/{account}/revoke")
        self.revoked.add(account)

    def hang(self, account: str, times: int | None = None) -> None:
        """None of its next requests is answered: so many, or whatever comes."""
        self.ask("POST", "/faults", {"kind": "hang", "org": account, "times": times, "seconds": 9})

    def hung(self) -> list[int]:
        """How many requests each org got no answer to."""
        return [one["struck"] for one in self.ask("GET", "/faults") if one["kind"] == "hang"]

    def answer_again(self) -> None:
        self.ask("DELETE", "/faults")

    def records(self, account: str, object_name: str) -> list[dict[str, Any]]:
        """What the org holds, in the order of creation: ids only grow."""
        found = self.ask("GET", f"/orgs/{account}/records/{object_name}")
        return sorted(found, key=lambda record: record["Id"])

    def counters(self, account: str) -> dict[str, int]:
        return self.ask("GET", f"/orgs/{account}/counters")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._control.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json()


def _switched_on(users: list[str], policy: Policy) -> Policy:
    """Missed calls are somebody's, and another's at the first look: the calls are old."""
    table = (MissedCallRow(id=0, external_line="", user_ids=tuple(users)),)
    chosen = {"enabled": True, "missed_calls": table, "overdue": Overdue.HAND_OVER}
    return policy.model_copy(update={**chosen, "language": "en"})
