"""Fields that are the product's to fill: an own field may not take them."""

from __future__ import annotations

from core.facts import OrgShape
from core.objects import (
    CONTACT,
    EXTERNAL_LINE,
    LEAD,
    OPPORTUNITY,
    RECORD_KEY,
    TASK,
    TASK_KEYS,
    fields_of,
    without_namespace,
)
from core.policy import OwnField, Policy

RESERVED = frozenset(
    {
        *fields_of(LEAD, "OwnerId", RECORD_KEY, "IsConverted"),
        *fields_of(CONTACT, "OwnerId", RECORD_KEY),
        *fields_of(OPPORTUNITY, "OwnerId", RECORD_KEY, "StageName", "CloseDate"),
        *fields_of(TASK, "OwnerId", *TASK_KEYS, "WhoId", "WhatId", "TaskSubtype", "Status"),
        *fields_of(TASK, "CallType", "CallDurationInSeconds", EXTERNAL_LINE),
    }
)
"""Fields by which the product finds its records again, or which rules and settings decide."""


def is_reserved(own: OwnField, shape: OrgShape, policy: Policy) -> bool:
    """Beside RESERVED: where a new record's number stands, by which the next call finds it."""
    return is_ours(own.object, own.field) or own.field == number_field(own.object, shape, policy)


def is_ours(object_name: str, field: str) -> bool:
    """Whether a field is among RESERVED, whatever namespace our package's fields carry."""
    return f"{object_name}.{without_namespace(field)}" in RESERVED


def number_field(object_name: str, shape: OrgShape, policy: Policy) -> str:
    """Where a new lead or contact gets its number: the first phone field that can be searched and
    written. Empty for other objects."""
    if object_name not in (LEAD, CONTACT):
        return ""
    fields = shape.fields.get(object_name, {})
    searched = (n for n in policy.phone_fields_of(object_name) if shape.can_search(object_name, n))
    return next((n for n in searched if fields[n].createable), "Phone")
