"""The story of a test call: what a delivery does, then reading back and removing."""

from __future__ import annotations

from datetime import timedelta

import httpx

from core import reasons
from core.config import Config
from core.facts import OrgShape
from core.salesforce.errors import SalesforceError
from core.secrets import new_name
from core.store import Store
from core.store.database import utc_now
from core.test_call import compare
from core.test_call.call import Kind
from core.test_call.finish import begun, look_for
from core.test_call.report import TEST_CALL, Record, Report
from core.test_call.run import Run
from core.test_call.writing import write
from core.texts import label


def run(account_id: str, kind: Kind, store: Store, config: Config, http: httpx.Client) -> None:
    """Make a test call; `checks` has its report. Nothing happens where one is being made already,
    or nothing is connected; it need not be switched on.

    Raises nothing of Salesforce's: the report says what went wrong.
    """
    connection = store.connections.get(account_id)
    change = store.policies.newest_change(account_id)
    if not connection.usable or (began := store.checks.begin(account_id, TEST_CALL)) is None:
        return
    one = begun(account_id, began, store, config, http, connection)
    one.policy = one.policy.model_copy(update={"enabled": True})
    try:
        with one.telling("trouble"):
            look_for(one)
            if one.report.unsure:
                one.tell(trouble=reasons.test_call.unanswered())
            else:
                _make(one, _fresh(kind, change, one))
    except Exception as mistake:
        one.tell(trouble=reasons.delivery.gave_up(detail=type(mistake).__name__))
        raise
    finally:
        one.end()


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
        with one.telling("trouble"):
            shape = one.org.shape(timedelta(0))
            if write(one):
                _read_back(one, shape)
    finally:
        with one.telling("removal"):
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
