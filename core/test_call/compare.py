"""What was written beside what stands there, field by field.

Salesforce keeps values in a form of its own: ids of 18 characters, moments in UTC, lines that end
in CR LF, no space at the ends, values of a list in the list's order. None of that is a difference.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from core.facts import FieldInfo, OrgShape
from core.objects import OPPORTUNITY
from core.plan import Create, Plan, Ref, Update
from core.salesforce.composite import Row
from core.salesforce.errors import SalesforceError
from core.salesforce.ids import is_id, to_18
from core.test_call.report import Field, Record

Found = Mapping[str, Row | SalesforceError]
"""By record id: what stands there, or why it cannot be read."""
OWNER = "OwnerId"
_WRITTEN_ONLY = frozenset({(OPPORTUNITY, "ContactId")})
"""Makes a contact role and is empty ever after (object reference, Opportunity)."""


def planned(plan: Plan, shape: OrgShape) -> tuple[Record, ...]:
    """The records that a plan creates, as they are to stand there in the end."""
    creates = [step for step in plan.steps if isinstance(step, Create)]
    made = {step.step: step.object for step in creates}
    return tuple(_planned(step, plan, made, shape) for step in creates)


def _planned(step: Create, plan: Plan, made: Mapping[str, str], shape: OrgShape) -> Record:
    known = shape.fields.get(step.object, {})
    changed = [
        one.fields for one in plan.steps if isinstance(one, Update) and one.id == Ref(step.step)
    ]
    whole = ChainMap(*map(dict, reversed(changed)), dict(step.fields))
    sent = {name: value for name, value in whole.items() if value is not None}
    names = [*sent, *({OWNER} & known.keys() - sent.keys())]
    return Record(
        object=step.object,
        fields=tuple(
            _field(known.get(name), name, sent.get(name), made)
            for name in names
            if (step.object, name) not in _WRITTEN_ONLY
        ),
    )


def _field(known: FieldInfo | None, name: str, value: Any, made: Mapping[str, str]) -> Field:
    label, kind = (known.label, known.type) if known else (name, "string")
    if isinstance(value, Ref):
        return Field(name=name, label=label, type=kind, sent=value.step, new=made[value.step])
    return Field(name=name, label=label, type=kind, sent=value)


def written(record: Record, record_id: str, ids: Mapping[str, str]) -> Record:
    """The record with its id; `ids` has what the plan's steps created."""
    fields = tuple(
        one.model_copy(update={"sent": ids[one.sent]}) if one.new else one for one in record.fields
    )
    return record.model_copy(update={"id": record_id, "fields": fields})


def columns(record: Record, shape: OrgShape) -> Collection[str]:
    """The fields to read back: a required one may be hidden from the connected user."""
    described = record.object in shape.fields
    return [
        one.name for one in record.fields if not described or shape.has(record.object, one.name)
    ] or ["Id"]


def compared(record: Record, row: Row) -> Record:
    fields = tuple(_compared(one, row) for one in record.fields)
    return record.model_copy(update={"fields": fields, "is_read": True})


def _compared(field: Field, row: Row) -> Field:
    if field.name not in row:
        return field
    found = row[field.name]
    is_same = field.sent is None or _plain(field.sent, field) == _plain(found, field)
    return field.model_copy(update={"found": found, "is_same": is_same})


def _plain(value: Any, field: Field) -> Any:
    """A value in a form in which equal ones are equal."""
    if isinstance(value, int | float):  # also a checkbox
        return float(value)
    text = "\n".join(str(value or "").splitlines()).strip()
    if field.type == "datetime" and text:
        return datetime.fromisoformat(text).replace(microsecond=0)
    if field.type == "multipicklist":
        return frozenset(text.split(";"))
    return to_18(text) if field.type == "reference" and is_id(text) else text
