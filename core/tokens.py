"""One connection's tokens, renewed by one process at a time, on however many machines.

Salesforce rotates refresh tokens and disconnects whoever presents an old one, so only the holder
of the refresh lease may present it, and the new one is committed before anybody uses it.
"""

from __future__ import annotations

import time

import httpx
import structlog
from sqlalchemy.exc import DBAPIError

from core.config import Config
from core.connection import Connection, Environment, StoredTokens
from core.salesforce.client import Access
from core.salesforce.errors import ConnectionDead, Transient
from core.salesforce.oauth import OAuthApp, Tokens, refresh
from core.store import Store

log = structlog.get_logger()

SECONDS_TO_WAIT_FOR_ANOTHER = 65
"""Longer than a refresh lease: by then the other one is done, or dead and its lease is ours."""
SECONDS_TO_KEEP_NEW_TOKENS = 300
SECONDS_TO_TRY = 30
"""No try begins later than this, so that the last one (20 s at most) ends within the lease.
"""
"""Salesforce answers "already being processed" to a refresh that meets another; it passes."""


def app_of(connection: Connection, store: Store, config: Config) -> OAuthApp:
    """The app an account connects through: the customer's own, else the product's."""
    login = {
        Environment.PRODUCTION: config.salesforce_login_url,
        Environment.SANDBOX: config.stand_in or "https://test.salesforce.com",
        Environment.MY_DOMAIN: connection.my_domain,
    }[connection.environment]
    own = bool(connection.client_id)
    return OAuthApp(
        client_id=connection.client_id if own else config.salesforce_client_id,
        client_secret=(
            store.connections.client_secret(connection.account_id)
            if own
            else config.salesforce_client_secret
        ),
        login_url=login,
        redirect_uri=config.callback_url,
    )


class AccountTokens:
    """A `TokenSource` over the store."""

    def __init__(self, account_id: str, store: Store, config: Config, http: httpx.Client) -> None:
        self._account_id = account_id
        self._store = store
        self._config = config
        self._http = http

    def current(self) -> Access:
        return _access(self._tokens())

    def renew(self, stale: Access) -> Access:
        """Access newer than `stale`: another's renewal, or our own."""
        give_up = time.monotonic() + SECONDS_TO_WAIT_FOR_ANOTHER
        while time.monotonic() < give_up:
            tokens = self._tokens()
            if tokens.version > stale.version:
                return _access(tokens)
            lease = self._store.connections.take_refresh_lease(self._account_id, tokens.version)
            if lease:
                return self._renew_under(lease)
            time.sleep(0.2)
        raise Transient("REFRESH_BUSY", "another process is renewing the connection")

    def _renew_under(self, lease: str) -> Access:
        # Read again under the lease: what was read before it may be rotated out by now.
        tokens = self._tokens()
        try:
            fresh = self._refresh(tokens)
        except BaseException:
            self._store.connections.drop_refresh_lease(self._account_id, lease)
            raise
        kept = fresh.refresh_token or tokens.refresh_token
        self._keep(lease, fresh, kept)
        log.info("connection renewed", account=self._account_id)
        return self.current()

    def _keep(self, lease: str, fresh: Tokens, refresh_token: str) -> None:
        """Commit the new tokens. They are the only ones left, so a database that is away is asked
        again and again; a commit whose answer was lost leaves nothing to do the second time."""
        give_up = time.monotonic() + SECONDS_TO_KEEP_NEW_TOKENS
        while True:
            try:
                self._store.connections.refreshed(
                    self._account_id, lease, fresh.access_token, refresh_token, fresh.instance_url
                )
                return
            except DBAPIError as away:
                if time.monotonic() > give_up:
                    raise
                log.warning("new tokens not kept yet", error=type(away).__name__)
                time.sleep(0.5)

    def _refresh(self, tokens: StoredTokens) -> Tokens:
        if not tokens.refresh_token:
            raise ConnectionDead("invalid_grant", "no refresh token", cause="refresh_refused")
        connection = self._store.connections.get(self._account_id)
        app = app_of(connection, self._store, self._config)
        give_up = time.monotonic() + SECONDS_TO_TRY
        pause = 0.5
        while True:
            try:
                return refresh(app, tokens.refresh_token, self._http)
            except Transient:
                if time.monotonic() + pause > give_up or pause > 4:
                    raise
                time.sleep(pause)
                pause *= 2

    def _tokens(self) -> StoredTokens:
        tokens = self._store.connections.tokens(self._account_id)
        if tokens is None:
            raise ConnectionDead("no_tokens", "not connected", cause="refresh_refused")
        return tokens


def _access(tokens: StoredTokens) -> Access:
    return Access(tokens.access_token, tokens.instance_url, tokens.version)
