"""The story of a test call: what a delivery does, then reading back and removing."""

from __future__ import annotations

from datetime import timedelta

import httpx

from core import reasons
from core.config import Config
from core.connection import Connection
from core.facts import OrgShape
from core.org import open_org
from core.salesforce.errors import ConnectionDead, SalesforceError
from core.secrets import new_name
from core.store import Store
from core.store.database import utc_now
from core.test_call import compare
from core.test_call.call import Kind
from core.test_call.finish import look_for
from core.test_call.report import TEST_CALL, Record, Report, read_report
from core.test_call.run import PATIENCE, Run, in_words
from core.test_call.writing import write
from core.texts import label


def run(account_id: str, kind: Kind, store: Store, config: Config, http: httpx.Client) -> None:
    """Make a test call; `checks` has its report. Nothing happens where one is being made already,
    or nothing is connected; it need not be switched on.

    Raises nothing of Salesforce's: the report says what went wrong.
    """
    connection = store.connections.get(account_id)
    change = store.policies.newest_change(account_id)
    policy = store.policies.get(account_id).model_copy(update={"enabled": True})
    before = store.checks.newest(account_id, TEST_CALL)
    if not connection.usable or (began := store.checks.begin(account_id, TEST_CALL)) is None:
        return
    org = open_org(account_id, store, config, http, PATIENCE, connection=connection)
    earlier = _within_reach(read_report(before.result if before else {}), connection)
    one = Run(account_id, org, store, policy, began, earlier)
    try:
        look_for(one)
        if one.report.unsure:
            one.tell(trouble=reasons.test_call.unanswered())
        else:
            _make(one, _fresh(kind, change, one))
    except SalesforceError as error:
        not_yet = reasons.test_call.not_removed_yet(error.words)
        one.tell(trouble=not_yet if one.report.is_written else in_words(error.reason))
        if isinstance(error, ConnectionDead):
            store.connections.died(account_id, error.reason, connection.connected_at)
    except Exception as mistake:
        one.tell(trouble=reasons.delivery.gave_up(detail=type(mistake).__name__))
        raise
    finally:
        one.end()


def _within_reach(earlier: Report, connection: Connection) -> Report:
    """What an earlier test call left in another org is not."""
    return earlier if earlier.org_id == connection.org_id else Report(org_id=connection.org_id)


def _fresh(kind: Kind, change: str, one: Run) -> Report:
    return Report(
        kind=kind,
        made_at=utc_now(),
        org_id=one.report.org_id,
        change=change,
        key=f"test {new_name()}",
        mark=label("test_call", one.policy.language),
        left=one.report.left,
    )


def _make(one: Run, fresh: Report) -> None:
    one.tell(**dict(fresh))
    try:
        shape = one.org.shape(timedelta(0))
        if write(one):
            _read_back(one, shape)
    finally:
        one.remove()


def _read_back(one: Run, shape: OrgShape) -> None:
    """Whatever cannot be read is removed all the same."""
    asked = {record.id: compare.columns(record, shape) for record in one.report.records}
    asked.pop("", None)
    try:
        found = one.org.read_back(asked)
    except SalesforceError as error:
        found = dict.fromkeys(asked, error)
    one.tell(records=tuple(_as_read(record, found) for record in one.report.records))


def _as_read(record: Record, found: compare.Found) -> Record:
    row = found.get(record.id)
    if row is None:
        return record
    if isinstance(row, SalesforceError):
        why = reasons.test_call.out_of_sight(row.words)
        return record.model_copy(update={"trouble": why})
    return compare.compared(record, row)
