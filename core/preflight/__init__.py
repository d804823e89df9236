"""What would go wrong in an org, said before a call is written there.

Seen  ── what `core.salesforce.preflight` asked ──▶  judge  ──▶  Findings, by subject
"""

from __future__ import annotations

from dataclasses import replace

from core.policy import Policy
from core.preflight import fields, org, people, records, rules
from core.preflight.case import Case, Check
from core.preflight.finding import Finding, Level, Report, Subject, report_from_json, report_to_json
from core.preflight.seen import Package, Seen

__all__ = [
    "CHECKS",
    "Finding",
    "Level",
    "Package",
    "Report",
    "Seen",
    "Subject",
    "judge",
    "report_from_json",
    "report_to_json",
]

CHECKS: dict[Subject, tuple[Check, ...]] = {
    Subject.ORG: org.CHECKS,
    Subject.FIELDS: fields.CHECKS,
    Subject.RULES: rules.CHECKS,
    Subject.RECORDS: records.CHECKS,
    Subject.PEOPLE: people.CHECKS,
}


def judge(seen: Seen, policy: Policy) -> Report:
    """The same facts and settings always give the same findings; of a subject the worst first."""
    case = Case(seen, policy)
    found = [
        replace(one, subject=subject)
        for subject, checks in CHECKS.items()
        for check in checks
        for one in check(case)
    ]
    worst_first = sorted(found, key=lambda one: list(Level).index(one.level))
    return Report(tuple(worst_first), org.version_of(seen))
