"""What was found, as the Markdown that goes into docs/salesforce.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from core.objects import ORGANIZATION
from core.salesforce.client import API_VERSION
from core.salesforce.errors import SalesforceError
from dev.check_org.asking import Asked, Outcome, Verdict
from dev.check_org.org import Org

_HEAD = """\
| assertion | expected | found | | API calls | ms |
|---|---|---|---|---:|---:|"""


def kind_of(org: Org) -> str:
    """`Developer Edition`, with `sandbox` where it is one."""
    fields = "OrganizationType, IsSandbox"
    try:
        row = org.query(f"SELECT {fields} FROM {ORGANIZATION}")[0]  # noqa: S608  names
    except (SalesforceError, IndexError):
        return "org of unknown kind"
    kind = str(row.get("OrganizationType") or "org of unknown kind")
    return f"{kind}, sandbox" if row.get("IsSandbox") else kind


def markdown(org_kind: str, outcome: Outcome) -> str:
    day = datetime.now(UTC).date().isoformat()
    calls = sum(one.calls for one in outcome.asked)
    lines = [
        f"{org_kind}, API {API_VERSION}, {day}: {counted(outcome)}; {calls} API calls.",
        "",
        _HEAD,
        *(_line(one) for one in outcome.asked),
    ]
    return "\n".join(lines)


def counted(outcome: Outcome) -> str:
    return ", ".join(f"{outcome.count(verdict)} {verdict}" for verdict in Verdict)


def _line(one: Asked) -> str:
    said = (one.assertion.sentence, one.assertion.expected, one.found, one.verdict)
    return _row((*said, str(one.calls), str(one.milliseconds)))


def _row(cells: Iterable[str]) -> str:
    whole = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(whole)} |"
