"""The fields that the product reads and writes, as the org describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.objects import (
    CALL_KEY,
    CONTACT,
    EXTERNAL_LINE,
    LEAD,
    OPPORTUNITY,
    RECORD_KEY,
    TASK,
    fields_of,
)
from core.policy import PHONE_FIELDS
from dev.check_org.assertions import Found, NotAsked, asserts
from dev.check_org.org import Org

WRITTEN = fields_of(
    TASK,
    *("WhoId", "WhatId", "Subject", "Description", "Status", "OwnerId", "ActivityDate"),
    *("TaskSubtype", "CallType", "CallDurationInSeconds", "CallDisposition", "CallObject"),
)
"""What a call is written to."""
FILLED = {
    LEAD: {"LastName", "Company"},
    CONTACT: {"LastName"},
    OPPORTUNITY: {"Name", "StageName", "CloseDate"},
    TASK: {"Status", "Priority"},
}
"""Required fields that the product fills."""


@asserts("Every phone field is visible", expected="all of them")
def phone_fields_visible(org: Org) -> Found:
    return _all_but([name for name in PHONE_FIELDS if not _field(org, name)])


@asserts("Every phone field can be searched", expected="filterable, all of them")
def phone_fields_filterable(org: Org) -> Found:
    """An encrypted one cannot. Source: Object Reference, "Field Properties": `Filter`."""
    seen = [name for name in PHONE_FIELDS if _field(org, name)]
    return _all_but([name for name in seen if not _field(org, name).get("filterable")])


@asserts("Every field of a call can be written", expected="createable, all of them")
def task_fields_createable(org: Org) -> Found:
    """The call fields have no field-level security. Source: Object Reference, "Task"."""
    return _all_but([name for name in WRITTEN if not _field(org, name).get("createable")])


@asserts(
    "The package's fields are unique external ids",
    expected="unique, external id, case-sensitive, each",
)
def package_fields(org: Org) -> Found:
    names = [f"{TASK}.{org.named(CALL_KEY)}"]
    names += [f"{one}.{org.named(RECORD_KEY)}" for one in (LEAD, CONTACT, OPPORTUNITY)]
    if not any(_field(org, name) for name in names):
        raise NotAsked("our package is not installed")
    wrong = [
        f"{name} lacks {', '.join(missing)}"
        for name in names
        if (missing := [k for k in _KEY if not _field(org, name).get(k)])
    ]
    return Found(not wrong, "; ".join(wrong) or f"{names[0]} and 3 more")


@asserts("Our own fields can be written", expected="createable, all of them")
def own_fields_createable(org: Org) -> Found:
    """Source: Object Reference, "Field Properties": `Create`, which field-level security takes."""
    ours = [(TASK, CALL_KEY), (TASK, EXTERNAL_LINE)]
    ours += [(one, RECORD_KEY) for one in (LEAD, CONTACT, OPPORTUNITY)]
    names = [f"{one}.{org.named(key)}" for one, key in ours]
    if not any(_field(org, name) for name in names):
        raise NotAsked("our package is not installed")
    return _all_but([name for name in names if not _field(org, name).get("createable")])


_KEY = ("unique", "externalId", "caseSensitive")


@asserts("No required field is one that we do not fill", expected="none")
def required_fields(org: Org) -> Found:
    """What must be sent on create. Source: REST guide, "sObject Describe"."""
    left_empty = [
        f"{name}.{field}"
        for name, filled in FILLED.items()
        for field, info in org.shape.fields.get(name, {}).items()
        if info.required and field not in filled
    ]
    return Found(not left_empty, ", ".join(left_empty) or "none")


def _field(org: Org, qualified: str) -> Mapping[str, Any]:
    """The description of `Lead.Phone`, empty when it is not shown."""
    name, _, wanted = qualified.partition(".")
    described = org.described[name]
    fields = described.get("fields", ()) if isinstance(described, Mapping) else ()
    return next((field for field in fields if field["name"] == wanted), {})


def _all_but(wrong: list[str]) -> Found:
    return Found(not wrong, f"all but {', '.join(wrong)}" if wrong else "all")
