"""The duplicate rule, and unique fields."""

import re
from typing import Any

from sandbox.body import all_by_key
from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.rows import Record
from sandbox.schema import ObjectSchema
from sandbox.settings import DuplicateRule


def check_unique(caller: Caller, schema: ObjectSchema, record: Record) -> None:
    """Refuse a value that another record has in a unique field, naming that record if in sight."""
    for field in schema.stored.values():
        if not field.get("unique") or record.get(field.name) is None:
            continue
        for row in all_by_key(caller, schema, field, record[field.name]):
            if row.id == record.get("Id"):
                continue
            seen = caller.sees(row)
            name, record_id = (field.name, row.id[:15]) if seen else ("<unknown>", "<unknown>")
            raise SalesforceError(
                "DUPLICATE_VALUE",
                f"duplicate value found: {name} duplicates value on record with id: {record_id}",
                fields=[],
            )


def check_duplicates(caller: Caller, schema: ObjectSchema, record: Record, given: Record) -> None:
    """Apply the org's duplicate rules for this object; see DuplicateRule."""
    for rule in caller.org.settings.duplicate_rules:
        if rule.object != schema.name or not rule.active or not given.keys() & set(rule.match):
            continue
        if rule.action == "alert" and caller.allow_duplicates:
            continue
        found = [row for name in rule.against for row in _matches(caller, rule, name, record)]
        if found:
            raise _duplicates_detected(caller, rule, found)


def _matches(
    caller: Caller, rule: DuplicateRule, name: str, record: Record
) -> list[tuple[str, str]]:
    """(object, id) of the records of one object that are the same person."""
    wanted = {key for f in rule.match if (key := _match_key(record.get(f)))}
    if not wanted:
        return []
    return [
        (name, other["Id"])
        for other in caller.rows.find(caller.org, name)
        if other["Id"] != record.get("Id")
        and not other.get("IsConverted")
        and wanted & {_match_key(other.get(f)) for f in rule.match}
    ]


def _match_key(value: Any) -> str | None:
    """A phone by its digits, anything else as it is but for letter case."""
    if not isinstance(value, str):
        return None
    return value.casefold() if "@" in value else re.sub(r"\D", "", value)


def _duplicates_detected(
    caller: Caller, rule: DuplicateRule, found: list[tuple[str, str]]
) -> SalesforceError:
    results = []
    for name in dict.fromkeys(name for name, _ in found):
        ids = [record_id for other, record_id in found if other == name]
        # A duplicate out of sight refuses the save and is not named.
        ids = [i for i in ids if (row := caller.rows.get(caller.org, i)) and caller.sees(row)]
        results.append(
            {
                "entityType": name,
                "errors": [],
                "matchEngine": "ExactMatchEngine",
                "matchRecords": [_match_record(caller, name, i) for i in ids],
                "rule": f"Standard_{name}_Match_Rule_v1_0",
                "size": len(ids),
                "success": True,
            }
        )
    detail = {
        "allowSave": rule.action == "alert",
        "duplicateRule": rule.name,
        "duplicateRuleEntityType": rule.object,
        "errorMessage": rule.message,
        "matchResults": results,
    }
    # "duplicateResut" is how the platform spells it.
    return SalesforceError("DUPLICATES_DETECTED", rule.message, extra={"duplicateResut": detail})


def _match_record(caller: Caller, name: str, record_id: str) -> dict[str, Any]:
    url = f"{caller.base}/sobjects/{name}/{record_id}"
    return {
        "additionalInformation": [],
        "fieldDiffs": [],
        "matchConfidence": 100.0,
        "record": {"attributes": {"type": name, "url": url}, "Id": record_id},
    }
