"""Customers: accounts that are connected, switched on, and whose org's shape is known."""

from __future__ import annotations

from collections.abc import Iterable

from core.org import open_org
from core.policy import Policy
from core.salesforce.http import make_http
from core.store import Store
from core.store.policies import Actor
from tests.bench.house import House


def furnish(house: House, store: Store, accounts: Iterable[str]) -> dict[str, str]:
    """Make the accounts; returns the key of each for the HTTP door."""
    user = house.ask_org("")["user"]
    keys: dict[str, str] = {}
    shape = None
    for account in accounts:
        store.accounts.create(account, account)
        store.policies.edit(account, Actor(), _switched_on)
        keys[account] = store.accounts.issue_key(account)
        store.connections.connected(
            account, access_token=account, refresh_token=account,
            org_id="00D000000000001EAA", user_id=user, instance_url=house.org_url,
        )  # fmt: skip
        if shape is None:
            with make_http() as http:
                open_org(account, store, house.config, http).shape()
            shape = store.shapes.get(account)
            assert shape
            house.ask_org(f"/{account}/forget", {})
        else:
            store.shapes.put(account, *shape)
    return keys


def _switched_on(policy: Policy) -> Policy:
    return policy.model_copy(update={"enabled": True, "language": "en"})
