"""What a template may say about a call, and how it is filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from core import phone
from core.call import Call
from core.clock import started
from core.facts import Facts
from core.loops import Missed, answers
from core.policy import Policy
from core.texts import label
from core.texts.labels import LABELS

VARIABLES: tuple[str, ...] = (
    "client_number",
    "client_number_spaced",
    "external_line",
    "line",
    "employee",
    "direction",
    "status",
    "state",
    "answered",
    "missed",
    "date",
    "time",
    "datetime",
    "duration",
    "duration_total",
    "recording",
    "group",
    "cause",
    "source",
    "working_hours",
    "missed_count",
    "called_back_after",
    "call_id",
)
"""Names offered on the page; each has a label `variable.<name>` in `core.texts`."""

CUSTOMERS_OWN = frozenset({"external_line", "line", "employee", "group"})
"""Variables whose texts the customer gave; those of a real call may be any."""

_VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def variables(
    call: Call, number: str, policy: Policy, facts: Facts, missed: Missed | None = None
) -> dict[str, str]:
    """Every variable's text for one call of this client number (E.164); what a call does not have
    is empty. `missed`: the client's calls that nobody had answered before.

    `date` is ISO (`2026-11-22`), `datetime` ISO with the account's offset, `duration` in
    seconds of talk, `answered`, `missed` and `working_hours` are `true` or `false`, the words are
    in the account's language. `missed_count` counts a missed call itself, `called_back_after` is
    in minutes from the first missed call to the talk.
    """
    began = started(call, policy.zone)
    return {
        "client_number": number,
        "client_number_spaced": phone.display(number, policy.region),
        "external_line": call.external_line,
        "line": call.line,
        "employee": _employee(call, policy, facts),
        "direction": label(f"direction.{call.way}", policy.language),
        "status": label(f"status.{call.way}.{call.status}", policy.language),
        "state": call.state,
        "answered": str(call.answered).lower(),
        "missed": str(call.missed).lower(),
        "date": began.date().isoformat(),
        "time": began.strftime("%H:%M:%S"),
        "datetime": began.isoformat(),
        "duration": str(call.seconds_talk),
        "duration_total": str(call.seconds_total),
        "recording": call.recording_url,
        "group": call.group,
        "cause": _words("cause", call.cause, policy),
        "source": _words("source", call.source, policy),
        "working_hours": str(policy.hours.includes(began)).lower(),
        "missed_count": str((missed.times if missed else 0) + call.missed),
        "called_back_after": _called_back_after(call, began, missed),
        "call_id": call.key,
    }


def render(template: str, known: Mapping[str, str]) -> str:
    """`{name}` becomes the variable's text; anything else stays as typed."""
    return _VARIABLE.sub(lambda found: known.get(found[1], found[0]), template)


def unknown_variables(template: str) -> tuple[str, ...]:
    """Names in braces that are no variables."""
    return tuple(name for name in _VARIABLE.findall(template) if name not in VARIABLES)


def has_customers_own(template: str) -> bool:
    return not CUSTOMERS_OWN.isdisjoint(_VARIABLE.findall(template))


def _words(kind: str, code: str, policy: Policy) -> str:
    """A code of telephony's in words; one whose meaning nobody knows as it came. Causes: ITU-T
    Q.850 (Asterisk documentation, "Hangup Cause Mappings")."""
    known = f"{kind}.{code}"
    return label(known, policy.language) if known in LABELS else code


def _called_back_after(call: Call, began: datetime, missed: Missed | None) -> str:
    if missed is None or not answers(call, began, missed.at):
        return ""
    passed = began.astimezone(UTC) - missed.at.astimezone(UTC)
    return str(max(0, int(passed.total_seconds()) // 60))


def _employee(call: Call, policy: Policy, facts: Facts) -> str:
    if call.missed:
        return ""
    user = facts.shape.users.get(policy.user_of_line(call.line))
    return user.name if user else ""
