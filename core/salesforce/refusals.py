"""One refused step of a plan → what follows: written already, plan again, later, or a person.

Whatever can be learnt becomes a lesson, so that the next attempt differs from this one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from core.facts import NOTHING_LEARNT, Lessons, OrgShape
from core.objects import (
    ACCOUNT,
    CALL_KEY,
    CONTACT,
    LEAD,
    OPPORTUNITY,
    RECORD_KEY,
    TASK,
    USER,
    object_of,
    without_namespace,
)
from core.plan import Create, Ref, Step, Update, Verdict
from core.reasons import Reason
from core.salesforce.errors import Paused, RecordRefused, Refusal, SalesforceError
from core.salesforce.ids import ids_in, is_id, to_18

_NOT_THERE_FOR_US = frozenset(
    {
        "INVALID_FIELD",
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    }
)
"""The org changed since it was described: even one of our own fields can be done without."""


_NO_ACCESS = frozenset(
    {
        "INSUFFICIENT_ACCESS",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
    }
)
"""With private sharing, whoever may not view all records loses sight of a new one as soon as its
`OwnerId` is another's (Salesforce Help, "Organization-Wide Sharing Defaults"), in the same
transaction too."""


@dataclass(frozen=True)
class Judgement:
    """What follows from one refusal; `task_id` with DONE only (it may be hidden from us)."""

    verdict: Verdict
    reason: Reason | None = None
    lessons: Lessons = NOTHING_LEARNT
    task_id: str = ""
    pause: int = 0
    """Seconds for which the whole org has to wait."""
    unanswered: bool = False
    """With AGAIN: Salesforce may have the call already, and did not say so clearly."""
    otherwise: bool = False
    """With AGAIN: the org is to be described anew first."""


def judge(step: Step, error: SalesforceError, shape: OrgShape) -> Judgement:
    """`error` is what `translate` made of the step's node."""
    if isinstance(error, Paused):
        return Judgement(Verdict.LATER, error.reason, pause=error.seconds)
    if not isinstance(error, RecordRefused):
        return Judgement(Verdict.LATER, error.reason)
    if isinstance(step, Update) and step.beside:
        record = step.id.step if isinstance(step.id, Ref) else to_18(step.id)
        return _again(error, Lessons(avoid=frozenset({record})))
    judgement = _to_mend(step, error, shape)
    is_mended = judgement.verdict is Verdict.AGAIN and not judgement.unanswered
    if step.beside and not is_mended:
        return _again(error, Lessons(avoid=frozenset({step.step})))
    return judgement


def _to_mend(step: Step, error: RecordRefused, shape: OrgShape) -> Judgement:
    judgement = _judge(step, error, shape)
    if (spare := _spare(step)) and not judgement.lessons.not_owner:
        return _again(error, _without(step, spare))
    optional = _optional(step, error)
    if optional and (judgement.verdict is Verdict.ATTENTION or error.refusal is Refusal.OWNER):
        return _again(error, _without_own(step, optional))
    return judgement


def _spare(step: Step) -> frozenset[str]:
    """Fields without which the whole step falls away, and the call is written all the same: of an
    account that a new contact gets, and of giving a new record away, which then stays ours."""
    if isinstance(step, Update):
        return frozenset(step.fields) if step.is_last else frozenset()
    return frozenset({"Name"}) if step.object == ACCOUNT else frozenset()


def _optional(step: Step, error: RecordRefused) -> frozenset[str]:
    """Fields that the call can do without, where nothing better is known to do: an update of
    nothing but own fields altogether, else the own fields that Salesforce names."""
    if isinstance(step, Update) and step.own.issuperset(step.fields):
        return step.own
    if error.refusal is Refusal.OWNER:
        return frozenset()
    return step.own.intersection(error.fields)


def _judge(step: Step, error: RecordRefused, shape: OrgShape) -> Judgement:
    match error.refusal:
        case Refusal.FIELD:
            return _field(step, error, shape)
        case Refusal.UNIQUE:
            return _unique(step, error, shape)
        case Refusal.DUPLICATE:
            return _duplicate(step, error)
        case Refusal.GONE:
            return _gone(step, error, shape)
        case Refusal.OWNER:
            return _owner(step, error)
        case _:
            return (
                _refused_account(step, error)
                or _lost_sight(step, error)
                or Judgement(Verdict.ATTENTION, error.reason)
            )


def _field(step: Step, error: RecordRefused, shape: OrgShape) -> Judgement:
    named = _named_fields(step, error, shape)
    if own := named & step.own:
        return _again(error, _without_own(step, own))
    if not named and step.own:
        # Salesforce did not say which; the call matters more than any of them.
        return _again(error, _without_own(step, step.own))
    if error.code in _NOT_THERE_FOR_US and named and not _required(step, named, shape):
        return replace(
            _again(error, _without(step, named)), otherwise=_is_needed(step, named, shape)
        )
    return Judgement(Verdict.ATTENTION, error.reason)


def _is_needed(step: Step, names: frozenset[str], shape: OrgShape) -> bool:
    """Whether something is among these that a record is found again by, or a Task hangs on. What
    a new person carries is, but for its owner and its account, as its number is."""
    keys = {shape.named(CALL_KEY), shape.named(RECORD_KEY), *({"WhoId"} & step.fields.keys())}
    is_person = isinstance(step, Create) and step.object in (LEAD, CONTACT)
    return bool(names & keys or (is_person and names - {"OwnerId", "AccountId"}))


def _unique(step: Step, error: RecordRefused, shape: OrgShape) -> Judgement:
    named = _named_fields(step, error, shape)
    if shape.named(CALL_KEY) in named and step.object == TASK:
        task = next((i for i in error.named if object_of(i) == TASK), "")
        return Judgement(Verdict.DONE, task_id=task)
    people = frozenset(i for i in error.named if object_of(i) in (LEAD, CONTACT))
    if shape.named(RECORD_KEY) in named and people:
        return _again(error, Lessons(use=people))
    if own := named & step.own:
        return _again(error, _without_own(step, own))
    if shape.named(CALL_KEY) in step.fields and not named and not step.own:
        # It hides which field and which record. Nothing else of ours is unique.
        return Judgement(Verdict.AGAIN, error.reason, unanswered=True)
    return Judgement(Verdict.ATTENTION, error.reason)


def _duplicate(step: Step, error: RecordRefused) -> Judgement:
    people = frozenset(i for i in error.named if object_of(i) in (LEAD, CONTACT))
    if isinstance(step, Create) and people:
        return _again(error, Lessons(use=people))
    if isinstance(step, Update) and step.own:
        # The record is the right one already; it was our fields that made it look like another.
        return _again(error, _without_own(step, step.own))
    return Judgement(Verdict.ATTENTION, error.reason)


def _gone(step: Step, error: RecordRefused, shape: OrgShape) -> Judgement:
    named = _named_fields(step, error, shape)
    if own := named & step.own:
        return _again(error, _without_own(step, own))
    if "OwnerId" in named or any(object_of(i) == USER for i in error.named):
        return _owner(step, error)
    if isinstance(step, Update):
        if isinstance(step.id, Ref):  # created and gone within one transaction: the org's doing
            return Judgement(Verdict.ATTENTION, error.reason)
        return _again(error, Lessons(avoid=frozenset({to_18(step.id)})))
    if suspect := _suspect(step, named, error):
        return _again(error, Lessons(avoid=frozenset({suspect})))
    return Judgement(Verdict.ATTENTION, error.reason)


def _lost_sight(step: Step, error: RecordRefused) -> Judgement | None:
    """A record that this graph creates was another's already when the step referred to it. Where
    the refusal means another record it helps nothing, and the next one is for a person."""
    references = {name for name, value in step.fields.items() if isinstance(value, Ref)}
    if isinstance(step, Update) and isinstance(step.id, Ref):
        references.add("Id")
    if error.code not in _NO_ACCESS or not references:
        return None
    return _again(error, Lessons(lost_sight=_qualified(step, frozenset(references))))


def _refused_account(step: Step, error: RecordRefused) -> Judgement | None:
    """No right to the account that a new record should go under: it can do without one."""
    value = step.fields.get("AccountId")
    account = to_18(value) if isinstance(value, str) and is_id(value) else ""
    refused = "AccountId" in error.fields or account in error.named
    if isinstance(step, Create) and account and refused:
        return _again(error, Lessons(avoid=frozenset({account})))
    return None


def _owner(step: Step, error: RecordRefused) -> Judgement:
    users = ids_in(error.message, USER)
    owner = step.fields.get("OwnerId")
    if not users and isinstance(owner, str) and is_id(owner):
        users = (to_18(owner),)
    if not users:
        return Judgement(Verdict.ATTENTION, error.reason)
    return _again(error, Lessons(not_owner=frozenset(users)))


def _again(error: RecordRefused, lessons: Lessons) -> Judgement:
    return Judgement(Verdict.AGAIN, error.reason, lessons)


def _without(step: Step, names: frozenset[str]) -> Lessons:
    return Lessons(leave_out=_qualified(step, names))


def _without_own(step: Step, names: frozenset[str]) -> Lessons:
    return Lessons(leave_out_own=_qualified(step, names))


def _qualified(step: Step, names: frozenset[str]) -> frozenset[str]:
    return frozenset(f"{step.object}.{name}" for name in names)


def _named_fields(step: Step, error: RecordRefused, shape: OrgShape) -> frozenset[str]:
    """Fields of the step that the refusal names: in `fields`, or in its text by name or label.

    `STRING_TOO_LONG` speaks of `Last Name`, `INVALID_FIELD` of `'X__c'`.
    """
    listed = frozenset(error.fields) & step.fields.keys()
    if listed:
        return listed
    labels = shape.fields.get(step.object, {})
    return frozenset(
        name
        for name in step.fields
        if _speaks_of(error.message, name)
        or (name in labels and error.message.startswith(f"{labels[name].label}:"))
    )


def _speaks_of(message: str, name: str) -> bool:
    """With its namespace or without: Salesforce's words are not the same everywhere."""
    names = {name, without_namespace(name)}
    return any(re.search(rf"\b{re.escape(one)}\b", message) for one in names)


def _required(step: Step, names: frozenset[str], shape: OrgShape) -> bool:
    infos = shape.fields.get(step.object, {})
    return any(infos[name].required for name in names if name in infos)


def _suspect(step: Create, named: frozenset[str], error: RecordRefused) -> str:
    """The one existing record that a new one refers to and Salesforce will not have. Where it
    does not say which, the opportunity: doing without it loses less than without the person."""
    linked = {
        name: to_18(value)
        for name, value in step.fields.items()
        if isinstance(value, str) and is_id(value) and object_of(value) in _LINKED
    }
    for certain in (
        [linked[name] for name in linked if name in named],
        [value for value in linked.values() if value in error.named],
    ):
        if certain:
            return certain[0]
    order = (LEAD, *_LINKED) if error.code == "CANNOT_UPDATE_CONVERTED_LEAD" else _LINKED
    return next((v for one in order for v in linked.values() if object_of(v) == one), "")


_LINKED = (OPPORTUNITY, LEAD, CONTACT, ACCOUNT)
