"""What a test call left in the org when it was broken off, or got no answer: found and removed."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx

from core import reasons
from core.config import Config
from core.connection import Connection
from core.facts import OrgShape
from core.objects import CONTACT, RECORD_KEY, TASK, object_of
from core.org import open_org
from core.salesforce.composite import Row
from core.salesforce.errors import SalesforceError
from core.store import Store
from core.store.checks import Look
from core.store.database import utc_now
from core.store.releases import LATE_COMMIT
from core.test_call.call import NAMED_BY
from core.test_call.report import TEST_CALL, Left, Report, read_report
from core.test_call.run import PATIENCE, Run

PAUSE = timedelta(minutes=1)
"""Between attempts to finish what Salesforce gives no answer to."""


def is_unfinished(look: Look) -> bool:
    """Whether `finish` has something to do, now or before long."""
    report = read_report(look.result)
    is_open = look.ended_at is None or report.unsure or any(one.why is None for one in report.left)
    return is_open and not look.is_running


def is_due(look: Look) -> bool:
    """Whether it has, now."""
    waited = look.ended_at is None or utc_now() - look.ended_at > PAUSE
    return waited and is_unfinished(look)


def finish(account_id: str, store: Store, config: Config, http: httpx.Client) -> None:
    """Look for what the account's last test call left, and remove it. Raises nothing of
    Salesforce's: what could not be done is done another time."""
    look, connection = store.checks.newest(account_id, TEST_CALL), store.connections.get(account_id)
    if look is None or not connection.usable or not is_due(look):
        return
    if read_report(look.result).org_id != connection.org_id:
        return
    if (began := store.checks.begin(account_id, TEST_CALL)) is None:
        return
    run = begun(account_id, began, store, config, http, connection, look.api_calls)
    same = read_report(look.result).key == run.report.key  # or another was made before `begin`
    if look.ended_at is None and same and run.report.trouble is None:
        run.tell(trouble=reasons.test_call.broken_off())
    try:
        with run.telling("removal"):
            look_for(run)
            run.remove()
    finally:
        run.end()


def begun(
    account_id: str,
    began: datetime,
    store: Store,
    config: Config,
    http: httpx.Client,
    connection: Connection,
    api_calls: int = 0,
) -> Run:
    """Whoever holds the turn, with what the one before left; in another org that is out of
    reach."""
    newest = store.checks.newest(account_id, TEST_CALL)  # this one, with the report of before
    earlier = read_report(newest.result if newest else {})
    if earlier.org_id != connection.org_id:
        earlier = Report(org_id=connection.org_id)
    org = open_org(account_id, store, config, http, PATIENCE, connection=connection)
    policy, consent = store.policies.get(account_id), connection.connected_at
    return Run(account_id, org, store, policy, began, consent, earlier, api_calls)


def look_for(run: Run) -> None:
    """Learn what came of a write without an answer: its Task carries the call's key, and leads to
    the rest, as all was one transaction. Salesforce may carry it out late: until then nothing
    found means nothing.

    Raises what `errors` lists.
    """
    report = run.report
    if not report.unsure:
        return
    facts = run.org.look_up([report.number], [report.key], [], run.policy, [])
    suspects = {one.id for one in facts.people}
    task = facts.tasks.get(report.key)
    found = _ours(run, task, suspects, facts.shape)
    if found:
        known = {one.id for one in report.left}
        more = [Left(object=object_of(i), id=i) for i in found if i not in known]
        run.tell(unsure=False, left=(*report.left, *more))
    elif report.sent_at is None or utc_now() - report.sent_at > LATE_COMMIT:
        run.tell(unsure=False)


def _ours(run: Run, task: str | None, suspects: set[str], shape: OrgShape) -> list[str]:
    """Ids of the Task and of what it leads to, as far as it bears our mark."""
    found = [task] if task else []
    asked = {task, *suspects} if task else suspects
    while asked:
        rows = run.org.read_back({one: _columns(one, shape) for one in sorted(asked)})
        readable = {one: row for one, row in rows.items() if not isinstance(row, SalesforceError)}
        key = shape.named(RECORD_KEY)
        bear = [one for one, row in readable.items() if _bears(row, run.report, key)]
        found += [one for one in bear if one != task]
        ours = [row for one, row in readable.items() if one in found]
        links = {row.get(name) for row in ours for name in ("WhoId", "WhatId", "AccountId")}
        asked = (
            {one for one in links if one and object_of(one) in NAMED_BY} - set(rows) - set(found)
        )
    return found


def _columns(record_id: str, shape: OrgShape) -> list[str]:
    object_name = object_of(record_id)
    if object_name == TASK:
        wanted = ["WhoId", "WhatId"]
    else:
        wanted = [
            "Name",
            shape.named(RECORD_KEY),
            *(["AccountId"] if object_name == CONTACT else []),
        ]
    known = object_name in shape.fields
    return [one for one in wanted if shape.has(object_name, one) or not known] or ["Id"]


def _bears(row: Row, report: Report, key_field: str) -> bool:
    """By its name, or, where an automation renamed it, by the key that only we write."""
    key = str(row.get(key_field) or "").partition("/")[0]
    return report.mark in str(row.get("Name") or "") or key in (report.number, report.key)
