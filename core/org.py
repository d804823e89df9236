"""An account's org: what it looks like, what it holds, and writing into it. Counts API calls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import structlog

from core.config import Config
from core.facts import Facts, OrgShape
from core.plan import Plan, Receipt
from core.policy import Policy
from core.salesforce import lookup, write
from core.salesforce.client import Client
from core.salesforce.http import Patience
from core.salesforce.shape import read_shape
from core.salesforce.shape_json import shape_from_json, shape_to_json
from core.store import Store
from core.store.counters import api_requests
from core.store.database import DATABASE_AWAY, utc_now
from core.tokens import AccountTokens

log = structlog.get_logger()

SHAPE_AGE = timedelta(minutes=30)
"""How old the remembered shape may be for a delivery; a refusal that smells of a changed org
reads it again at once (`ShapeStale`)."""


class Org:
    """One account's org, over its stored connection. Not shared between threads."""

    def __init__(
        self,
        account_id: str,
        store: Store,
        config: Config,
        http: httpx.Client,
        patience: Patience,
        permit: Callable[[], None] | None = None,
    ) -> None:
        self._account_id = account_id
        self._store = store
        self.client = Client(
            AccountTokens(account_id, store, config, http), http, patience=patience, permit=permit
        )

    @property
    def api_calls(self) -> int:
        """API calls sent so far through this object."""
        return self.client.calls

    def shape(self, max_age: timedelta = SHAPE_AGE) -> OrgShape:
        """The org's fields, stages and users: remembered, or read again when too old (one API
        call)."""
        remembered = self._store.shapes.get(self._account_id)
        if remembered and utc_now() - remembered[0] < max_age:
            known = shape_from_json(remembered[1])
            if known is not None:  # else another version of the product wrote it
                return known
        with self._noting():
            shape = read_shape(self.client)
        self._store.shapes.put(self._account_id, utc_now(), shape_to_json(shape))
        return shape

    def look_up(
        self,
        numbers: Collection[str],
        keys: Collection[str],
        record_ids: Collection[str],
        policy: Policy,
        seen_lines: Sequence[str],
    ) -> Facts:
        """Everything `decide` needs about these numbers and call keys: one API call.

        `record_ids` are records to read whatever their numbers: those that a duplicate rule named.
        `seen_lines`, the external lines of the account's newest calls, are passed on as they are.
        """
        shape = self.shape()
        remembered = self._store.ledger.remembered(self._account_id, numbers)
        connection = self._store.connections.get(self._account_id)
        with self._noting():
            facts = lookup.look_up(
                self.client,
                shape,
                numbers=numbers,
                keys=keys,
                record_ids=record_ids,
                policy=policy,
                connected_user_id=connection.user_id,
                today=datetime.now(policy.zone).date(),
                remembered=remembered,
            )
        return replace(facts, seen_lines=tuple(seen_lines))

    def apply(self, plans: Sequence[Plan], shape: OrgShape) -> list[Receipt]:
        """Carry out plans that were made for this shape: one API call for up to 75 client
        numbers."""
        with self._noting():
            return write.apply(self.client, shape, plans)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Keep what the requests cost, answered or not: the org's quota, their number and time."""
        try:
            yield
        finally:
            limit, seconds = self.client.limit, self.client.seconds
            self.client.seconds = []
            try:
                if limit:
                    self._store.connections.note_usage(self._account_id, limit.used, limit.allowed)
                self._store.counters.add(api_requests(seconds))
            except DATABASE_AWAY as away:  # a figure must not cost what Salesforce just answered
                log.warning("usage not noted", account=self._account_id, error=type(away).__name__)


def open_org(
    account_id: str,
    store: Store,
    config: Config,
    http: httpx.Client,
    patience: Patience | None = None,
    permit: Callable[[], None] | None = None,
) -> Org:
    """The account's org. A deliverer's patience ends before its lease; a page gives
    `core.salesforce.http.WORKER`, as it goes on without what comes too late.

    `permit` is asked before each request: a deliverer prolongs its lease there.
    """
    # A request must be over before the lease on the account is.
    patience = patience or Patience(
        connect=5, read=config.lease_seconds * 3 / 4, total=config.lease_seconds * 5 / 6
    )
    return Org(account_id, store, config, http, patience, permit)
