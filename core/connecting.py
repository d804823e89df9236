"""Connecting an account to its org after consent, and disconnecting it."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import structlog

from core.config import Config
from core.connection import Connection, ConnectionState
from core.org import open_org
from core.queues import Waker
from core.salesforce.client import Access, Client
from core.salesforce.errors import SalesforceError
from core.salesforce.identity import identity
from core.salesforce.oauth import Tokens, exchange, revoke
from core.salesforce.probe import read_api_probe
from core.store import Store
from core.tokens import app_of

log = structlog.get_logger()


class AnotherOrg(Exception):
    """The consent was given in an org other than before; nothing was changed."""

    def __init__(self, before: str, now: str) -> None:
        super().__init__(f"connected to {before} before, consent came from {now}")
        self.before = before
        self.now = now


@dataclass(frozen=True)
class _Fresh:
    """A token source for tokens that are not stored yet."""

    tokens: Tokens

    def current(self) -> Access:
        return Access(self.tokens.access_token, self.tokens.instance_url, 0)

    def renew(self, stale: Access) -> Access:
        return stale  # a token that is refused within seconds of its birth stays refused


def connect(
    account_id: str,
    code: str,
    code_verifier: str,
    store: Store,
    config: Config,
    http: httpx.Client,
    waker: Waker,
    *,
    replace_org: bool = False,
) -> Connection:
    """Turn an authorization code into a working connection, tried once before it is kept.

    Held calls are delivered afterwards, in order.

    Raises:
        SalesforceError: the code, the app or the API was refused; nothing was changed.
        AnotherOrg: unless `replace_org`; nothing was changed.
    """
    before = store.connections.get(account_id)
    old = store.connections.tokens(account_id)
    app = app_of(before, store, config)
    tokens = exchange(app, code, code_verifier, http)
    try:
        who = identity(tokens, http)
        client = Client(_Fresh(tokens), http)
        org_name = read_api_probe(client)
        if before.org_id and before.org_id != who.org_id and not replace_org:
            raise AnotherOrg(before.org_name or before.org_id, org_name or who.org_id)
    except (SalesforceError, AnotherOrg):
        _revoke(app.login_url, tokens.refresh_token or tokens.access_token, http)
        raise
    store.connections.connected(
        account_id,
        tokens.access_token,
        tokens.refresh_token or "",
        org_id=who.org_id,
        org_name=org_name,
        user_id=who.user_id,
        user_name=who.display_name,
        username=who.username,
        instance_url=tokens.instance_url,
    )
    store.shapes.forget(account_id)
    if old and old.refresh_token:
        # Salesforce keeps five approvals per user and app; a forgotten one takes up a place.
        _revoke(app.login_url, old.refresh_token, http)
    _learn_shape(account_id, store, config, http)
    store.ledger.unhold(account_id)
    waker.wake(account_id)
    return store.connections.get(account_id)


def disconnect(account_id: str, store: Store, config: Config, http: httpx.Client) -> bool:
    """Revoke the tokens at Salesforce, then wipe them. False when the revoking failed: they are
    wiped all the same, and the customer is told to look in Salesforce."""
    connection = store.connections.get(account_id)
    tokens = store.connections.tokens(account_id)
    revoked = True
    if tokens is not None and connection.state is not ConnectionState.NONE:
        app = app_of(connection, store, config)
        revoked = _revoke(app.login_url, tokens.refresh_token or tokens.access_token, http)
    store.connections.disconnected(account_id)
    store.shapes.forget(account_id)
    return revoked


def _revoke(login_url: str, token: str, http: httpx.Client) -> bool:
    try:
        revoke(login_url, token, http)
    except SalesforceError as error:
        log.warning("token not revoked", error=error.code)
        return False
    return True


def _learn_shape(account_id: str, store: Store, config: Config, http: httpx.Client) -> None:
    try:
        open_org(account_id, store, config, http).shape()
    except SalesforceError as error:  # the page and the first delivery ask again
        log.warning("org not described yet", account=account_id, error=error.code)
