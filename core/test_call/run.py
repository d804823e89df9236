"""A test call on its way: its org, its report, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core import reasons
from core.objects import ACCOUNT, CONTACT, CONTACT_ROLE, LEAD, OPPORTUNITY, TASK
from core.org import Org
from core.policy import Policy
from core.reasons import Reason, Words
from core.salesforce.errors import ConnectionDead, SalesforceError, Transient
from core.salesforce.http import Patience
from core.store import Store
from core.test_call.report import TEST_CALL, Left, Report

PATIENCE = Patience(connect=5, read=15, total=20)
"""A few requests of these end before the look counts as broken off."""
_FIRST_OF_ALL = (TASK, CONTACT_ROLE, OPPORTUNITY, LEAD, CONTACT, ACCOUNT)
"""What hangs on others is removed before them."""


@dataclass
class Run:
    """Whoever holds it is alone with the account's test call."""

    account_id: str
    org: Org
    store: Store
    policy: Policy
    began: datetime
    """Names it in `checks`."""
    consent: datetime | None
    """That of its connection (`connected_at`)."""
    report: Report
    api_calls: int = 0
    """Those of an earlier run of the same test call."""

    def tell(self, **changes: Any) -> bool:
        """Keep how far it is. False once it is another's turn, or nothing is connected any more."""
        self.report = self.report.model_copy(update=changes)
        kept = self.report.model_dump(mode="json")
        return self.store.checks.tell(self.account_id, TEST_CALL, self.began, kept, self._spent())

    def end(self) -> None:
        kept = self.report.model_dump(mode="json")
        self.store.checks.end(self.account_id, TEST_CALL, self.began, kept, self._spent())

    @contextmanager
    def telling(self, name: Literal["trouble", "removal"]) -> Iterator[None]:
        """What Salesforce says to what is done within stands in the report, under this name."""
        try:
            yield
        except SalesforceError as error:
            not_yet = reasons.test_call.not_removed_yet(error.words)
            self.tell(**{name: not_yet if name == "removal" else in_words(error.reason)})
            if isinstance(error, ConnectionDead):
                self.store.connections.died(self.account_id, error.reason, self.consent)

    def remove(self) -> None:
        """Take away what stands in the org, once more after an answer that was lost. What is
        refused stays in the report, and says why."""
        if not self.report.left:
            return
        ordered = sorted(self.report.left, key=lambda one: _FIRST_OF_ALL.index(one.object))
        ids = [one.id for one in ordered]
        try:
            refused = self.org.remove(ids)
        except Transient:
            refused = self.org.remove(ids)
        self.tell(left=tuple(_refused(ordered, refused)), removal=None)

    def _spent(self) -> int:
        return self.api_calls + self.org.api_calls


def _refused(left: Iterable[Left], refused: dict[str, SalesforceError]) -> Iterable[Left]:
    for one in left:
        if error := refused.get(one.id):
            why = reasons.test_call.not_removed(error.words)
            # What passes by itself is tried again.
            yield one.model_copy(update={"why": None if isinstance(error, Transient) else why})


def in_words(reason: Reason) -> Reason:
    """What Salesforce said to a delivery, without what a delivery does next."""
    said = Words(**{name: reason.params.get(name, "") for name in ("code", "message", "fields")})
    if reason.is_one_of(reasons.salesforce.refused, reasons.salesforce.shape_stale):
        return reasons.test_call.refused(said)
    if reason.code.startswith("salesforce."):
        return reasons.test_call.away(said)
    return reason
