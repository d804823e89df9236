"""From what we want to write to what this org takes: visible fields, lengths, own fields."""

from __future__ import annotations

from collections.abc import Mapping

from core import reasons
from core.facts import FieldInfo, Fields
from core.objects import ACCOUNT, CONTACT, CONTACT_ROLE, LEAD, OPPORTUNITY, fields_of
from core.own_fields import Unfit, cut, fit, is_reserved, number_field, render
from core.plan import Ref, Value
from core.policy import OwnField, When
from core.rules.handling import Handling

Values = dict[str, Value | Ref]

REQUIRED = frozenset(
    {
        *fields_of(LEAD, "LastName", "Company"),
        *fields_of(CONTACT, "LastName"),
        *fields_of(ACCOUNT, "Name"),
        *fields_of(OPPORTUNITY, "Name", "StageName", "CloseDate"),
        *fields_of(CONTACT_ROLE, "OpportunityId", "ContactId"),
    }
)
"""Without these Salesforce creates no record, so they are never left out."""


def fields_to_create(
    handling: Handling, object_name: str, values: Mapping[str, Value | Ref]
) -> tuple[Values, frozenset[str]]:
    """A new record's fields, own ones among them, and the names of the own ones."""
    fields = _taken(handling, object_name, values)
    own = _own_fields(handling, object_name, creating=True)
    return {**fields, **own}, frozenset(own)


def fields_to_update(
    handling: Handling, object_name: str, record: str | Ref, values: Mapping[str, Value | Ref]
) -> tuple[Values, frozenset[str]]:
    """Changes to a record that exists, with the own fields that every call fills."""
    own = own_fields_of_every_call(handling, object_name, record)
    return {**own, **_taken(handling, object_name, values)}, frozenset(own) - frozenset(values)


def fields_to_change(
    handling: Handling, object_name: str, values: Mapping[str, Value | Ref]
) -> Values:
    """What of these a record that exists may be given."""
    fields = handling.facts.shape.fields.get(object_name)
    return {
        name: _fitting(handling, object_name, name, value, fields or {})
        for name, value in values.items()
        if fields is None or (name in fields and fields[name].updateable)
        if f"{object_name}.{name}" not in handling.lessons.leave_out
    }


def own_fields_of_every_call(handling: Handling, object_name: str, record: str | Ref) -> Values:
    """What a record that the batch creates holds already is not written once more."""
    own = _own_fields(handling, object_name, creating=False)
    held = handling.earlier.filled.get(record, {}) if isinstance(record, Ref) else {}
    return {name: value for name, value in own.items() if held.get(name) != value}


def writable(handling: Handling, object_name: str, name: str) -> bool:
    """Whether a new record may carry this field: the connected user sees it and may set it. One
    that finds the record again is not left out for a refusal: the org was described anew since."""
    shape = handling.facts.shape
    fields = shape.fields.get(object_name)
    is_needed = name in ("WhoId", number_field(object_name, shape, handling.policy))
    if f"{object_name}.{name}" in handling.lessons.leave_out and not is_needed:
        return False
    if fields is None:  # not described to us: the standard fields are there
        return not name.endswith("__c")
    return name in fields and fields[name].createable


def _taken(handling: Handling, object_name: str, values: Mapping[str, Value | Ref]) -> Values:
    fields = handling.facts.shape.fields.get(object_name, {})
    taken: Values = {}
    for name, value in values.items():
        if value is None:
            continue
        if f"{object_name}.{name}" in REQUIRED or writable(handling, object_name, name):
            taken[name] = _fitting(handling, object_name, name, value, fields)
        elif not name.endswith("__c"):  # without our package its fields are not missed
            handling.say(reasons.field.left_out(field=f"{object_name}.{name}"))
    return taken


def _fitting(
    handling: Handling, object_name: str, name: str, value: Value | Ref, fields: Fields
) -> Value | Ref:
    if not isinstance(value, str) or name not in fields:
        return value
    shorter = cut(value, fields[name].length)
    if shorter != value:
        handling.say(reasons.field.cut(field=f"{object_name}.{name}"))
    return shorter


def _own_fields(handling: Handling, object_name: str, *, creating: bool) -> Values:
    """The customer's own fields that fit; the others are left out, with a line in the trace."""
    when = tuple(When) if creating else (When.EVERY_CALL,)
    mine = [f for f in handling.policy.own_fields if f.object == object_name and f.when in when]
    filled: Values = {}
    for own in mine:
        info = _visible(handling, own, creating=creating)
        if info is None:
            continue
        value = fit(render(own.template, handling.variables), info, handling.policy)
        if isinstance(value, Unfit):
            handling.say(value.reason.naming(field=own.name))
        else:
            filled[own.field] = value
    return filled


def _visible(handling: Handling, own: OwnField, *, creating: bool) -> FieldInfo | None:
    """The field as the org describes it now; None, and a line in the trace, when it is gone."""
    info = handling.facts.shape.fields.get(own.object, {}).get(own.field)
    refused = handling.lessons.leave_out | handling.lessons.leave_out_own
    if is_reserved(own, handling.facts.shape, handling.policy):
        handling.say(reasons.own.reserved(field=own.name))
    elif own.name in refused:
        handling.say(reasons.own.refused(field=own.name))
    elif info is None:
        handling.say(reasons.own.hidden(field=own.name))
    elif not (info.createable if creating else info.updateable):
        handling.say(reasons.own.read_only(field=own.name))
    else:
        return info
    return None
