"""What the connected user may see, search and set of what a call reads and writes.

Which fields these are stands elsewhere: the look-up says what it reads, the rules what they write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core import reasons
from core.facts import FieldInfo
from core.objects import (
    CALL_KEY,
    CALL_OBJECT,
    CONTACT,
    CONTACT_ROLE,
    EXTERNAL_LINE,
    LEAD,
    OPPORTUNITY,
    RECORD_KEY,
    TASK,
    fields_of,
)
from core.policy import Mode
from core.preflight.case import Case
from core.preflight.finding import Finding, good, stop, warning
from core.rules.blind import hidden, why_blind

ONLY_IN_SOME_ORGS = frozenset({"IsPersonAccount"})


def blind(case: Case) -> Iterator[Finding]:
    """Without these nothing may be created."""
    for why in why_blind(case.shape, case.policy):
        is_closed = why.is_one_of(reasons.hold.encrypted)
        yield stop(why, "encryption" if is_closed else "permission_sets")


def phones(case: Case) -> Iterator[Finding]:
    blind_to = hidden(case.shape, case.policy)
    wanted = [
        one
        for name in case.policy.searched_objects
        for one in fields_of(name, *case.policy.phone_fields_of(name))
        if one not in blind_to
    ]
    seen = [one for one in wanted if case.shape.has(*one.split("."))]
    searched = [one for one in seen if case.shape.can_search(*one.split("."))]
    if unseen := [one for one in wanted if one not in seen]:
        yield warning(reasons.preflight.phones_hidden(fields=_listed(unseen)), "permission_sets")
    if encrypted := [one for one in seen if one not in searched]:
        yield warning(reasons.preflight.phones_encrypted(fields=_listed(encrypted)), "encryption")
    if searched:
        yield good(reasons.preflight.phones(fields=_listed(searched)))


def creating(case: Case) -> Iterator[Finding]:
    barred = [one for one in case.replay.created if not case.seen.createable.get(one, True)]
    if barred:
        cannot = reasons.preflight.cannot_create(objects=_listed(barred))
        yield stop(cannot, "permission_sets")


def reading(case: Case) -> Iterator[Finding]:
    known, with_opportunities = case.shape.fields, case.policy.mode is Mode.OPPORTUNITIES
    if with_opportunities and not {OPPORTUNITY, CONTACT_ROLE} <= known.keys():
        yield warning(reasons.preflight.opportunities_hidden(), "permission_sets")
    objects = (*case.policy.searched_objects, *([OPPORTUNITY] if with_opportunities else []))
    missing = [
        f"{name}.{field}"
        for name in objects
        for field in case.seen.read.get(name, ())
        if name in known and field not in known[name] and field not in ONLY_IN_SOME_ORGS
        if not field.endswith("__c")  # without our package its fields are not missed
    ]
    if missing:
        yield warning(reasons.preflight.not_read(fields=_listed(missing)), "permission_sets")


def writing(case: Case) -> Iterator[Finding]:
    blind_to = hidden(case.shape, case.policy)
    said = [one for one in case.replay.said if one.is_one_of(reasons.field.left_out)]
    left_out = [one.params["field"] for one in said if one.params["field"] not in blind_to]
    fixed = [
        f"{name}.{field}"
        for name, fields in case.replay.changed.items()
        for field in sorted(fields)
        if (info := case.shape.fields.get(name, {}).get(field)) and not info.updateable
    ]
    if left_out:
        yield warning(reasons.preflight.left_out(fields=_listed(left_out)), "permission_sets")
    if fixed:
        yield warning(reasons.preflight.not_changed(fields=_listed(fixed)), "permission_sets")
    if not left_out and not fixed and not blind_to:
        count = sum(len(fields) for fields in case.replay.created.values())
        yield good(reasons.preflight.fields(count=count))


def call_key(case: Case) -> Iterator[Finding]:
    """By what a call that was written is found again."""
    if any(one.is_one_of(reasons.task.no_key) for one in case.replay.said):
        yield warning(reasons.task.no_key(), "permission_sets")
    elif not case.shape.package_installed and not case.shape.can_search(TASK, CALL_OBJECT):
        yield warning(reasons.preflight.key_unsearchable(), "permission_sets")


def of_package(case: Case) -> Iterator[Finding]:
    """Without our package its fields are not missed; where it is, what it protects needs them."""
    if not case.shape.package_installed:
        return
    with_key = [one for one in case.replay.created if one in (LEAD, CONTACT, OPPORTUNITY)]
    ours = [(TASK, CALL_KEY), *((one, RECORD_KEY) for one in with_key), (TASK, EXTERNAL_LINE)]
    lacking = [
        f"{name}.{field}"
        for name, field in ((name, case.shape.named(one)) for name, one in ours)
        if not _is_filled(case.shape.fields.get(name, {}).get(field))
    ]
    if lacking:
        of_no_use = reasons.preflight.package_fields(fields=_listed(lacking))
        yield warning(of_no_use, "permission_sets")


def _is_filled(field: FieldInfo | None) -> bool:
    return field is not None and field.createable and field.filterable


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


CHECKS = (blind, phones, creating, reading, writing, call_key, of_package)
