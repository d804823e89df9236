"""What today's settings make of a few usual calls in an org that looks so.

The rules themselves say which fields are written and what is left out, so that this is written
nowhere a second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from core.call import Call, Direction
from core.facts import Contact, Facts, Lead, Opportunity, OrgShape, WaitingCall
from core.plan import Create, Plan
from core.policy import Policy
from core.reasons import Reason
from core.rules import decide

_NUMBER, _LINE = "+380505557182", "+380444900123"
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_DEAL = Opportunity("deal", "", "", True, date(2026, 1, 1), "", _LONG_AGO)
_LEAD = Lead("lead", "", (_NUMBER,), "", _LONG_AGO)
_CONTACT = Contact("contact", "", (_NUMBER,), "", _LONG_AGO, opportunities=(_DEAL,))


@dataclass(frozen=True)
class Replay:
    created: Mapping[str, frozenset[str]]
    """By object: the fields that new records get."""
    always: Mapping[str, frozenset[str]]
    """By object: those that every new record gets, whatever the call."""
    changed: Mapping[str, frozenset[str]]
    """By object: the fields of known records that a call changes."""
    said: tuple[Reason, ...]
    """What the rules said on the way."""


def replay(shape: OrgShape, policy: Policy, user_id: str) -> Replay:
    """Of calls from somebody new and from somebody known, whose opportunity is closed."""
    created, changed = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    always: dict[str, set[str]] = {}
    said: list[Reason] = []
    for plan in _plans(shape, policy, user_id):
        for step in plan.steps:
            fields = created if isinstance(step, Create) else changed
            fields[step.object] |= step.fields.keys()
            if isinstance(step, Create):
                always.setdefault(step.object, set(step.fields)).intersection_update(step.fields)
        said += [one for one in (*plan.trace, plan.reason) if one not in said]
    return Replay(_frozen(created), _frozen(always), _frozen(changed), tuple(said))


def _plans(shape: OrgShape, policy: Policy, user_id: str) -> Iterator[Plan]:
    nobody = Facts(shape, user_id)
    known = Facts(shape, user_id, leads=(_LEAD,), contacts=(_CONTACT,))
    for facts in (nobody, known):
        for call in _calls(policy, shape):
            yield decide([WaitingCall(0, call, _NUMBER)], policy, facts)[0]


def _calls(policy: Policy, shape: OrgShape) -> Iterator[Call]:
    """With all that a call may have, by an employee of the table; missed ones on the lines that
    somebody answers for, too."""
    active = {one.id for one in shape.users.values() if one.is_active}
    employee = next((row.line for row in policy.lines if row.user_id in active), "")
    lines = {row.external_line for row in policy.missed_calls} - {""}
    yield _call(Direction.IN, employee, answered=True)
    yield _call(Direction.OUT, employee, answered=True)
    for line in sorted({_LINE, *lines}):
        yield _call(Direction.IN, answered=False, line=line)


def _call(direction: Direction, employee: str = "", *, answered: bool, line: str = "") -> Call:
    return Call(
        key="preflight",
        direction=direction,
        client_number=_NUMBER,
        lines=(employee,) if employee else (),
        external_line=line or _LINE,
        started_at=datetime(2026, 7, 9, 16, 58, 52),  # noqa: DTZ001  wall clock
        state="ANSWER" if answered else "NOANSWER",
        seconds_talk=9 if answered else 0,
        recording_url="https://api.unitalk.cloud/tracking/rec/0" if answered else "",
        group="Sales",
    )


def _frozen(fields: Mapping[str, set[str]]) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(known) for name, known in fields.items()}
