"""One connection's tokens, renewed by one process at a time, on however many machines.

Salesforce rotates refresh tokens and disconnects whoever presents an old one, so only the holder
of the refresh lease may present it, and the new one is committed before anybody uses it. An app
that connects without a person asks under the same lease: once, however many wait.
"""

from __future__ import annotations

import time

import httpx
import structlog

from core import reasons
from core.config import Config
from core.connection import Connection, ConnectionState, Environment, Flow, StoredTokens
from core.salesforce.client import Access
from core.salesforce.errors import ConnectionDead, SalesforceError, Transient
from core.salesforce.hosts import SANDBOX_LOGIN
from core.salesforce.identity import identity
from core.salesforce.oauth import OAuthApp, Tokens, client_credentials, refresh, revoke
from core.secrets import CannotUnseal
from core.store import Store
from core.store.database import DATABASE_AWAY
from core.store.refreshes import RefreshLease

log = structlog.get_logger()

SECONDS_TO_WAIT_FOR_ANOTHER = 70
"""Longer than a refresh lease (60 s) and SECONDS_FOR_THE_LATE: by then the other one is done, or
dead and its lease is ours."""
SECONDS_TO_KEEP_NEW_TOKENS = 300
SECONDS_TO_TRY = 30
"""No try at a renewal begins later than this, so that the last one (20 s at most, `TOKEN`) ends
within the lease. Salesforce answers "already being processed" to one that meets another; it
passes."""
SECONDS_FOR_THE_LATE = 3.0
"""Who takes over a lease that ran out waits so long before it presents the refresh token: the one
before may hold the next token already and be waiting for the database, which is back now."""


def app_of(connection: Connection, store: Store, config: Config) -> OAuthApp:
    """The app an account connects through: the customer's own, else the product's."""
    own = bool(connection.client_id)
    return OAuthApp(
        client_id=connection.client_id if own else config.salesforce_client_id,
        client_secret=(
            store.connections.client_secret(connection.account_id)
            if own
            else config.salesforce_client_secret
        ),
        login_url=login_url(connection.environment, connection.my_domain, config),
        redirect_uri=config.callback_url,
    )


def login_url(environment: Environment, my_domain: str, config: Config) -> str:
    """Where people of this environment log in."""
    return {
        Environment.PRODUCTION: config.salesforce_login_url,
        Environment.SANDBOX: config.stand_in or SANDBOX_LOGIN,
        Environment.MY_DOMAIN: my_domain,
    }[environment]


class AccountTokens:
    """A `TokenSource` over the store."""

    def __init__(self, account_id: str, store: Store, config: Config, http: httpx.Client) -> None:
        self._account_id = account_id
        self._store = store
        self._config = config
        self._http = http
        self._known: Access | None = None

    def current(self) -> Access:
        """As read first: should others have renewed it since, Salesforce refuses it."""
        self._known = self._known or _access(self._tokens())
        return self._known

    def renew(self, stale: Access) -> Access:
        """Access newer than `stale`: another's renewal, or our own."""
        self._known = self._renew(stale)
        return self._known

    def _renew(self, stale: Access) -> Access:
        give_up = time.monotonic() + SECONDS_TO_WAIT_FOR_ANOTHER
        while time.monotonic() < give_up:
            tokens = self._tokens()
            if tokens.version > stale.version:
                return _access(tokens)
            lease = self._store.refreshes.take_lease(self._account_id, tokens.version)
            if lease:
                return self._renew_under(lease, stale)
            time.sleep(0.2)
        raise Transient("REFRESH_BUSY", "another process is renewing the connection")

    def _renew_under(self, lease: RefreshLease, stale: Access) -> Access:
        try:
            if lease.taken_over:
                self._wait_for_the_late(stale)
            # Read again under the lease: what was read before it may be rotated out by now.
            tokens = self._tokens()
            if tokens.version > stale.version:
                return _access(tokens)
            fresh = self._refresh_unless_refused(tokens)
        except BaseException:
            self._store.refreshes.failed(self._account_id, lease.token)
            raise
        self._keep(tokens, fresh)
        return _access(self._tokens())

    def _wait_for_the_late(self, stale: Access) -> None:
        """Until whoever had the lease has kept newer tokens, or had time enough to do so."""
        give_up = time.monotonic() + SECONDS_FOR_THE_LATE
        while self._tokens().version == stale.version and time.monotonic() < give_up:
            time.sleep(0.2)

    def _keep(self, presented: StoredTokens, fresh: Tokens) -> None:
        """Commit the new tokens. They are the only ones left, so a database that is away is asked
        again and again; a commit whose answer was lost leaves nothing to do the second time."""
        refresh_token = fresh.refresh_token or presented.refresh_token
        give_up = time.monotonic() + SECONDS_TO_KEEP_NEW_TOKENS
        while True:
            try:
                kept = self._store.refreshes.renewed(
                    self._account_id,
                    presented.version,
                    fresh.access_token,
                    refresh_token,
                    fresh.instance_url,
                )
                break
            except DATABASE_AWAY as away:
                if time.monotonic() > give_up:
                    raise
                log.warning("new tokens not kept yet", error=type(away).__name__)
                time.sleep(0.5)
        if kept:
            log.info("connection renewed", account=self._account_id)
        elif self._store.connections.tokens(self._account_id) is None:
            self._give_back(fresh.instance_url, refresh_token or fresh.access_token)

    def _give_back(self, instance_url: str, token: str) -> None:
        """Somebody disconnected meanwhile, and could revoke only what was known then."""
        try:
            revoke(instance_url, token, self._http)
        except SalesforceError as error:
            log.warning("token not revoked", account=self._account_id, error=error.code)

    def _refresh_unless_refused(self, tokens: StoredTokens) -> Tokens:
        """A refusal is written down before the lease is let go: whoever waits for it must not
        present the refused token once more."""
        connections = self._store.connections
        now = connections.get(self._account_id)
        if now.state is ConnectionState.DEAD:
            said = now.reason.params
            raise ConnectionDead(
                said.get("code", ""), said.get("message", ""), cause=lambda _: now.reason
            )
        try:
            return self._refresh(tokens)
        except ConnectionDead as dead:
            connections.died(self._account_id, dead.reason, now.connected_at)
            raise

    def _refresh(self, tokens: StoredTokens) -> Tokens:
        connection = self._store.connections.get(self._account_id)
        alone = connection.flow is Flow.CLIENT_CREDENTIALS
        if not alone and not tokens.refresh_token:
            raise ConnectionDead(
                "invalid_grant", "no refresh token", cause=reasons.connection.refresh_refused
            )
        try:
            app = app_of(connection, self._store, self._config)
        except CannotUnseal as lost:
            raise ConnectionDead("", cause=reasons.connection.secret_unreadable) from lost
        give_up = time.monotonic() + SECONDS_TO_TRY
        pause = 0.5
        while True:
            try:
                if alone:
                    return self._by_app(app, connection)
                return refresh(app, tokens.refresh_token, self._http)
            except Transient:
                if time.monotonic() + pause > give_up or pause > 4:
                    raise
                time.sleep(pause)
                pause *= 2

    def _by_app(self, app: OAuthApp, connection: Connection) -> Tokens:
        """Whom the app acts as, the customer's admin may have changed since; another org nobody
        confirmed yet."""
        fresh = client_credentials(app, self._http)
        org_id, user_id = fresh.whose
        if org_id and org_id != connection.org_id:
            before = connection.org_name or connection.org_id
            moved = reasons.connection.another_org(before=before, now=org_id)
            raise ConnectionDead("", http_status=200, cause=lambda _: moved)
        if user_id and user_id != connection.user_id:
            self._recognise(fresh)
        return fresh

    def _recognise(self, fresh: Tokens) -> None:
        try:
            who = identity(fresh, self._http)
        except SalesforceError as error:  # the next renewal asks again
            log.warning("user not known yet", account=self._account_id, error=error.code)
            return
        self._store.connections.choose(
            self._account_id,
            user_id=who.user_id,
            user_name=who.display_name,
            username=who.username,
        )
        self._store.shapes.forget(self._account_id)  # this one may see other fields

    def _tokens(self) -> StoredTokens:
        try:
            tokens = self._store.connections.tokens(self._account_id)
        except CannotUnseal as lost:
            raise ConnectionDead("", cause=reasons.connection.keys_lost) from lost
        if tokens is None:
            raise ConnectionDead(
                "no_tokens", "not connected", cause=reasons.connection.refresh_refused
            )
        return tokens


def _access(tokens: StoredTokens) -> Access:
    return Access(tokens.access_token, tokens.instance_url, tokens.version)
