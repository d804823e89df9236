"""The connection card: connect, disconnect, choose environment and app, switch on and off."""

from __future__ import annotations

from typing import Any

from core.models import Account
from core.policy import Policy
from portal.salesforce.block import Block
from portal.services import config, store


def block(account: Account) -> dict[str, Any]:
    """Variables of `_connection.html`."""
    return {
        "connection": store().connections.get(account.id),
        "policy": store().policies.get(account.id),
        "package_url": config().package_url,
    }


def is_on(account_id: str, policy: Policy) -> bool:
    """Whether the other blocks are shown: connected (also when it needs mending) and on."""
    connection = store().connections.get(account_id)
    return policy.enabled and connection.state != "none"


BLOCK = Block("connection", block)
