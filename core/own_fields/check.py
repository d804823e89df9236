"""Whether a row of own fields can work, said on the page before it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core import reasons
from core.call import Call, Direction
from core.facts import Facts, FieldInfo, OrgShape
from core.objects import TASK, WITH_OWN_FIELDS
from core.own_fields.fit import Unfit, fit, is_supported
from core.own_fields.reserved import is_reserved
from core.own_fields.template import has_customers_own, render, unknown_variables, variables
from core.policy import OwnField, Policy, When
from core.reasons import Reason


def check(own: OwnField, shape: OrgShape, policy: Policy | None = None) -> Reason | None:
    """Why this row cannot work; None when it can. `policy` gives language, time
    zone and searched fields."""
    policy = policy or Policy()
    info = shape.fields.get(own.object, {}).get(own.field)
    if own.object not in WITH_OWN_FIELDS or info is None:
        return reasons.own.hidden(field=own.name)
    if is_reserved(own, shape, policy):
        return reasons.own.reserved(field=own.name)
    if not is_supported(info.type):
        return reasons.own.type(field=own.name, type=info.type)
    if not _can_be_written(own, info):
        return reasons.own.read_only(field=own.name)
    if not own.template.strip():
        return reasons.own.no_template(field=own.name)
    if unknown := unknown_variables(own.template):
        return reasons.own.unknown_variable(field=own.name, variable=unknown[0])
    return _never_fits(own, info, policy)


def _can_be_written(own: OwnField, info: FieldInfo) -> bool:
    every_call = own.when is When.EVERY_CALL and own.object != TASK
    return info.createable and (info.updateable or not every_call)


def _never_fits(own: OwnField, info: FieldInfo, policy: Policy) -> Reason | None:
    """A template that fits none of the usual calls; one that fits some of them may stay, and one
    over the customer's own words may fit a list at any time."""
    if info.picklist and has_customers_own(own.template):
        return None
    facts = Facts(OrgShape({}), "")
    refused: Reason | None = None
    for call in _usual_calls():
        known = variables(call, call.client_number, policy, facts)
        value = fit(render(own.template, known), info, policy)
        if not isinstance(value, Unfit):
            return None
        if refused is None and not value.reason.is_one_of(reasons.own.empty):
            refused = value.reason.naming(field=own.name)
    return refused


def _usual_calls() -> Iterator[Call]:
    for direction, state in ((Direction.IN, "ANSWER"), (Direction.IN, "NOANSWER")):
        yield _call(direction, state)
    for state in ("ANSWER", "BUSY"):
        yield _call(Direction.OUT, state)
    yield _call(Direction.IN, "ANSWER", external_line="site.ua")


def _call(direction: Direction, state: str, external_line: str = "380444900123") -> Call:
    answered = state == "ANSWER"
    return Call(
        key="275",
        direction=direction,
        client_number="+380505557182",
        lines=("2000",),
        external_line=external_line,
        started_at=datetime(2026, 7, 9, 16, 58, 52),  # noqa: DTZ001  wall clock
        state=state,
        seconds_total=19,
        seconds_talk=9 if answered else 0,
        recording_url="https://api.unitalk.cloud/tracking/rec/275" if answered else "",
        group="Sales",
        cause="16" if answered else "17",
        source="REGULAR",
    )
