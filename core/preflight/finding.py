"""What a look at an org before calls are written finds, and how it is kept as JSON."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from core.reasons import Reason


class Level(StrEnum):
    """The worst first."""

    STOP = "stop"
    """Calls would wait, be refused, or be written wrongly: to be mended before switching on."""
    WARNING = "warning"
    UNKNOWN = "unknown"
    """Not told by Salesforce; nothing depends on it."""
    GOOD = "good"


class Subject(StrEnum):
    """In the order of the page."""

    ORG = "org"
    FIELDS = "fields"
    RULES = "rules"
    RECORDS = "records"
    PEOPLE = "people"


@dataclass(frozen=True)
class Finding:
    level: Level
    reason: Reason
    """What was found, what it costs, and how to mend it."""
    setup: str = ""
    """The page of the org's Setup where it is mended: a name in `core.salesforce.setup_pages`."""
    own_field: str = ""
    """`Object.Field` that can be filled as an own field."""
    setting: str = ""
    """The setting of ours that mends it."""
    subject: Subject = Subject.ORG


def good(reason: Reason, setup: str = "") -> Finding:
    return Finding(Level.GOOD, reason, setup)


def warning(reason: Reason, setup: str = "", setting: str = "") -> Finding:
    return Finding(Level.WARNING, reason, setup, setting=setting)


def stop(reason: Reason, setup: str = "", setting: str = "") -> Finding:
    return Finding(Level.STOP, reason, setup, setting=setting)


@dataclass(frozen=True)
class Report:
    """The result of one pre-flight."""

    findings: tuple[Finding, ...] = ()
    package: str | None = None
    """Version of our package; empty when it is installed and does not say; None without it."""
    asked: int = 0
    """While one runs: how many of its questions are answered."""
    change: str = ""
    """The newest change of the settings that it was judged by."""
    trouble: Reason | None = None
    """Why the last one came to no end; then the findings are those of the one before."""

    def of(self, level: Level | str) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.level == level)

    def after(self, asked: int) -> Report:
        return replace(self, asked=asked, trouble=None)


_REPORT: TypeAdapter[Report] = TypeAdapter(Report)


def report_to_json(report: Report) -> dict[str, Any]:
    value: dict[str, Any] = _REPORT.dump_python(report, mode="json")
    return value


def report_from_json(value: Any) -> Report:
    """An empty one for what another version of the product wrote."""
    try:
        return _REPORT.validate_python(value)
    except ValueError:
        return Report()
