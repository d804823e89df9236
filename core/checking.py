"""A pre-flight of an account's org: asked, judged, and kept for whoever looks.

begin ──▶ five requests, each told ──▶ judge ──▶ end. One at a time, by button, after connecting and
by night. It writes nothing to Salesforce.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import httpx
import structlog

from core.config import Config
from core.connection import Connection
from core.org import Org, open_org
from core.preflight import Level, Report, judge, report_from_json, report_to_json
from core.salesforce.errors import ConnectionDead, SalesforceError
from core.salesforce.preflight import PATIENCE, ask
from core.store import Store
from core.store.checks import Kind
from core.store.releases import SEEN_AGAIN

log = structlog.get_logger()

KIND: Kind = "preflight"


def preflight(
    account_id: str, store: Store, config: Config, http: httpx.Client, rest: float = 0.0
) -> bool:
    """Look at the org. False when somebody else is looking, or was within the last `rest` seconds,
    or nothing is connected."""
    connection = store.connections.get(account_id)
    began = store.checks.begin(account_id, KIND, rest) if connection.usable else None
    if began is None:
        return False
    org = open_org(account_id, store, config, http, PATIENCE, connection=connection)
    newest = store.checks.newest(account_id, KIND)  # this one, with what the one before found
    before = report_from_json(newest.result) if newest else Report()
    try:
        report = _look(org, connection, store, began, before)
    except SalesforceError as trouble:
        report = replace(before, asked=0, trouble=trouble.reason)
        if isinstance(trouble, ConnectionDead):
            store.connections.died(account_id, trouble.reason, connection.connected_at)
    finally:
        store.deliveries.note_spent(account_id, org.spent())
    if report.trouble is None and not report.of(Level.STOP):
        store.releases.answered(account_id, *SEEN_AGAIN)  # a sweeper has them go
    store.checks.end(account_id, KIND, began, report_to_json(report), org.api_calls)
    log.info("pre-flight", account=account_id, api_calls=org.api_calls)
    return True


def _look(
    org: Org, connection: Connection, store: Store, began: datetime, before: Report
) -> Report:
    """Raises what `core.salesforce.errors` lists."""
    account_id = connection.account_id
    change = store.policies.newest_change(account_id)
    policy = store.policies.get(account_id)
    for asked, seen in enumerate(ask(org.client, connection.user_id, policy), start=1):
        if asked == 1:
            org.keep(seen.shape)
        progress = report_to_json(before.after(asked))
        store.checks.tell(account_id, KIND, began, progress, org.api_calls)
    # A connection that is new does not know yet what its org allows.
    seen = replace(seen, ceiling=replace(connection, api_allowed=seen.api_allowed).ceiling)
    return replace(judge(seen, policy), change=change)
