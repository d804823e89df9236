"""An account's org: what it looks like, what it holds, and writing into it. Counts API calls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

import httpx
import structlog
from cachetools import LRUCache

from core import reasons
from core.config import Config
from core.connection import Connection
from core.facts import Facts, OpenLoop, OrgShape
from core.plan import Plan, Receipt
from core.policy import Policy
from core.rules.blind import why_blind
from core.salesforce import lookup, standing, write
from core.salesforce.client import Client
from core.salesforce.composite import Row, query_all
from core.salesforce.errors import Paused, SalesforceError, ShapeStale
from core.salesforce.http import Patience
from core.salesforce.questions import alike, of_loops
from core.salesforce.shape import read_shape
from core.salesforce.shape_json import shape_from_json, shape_to_json
from core.store import Store
from core.store.database import DATABASE_AWAY, utc_now
from core.store.results import Spent
from core.tokens import AccountTokens

log = structlog.get_logger()

SHAPE_AGE = timedelta(days=1)
"""How old the remembered shape may be for a delivery; a refusal that smells of a changed org
reads it again at once (`_seen_otherwise`)."""

NOW = timedelta(0)
HIDDEN_PAUSE = 15 * 60
"""Seconds before an org that hides what we need is looked at again: an administrator may have
mended it."""

_shapes: LRUCache[tuple[str, datetime], OrgShape] = LRUCache(500)
"""By account and moment of reading: a shape takes longer to parse than a call to be decided."""
_shapes_lock = Lock()


class Org:
    """One account's org, over its stored connection. Not shared between threads."""

    def __init__(
        self,
        connection: Connection,
        store: Store,
        config: Config,
        http: httpx.Client,
        patience: Patience,
        permit: Callable[[], None] | None = None,
    ) -> None:
        self._connection = connection
        self._account_id = connection.account_id
        self._store = store
        self._tells_later = permit is not None
        self._just_read = False
        tokens = AccountTokens(self._account_id, store, config, http)
        self.client = Client(tokens, http, patience=patience, permit=permit)

    @property
    def api_calls(self) -> int:
        """API calls sent so far through this object."""
        return self.client.calls

    def spent(self) -> Spent:
        """What the requests cost since this was asked last, answered or not."""
        client, limit = self.client, self.client.limit
        seconds, client.seconds, client.limit = tuple(client.seconds), [], None
        return Spent(seconds, limit.used, limit.allowed) if limit else Spent(seconds)

    def shape(self, max_age: timedelta = SHAPE_AGE) -> OrgShape:
        """The org's fields, stages and users: remembered, or read again when too old (one API
        call)."""
        read_at = self._connection.shape_read_at
        if read_at and utc_now() - read_at < max_age and (known := self._remembered(read_at)):
            return known
        with self._telling():
            shape = read_shape(self.client)
        self._just_read = True
        return self.keep(shape)

    def keep(self, shape: OrgShape) -> OrgShape:
        """Remember what was just read."""
        read_at = utc_now()
        self._store.shapes.put(
            self._account_id,
            read_at,
            shape_to_json(shape),
            consent=self._connection.connected_at,
            package=shape.takes_call_key,
        )
        self._connection = replace(self._connection, shape_read_at=read_at)
        return shape

    def _remembered(self, read_at: datetime) -> OrgShape | None:
        """None also when another version of the product wrote it."""
        with _shapes_lock:
            known = _shapes.get((self._account_id, read_at))
        if known is None and (kept := self._store.shapes.get(self._account_id)):
            known = shape_from_json(kept[1])
            if known:
                with _shapes_lock:
                    _shapes[self._account_id, kept[0]] = known
        return known

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

        Raises what `core.salesforce.errors` lists; `Paused` where the org hides from us what a
        look-up needs, or takes no query of ours.
        """
        known = self._store.ledger.known(self._account_id, numbers)
        since = self._connection.package_since
        shape = self.shape()
        while True:
            shape = self._seeing(shape, policy)
            try:
                with self._telling():
                    facts = lookup.look_up(
                        self.client,
                        shape,
                        numbers=numbers,
                        keys=keys,
                        record_ids=record_ids,
                        policy=policy,
                        connected_user_id=self._connection.user_id,
                        today=datetime.now(policy.zone).date(),
                        remembered=known.remembered,
                        package_since=since.date() if since else None,
                        loops=known.loops,
                    )
            except ShapeStale as stale:
                shape = self._seen_otherwise(shape, stale, policy)
            else:
                return replace(facts, seen_lines=tuple(seen_lines), now=utc_now())

    def _seeing(self, shape: OrgShape, policy: Policy) -> OrgShape:
        """A shape that shows us enough to create anything: this one, or one read now, as somebody
        may have mended it. Raises Paused."""
        why = why_blind(shape, policy)
        if why and not self._just_read:
            shape = self.shape(NOW)
            why = why_blind(shape, policy)
        if why:
            raise Paused("BLIND", seconds=HIDDEN_PAUSE, cause=lambda _: why[0])
        return shape

    def _seen_otherwise(self, shape: OrgShape, stale: ShapeStale, policy: Policy) -> OrgShape:
        """The org as it is now; where that is no news, without the fields that Salesforce named:
        a query that failed for its shape is not asked again unchanged. Raises Paused."""
        newer = shape if self._just_read else self.shape(NOW)
        if alike(newer, shape, policy):
            leave_out = newer.without if stale.unreadable else newer.without_searching
            newer = self.keep(leave_out(stale.fields))
        if alike(newer, shape, policy):
            cause = reasons.connection.query_refused
            raise Paused(stale.code, stale.message, seconds=HIDDEN_PAUSE, cause=cause)
        return newer

    def apply(self, plans: Sequence[Plan], shape: OrgShape) -> list[Receipt]:
        """Carry out plans that were made for this shape: one API call for up to 75 client
        numbers. A refusal that shows the org to be otherwise has it described anew next time."""
        with self._telling():
            receipts = write.apply(self.client, shape, plans)
        if any(one.otherwise for one in receipts):
            with _harmless("shape not forgotten", self._account_id):
                self._store.shapes.forget(self._account_id)
            self._connection = replace(self._connection, shape_read_at=None)
            self._just_read = False
        return receipts

    def loops(self, known: Mapping[str, OpenLoop]) -> Mapping[str, OpenLoop]:
        """Missed calls that wait, each with its Task as Salesforce has it: one API call."""
        with self._telling():
            queries = [*of_loops([one.task_id for one in known.values()], self.shape())]
            (rows,) = query_all(self.client, queries)
        return lookup.with_tasks(known, rows)

    def read_back(self, columns: Mapping[str, Collection[str]]) -> dict[str, Row | SalesforceError]:
        """What stands in records, by their ids: one API call."""
        with self._telling():
            return standing.read_back(self.client, columns)

    def remove(self, ids: Sequence[str]) -> dict[str, SalesforceError]:
        """Delete records; what is refused, by id: one API call."""
        with self._telling():
            return standing.remove(self.client, ids)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Have the account's figures tell what the requests cost; a deliverer tells them with its
        results."""
        try:
            yield
        finally:
            if not self._tells_later:
                with _harmless("usage not noted", self._account_id):
                    self._store.deliveries.note_spent(self._account_id, self.spent())


@contextmanager
def _harmless(trouble: str, account_id: str) -> Iterator[None]:
    """A database that is away must not cost what Salesforce answered."""
    try:
        yield
    except DATABASE_AWAY as away:
        log.warning(trouble, account=account_id, error=type(away).__name__)


def open_org(
    account_id: str,
    store: Store,
    config: Config,
    http: httpx.Client,
    patience: Patience | None = None,
    permit: Callable[[], None] | None = None,
    connection: Connection | None = None,
) -> Org:
    """The account's org; `connection` is for whoever has read it already.

    A deliverer's patience ends before its lease; a page gives `core.salesforce.http.WORKER`, as it
    goes on without what comes too late.

    `permit` is asked before each request: a deliverer prolongs its lease there.
    """
    # A request must be over before the lease on the account is.
    patience = patience or Patience(
        connect=5, read=config.lease_seconds * 2 / 3, total=config.lease_seconds * 3 / 4
    )
    connection = connection or store.connections.get(account_id)
    return Org(connection, store, config, http, patience, permit)
