"""The org's own rules and lists, as far as they can be asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core import reasons
from core.facts import FieldInfo
from core.objects import WITH_OWN_FIELDS
from core.own_fields import check, cut, is_reserved
from core.own_fields.fit import TEXT, is_supported
from core.policy import Mode, OwnField
from core.preflight.case import Case
from core.preflight.finding import Finding, Level, good, stop, warning
from core.reasons import Reason

FIELDS_OF_DEALS = "fields/Opportunity"


def required(case: Case) -> Iterator[Finding]:
    """What Salesforce asks of every new record and nothing fills."""
    lacking = [
        (name, info)
        for name, filled in case.replay.always.items()
        for info in case.shape.fields.get(name, {}).values()
        if info.required and info.name not in filled
    ]
    for name, info in lacking:
        yield _required(case, name, info)
    if not lacking:
        yield good(reasons.preflight.required_none())


def _required(case: Case, name: str, info: FieldInfo) -> Finding:
    """With a row of own fields offered, where one can fill it and none does."""
    own = OwnField(object=name, field=info.name, template="")
    fills = name in WITH_OWN_FIELDS and is_supported(info.type)
    setup = f"fields/{name}"
    if info.name in case.replay.created[name]:
        sometimes = reasons.preflight.required_sometimes(label=info.label, field=own.name)
        return warning(sometimes, setup, "own_fields")
    if fills and not is_reserved(own, case.shape, case.policy):
        lacks = reasons.preflight.required(label=info.label, field=own.name)
        return Finding(Level.STOP, lacks, setup, own_field=own.name)
    return stop(reasons.preflight.required_unfillable(label=info.label, field=own.name), setup)


def own_fields(case: Case) -> Iterator[Finding]:
    """Values that are not among those of a restricted list are told here, too."""
    fine = 0
    for own in case.policy.own_fields:
        if trouble := check(own, case.shape, case.policy) or _cut(own, case):
            yield warning(trouble, f"fields/{own.object}", "own_fields")
        else:
            fine += 1
    if fine:
        yield good(reasons.preflight.own_fields(count=fine))


def _cut(own: OwnField, case: Case) -> Reason | None:
    """A text of the customer's own that is longer than its field: cut with each call."""
    info = case.shape.fields[own.object][own.field]
    is_text = info.type in TEXT and "{" not in own.template
    if is_text and cut(own.template, info.length) != own.template:
        return reasons.field.cut(field=own.name)
    return None


def duplicates(case: Case) -> Iterator[Finding]:
    if case.seen.duplicate_rules is None:
        return
    rules = {name: ", ".join(known) for name, known in case.seen.duplicate_rules.items()}
    if told := _of_created(case, rules):
        yield warning(reasons.preflight.duplicates(rules=told), "duplicate_rules")
    else:
        yield good(reasons.preflight.duplicates_none(), "duplicate_rules")


def stages(case: Case) -> Iterator[Finding]:
    policy, known = case.policy, case.shape.stages
    if policy.mode is not Mode.OPPORTUNITIES or not known:
        return
    opened = {one.name: one.label for one in known if not one.is_closed}
    if not opened:
        yield stop(reasons.preflight.no_open_stage(), FIELDS_OF_DEALS)
        return
    first = next(iter(opened.values()))
    if policy.open_stage and policy.open_stage not in opened:
        gone = reasons.preflight.stage_gone(stage=policy.open_stage, instead=first)
        yield warning(gone, FIELDS_OF_DEALS, "open_stage")
    else:
        stage = opened.get(policy.open_stage, first)
        yield good(reasons.preflight.stage(stage=stage), FIELDS_OF_DEALS)


def record_types(case: Case) -> Iterator[Finding]:
    if told := _of_created(case, case.seen.record_types):
        yield good(reasons.preflight.record_types(types=told))


def _of_created(case: Case, by_object: Mapping[str, str]) -> str:
    """`Lead: …; Contact: …`: of the objects that calls create records of."""
    return "; ".join(f"{one}: {by_object[one]}" for one in case.replay.created if one in by_object)


CHECKS = (required, own_fields, duplicates, stages, record_types)
