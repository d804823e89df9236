"""Looking at the org before calls are written there (`core.checking`), beside a page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from core.checking import KIND, preflight
from core.policy import Policy
from core.preflight import Level, Report, report_from_json
from core.store.checks import Look
from core.test_call import TEST_CALL, read_report
from core.test_call import Report as TestReport
from portal.salesforce.verdict import verdict
from portal.web.connection import current_connection
from portal.web.once import forget, once
from portal.web.services import services, store
from portal.web.waiting import PAGE_SECONDS, TookTooLong, within
from portal.web.who import current_account, newest_change

NEWEST, LOOK, TESTED = "looks", "preflight", "test_call"
"""What is read once a request."""


@dataclass(frozen=True)
class Looked:
    """The newest pre-flight of the account of this request."""

    report: Report
    is_running: bool = False
    ended_at: datetime | None = None
    """None also when it was broken off: then the findings, if any, are older ones."""
    began_at: datetime | None = None
    """None = there was none."""
    api_calls: int = 0

    @property
    def was_broken_off(self) -> bool:
        return self.began_at is not None and not self.is_running and self.ended_at is None

    @property
    def is_outdated(self) -> bool:
        return _changed_since(self.report.change)

    @property
    def stops(self) -> int:
        """Of an org that is connected."""
        return len(self.report.of(Level.STOP)) if current_connection().usable else 0


def look(account_id: str) -> None:
    """Begin one, unless one runs, and wait for it as long as a page may."""
    here = services()
    forget_looks()
    with suppress(TookTooLong):  # it goes on; pages show how far it is
        within(PAGE_SECONDS, lambda: preflight(account_id, here.store, here.config, here.http))


def _newest() -> Mapping[str, Look]:
    return once(NEWEST, lambda: store().checks.newest_of(current_account().id))


def forget_looks() -> None:
    """Have them read again."""
    forget(NEWEST, LOOK, TESTED)


def looked() -> Looked:
    return once(LOOK, lambda: _looked(_newest().get(KIND)))


def _looked(found: Look | None) -> Looked:
    if found is None:
        return Looked(Report())
    report = report_from_json(found.result)
    return Looked(report, found.is_running, found.ended_at, found.began_at, found.api_calls)


@dataclass(frozen=True)
class Tested:
    """The newest test call of the account of this request, in the org that is connected."""

    look: Look | None = None
    """None = there was none."""
    report: TestReport = field(default_factory=TestReport)

    @property
    def is_running(self) -> bool:
        return self.look is not None and self.look.is_running

    @property
    def is_outdated(self) -> bool:
        return _changed_since(self.report.change)

    @property
    def verdict(self) -> tuple[str, str]:
        """A pill's look and words."""
        return verdict(self.report)


def tested() -> Tested:
    return once(TESTED, lambda: _tested(_newest().get(TEST_CALL)))


def _tested(found: Look | None) -> Tested:
    report = read_report(found.result) if found else TestReport()
    is_here = report.org_id in ("", current_connection().org_id)
    return Tested(found, report) if is_here else Tested()


def _changed_since(change: str) -> bool:
    """Whether settings that a call obeys were changed since."""
    if not change or newest_change() == change:
        return False
    obeyed = set(Policy.model_fields) - {"enabled"}
    return bool(store().policies.changes_since(current_account().id, change, obeyed))
