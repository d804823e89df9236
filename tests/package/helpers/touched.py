"""Which fields our code reads and writes, found by letting it ask and plan under every setting.

The org is the stand-in's, with everything that it may have: what a new setting or a changed rule
touches shows by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from itertools import product

from core.facts import FieldInfo, Fields, OrgShape
from core.policy import EACH_ITS_OWN, Policy
from core.salesforce.questions import questions
from core.salesforce.shape import OBJECTS
from sandbox.features import PERSON_FIELDS, package_fields
from sandbox.schema import Field, standard_objects
from tests.core.helpers import cases

RECORDS: tuple[cases.Records, ...] = (
    (),
    (cases.lead(),),
    (cases.converted(),),
    (cases.contact(account_id="001ACCOUNT"),),
    (cases.WITH_OPEN,),
    (cases.WITH_CLOSED,),
)
CALLS = (cases.call(), cases.missed(), cases.outgoing())


@cache
def described() -> dict[str, dict[str, Field]]:
    """Every field that an object may have, by name."""
    return {
        name: {
            one["name"]: Field.parse(one)
            for one in (
                *standard_objects()[name]["fields"],
                *package_fields("").get(name, ()),
                *PERSON_FIELDS.get(name, ()),
            )
        }
        for name in (*OBJECTS, "Event")
    }


def touched() -> set[str]:
    """`Object.Field` of whatever is read or written."""
    return {field for policy in _policies() for field in (*_read(policy), *_written(policy))}


def can_be_granted(name: str) -> bool:
    """Whether field-level security speaks of an `Object.Field`; of required and system fields it
    does not, and granting one is refused."""
    object_name, _, field = name.partition(".")
    return bool(described()[object_name][field].get("permissionable"))


@cache
def _shape() -> OrgShape:
    return cases.shape(fields={name: _fields(known) for name, known in described().items()})


def _fields(known: dict[str, Field]) -> Fields:
    return {
        name: FieldInfo(
            name,
            one.label,
            one.type,
            length=one.length,
            createable=one.get("createable"),
            updateable=one.get("updateable"),
        )
        for name, one in known.items()
    }


def _policies() -> Iterator[Policy]:
    """Every combination of the switches and choices, with everything that a list may hold."""
    choices = {name: _choices(field.annotation) for name, field in Policy.model_fields.items()}
    varied = {name: values for name, values in choices.items() if values and name != "enabled"}
    varied["contact_account_id"] = ("001000000000001AAA", EACH_ITS_OWN)
    for chosen in product(*varied.values()):
        yield cases.policy(
            **dict(zip(varied, chosen, strict=True)),
            missed_calls=(cases.row(cases.OLENA),),
            phone_fields=_phones(),
        )


def _choices(kind: object) -> tuple[object, ...]:
    if kind is bool:
        return (False, True)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(kind)
    return ()


@cache
def _phones() -> tuple[str, ...]:
    """What the setting may name: fields of type phone."""
    return tuple(
        f"{name}.{one.name}"
        for name in ("Lead", "Contact")
        for one in described()[name].values()
        if one.type == "phone"
    )


def _read(policy: Policy) -> Iterator[str]:
    """Words of the queries that are fields of the object they ask."""
    for asked in questions(_shape(), policy, [cases.NUMBER], ["key"], [], cases.TODAY):
        name = asked.kind.capitalize()
        words = set(re.findall(r"\w+", asked.query))
        yield from (f"{name}.{one}" for one in _shape().fields[name] if one in words)


def _written(policy: Policy) -> Iterator[str]:
    for records, call in product(RECORDS, CALLS):
        facts = cases.facts(*records, shape=_shape())
        (plan,) = cases.planned([cases.waiting(call)], policy, facts)
        for step in plan.steps:
            yield from (f"{step.object}.{field}" for field in step.fields)
