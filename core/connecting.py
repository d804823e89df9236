"""Connecting an account to its org, by a person's consent or an app alone, and disconnecting it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import httpx
import structlog

from core import reasons
from core.config import Config
from core.connection import Connection, ConnectionState, Flow, StoredTokens
from core.queues import Waker
from core.salesforce.client import Access, Client
from core.salesforce.errors import ConnectionDead, SalesforceError
from core.salesforce.http import TOKEN
from core.salesforce.identity import Identity, identity
from core.salesforce.oauth import OAuthApp, Tokens, client_credentials, exchange, revoke
from core.salesforce.probe import read_api_probe
from core.secrets import CannotUnseal
from core.store import Store
from core.store.counters import api_requests
from core.tokens import app_of

log = structlog.get_logger()


class AnotherOrg(Exception):
    """Access was given to an org other than before; nothing was changed.

    `before` and `now` are names, `now_id` is the id to confirm.
    """

    def __init__(self, before: str, now: str, now_id: str) -> None:
        super().__init__(f"connected to {before} before, access is to {now}")
        self.before = before
        self.now = now
        self.now_id = now_id


@dataclass(frozen=True)
class _Fresh:
    """A token source for tokens that are not stored yet."""

    tokens: Tokens

    def current(self) -> Access:
        return Access(self.tokens.access_token, self.tokens.instance_url, 0)

    def renew(self, stale: Access) -> Access:
        return stale  # a token that is refused within seconds of its birth stays refused


def app_to_connect(connection: Connection, store: Store, config: Config) -> OAuthApp:
    """The app that access is asked for. Raises ConnectionDead when its secret was sealed by a
    key that TOKEN_KEYS has lost: only the customer can enter it again."""
    try:
        return app_of(connection, store, config)
    except CannotUnseal as lost:
        raise ConnectionDead("", cause=reasons.connection.secret_unreadable) from lost


def connect(
    account_id: str,
    code: str,
    code_verifier: str,
    store: Store,
    config: Config,
    http: httpx.Client,
    waker: Waker,
    *,
    confirmed_org: str = "",
) -> Connection:
    """Turn an authorization code into a working connection, tried once before it is kept.

    Held calls are delivered afterwards, in order. `confirmed_org` is the id of the org that the
    person agreed to move to.

    Raises:
        SalesforceError: the code, the app or the API was refused, or another way to connect was
            chosen meanwhile; nothing was changed.
        AnotherOrg: than before and than `confirmed_org`; nothing was changed.
    """
    before = store.connections.get(account_id)
    tokens = exchange(app_to_connect(before, store, config), code, code_verifier, http)
    if not tokens.refresh_token:
        _revoke(tokens.instance_url, tokens.access_token, http)
        raise ConnectionDead("", http_status=200, cause=reasons.connection.no_refresh_token)
    return _take(before, tokens, {"flow": Flow.CONSENT}, store, http, waker, confirmed_org)


def connect_without_person(
    account_id: str,
    store: Store,
    config: Config,
    http: httpx.Client,
    waker: Waker,
    *,
    client_secret: str = "",
    confirmed_org: str = "",
) -> Connection:
    """The same with the customer's own app, whose key and secret are all it takes.

    `client_secret` replaces the one that is kept, once it has worked. Raises as `connect` does.
    """
    before = store.connections.get(account_id)
    app = app_to_connect(before, store, config)
    app = replace(app, client_secret=client_secret or app.client_secret)
    tokens = client_credentials(app, http)
    chosen: dict[str, str] = {"flow": Flow.CLIENT_CREDENTIALS}
    if client_secret:
        chosen["client_secret"] = client_secret
    return _take(before, tokens, chosen, store, http, waker, confirmed_org)


def _take(
    before: Connection,
    tokens: Tokens,
    chosen: Mapping[str, str],
    store: Store,
    http: httpx.Client,
    waker: Waker,
    confirmed_org: str,
) -> Connection:
    """Keep tokens that work, and what they were got with. Raises as `connect` does."""
    account_id = before.account_id
    old = _readable_tokens(account_id, store)
    try:
        who, org_name = _try(tokens, store, http)
        _check_org(before, who, org_name, confirmed_org)
    except (SalesforceError, AnotherOrg):
        _revoke(tokens.instance_url, tokens.refresh_token or tokens.access_token, http)
        raise
    is_kept = store.connections.connected(
        account_id,
        tokens.access_token,
        tokens.refresh_token or "",
        before,
        org_id=who.org_id,
        org_name=org_name,
        user_id=who.user_id,
        user_name=who.display_name,
        username=who.username,
        instance_url=tokens.instance_url,
        **chosen,
    )
    if not is_kept:
        _revoke(tokens.instance_url, tokens.refresh_token or tokens.access_token, http)
        raise ConnectionDead("", http_status=200, cause=reasons.connection.chosen_otherwise)
    waker.wake(account_id)
    if old and old.refresh_token:
        # Salesforce keeps five approvals per user and app; a forgotten one takes up a place.
        _revoke(old.instance_url, old.refresh_token, http)
    return store.connections.get(account_id)


def disconnect(account_id: str, store: Store, http: httpx.Client) -> bool:
    """Revoke the tokens at Salesforce, then wipe them. False when the revoking failed, or no key
    opens them any more: they are wiped all the same, and the customer is told to look in
    Salesforce."""
    connection = store.connections.get(account_id)
    revoked = True
    if connection.state is not ConnectionState.NONE:
        tokens = _readable_tokens(account_id, store)
        revoked = tokens is not None and _revoke(
            tokens.instance_url, tokens.refresh_token or tokens.access_token, http
        )
    store.connections.disconnected(account_id)
    return revoked


def _try(tokens: Tokens, store: Store, http: httpx.Client) -> tuple[Identity, str]:
    """Whose access it is, and the org's name. A person waits for it, so with short patience."""
    who = identity(tokens, http, TOKEN)
    client = Client(_Fresh(tokens), http, patience=TOKEN)
    try:
        return who, read_api_probe(client)
    finally:
        store.counters.add(api_requests(client.seconds))


def _check_org(before: Connection, who: Identity, org_name: str, confirmed: str) -> None:
    """Raises AnotherOrg."""
    if before.org_id and who.org_id not in (before.org_id, confirmed):
        raise AnotherOrg(before.org_name or before.org_id, org_name or who.org_id, who.org_id)


def _readable_tokens(account_id: str, store: Store) -> StoredTokens | None:
    """None also when no key of TOKEN_KEYS opens them: then there is nothing we could revoke."""
    try:
        return store.connections.tokens(account_id)
    except CannotUnseal:
        log.warning("tokens cannot be read", account=account_id)
        return None


def _revoke(instance_url: str, token: str, http: httpx.Client) -> bool:
    """At the org that gave the token: no other host is shown it, and no other knows it."""
    try:
        revoke(instance_url, token, http)
    except SalesforceError as error:
        log.warning("token not revoked", error=error.code)
        return False
    return True
