"""What each object adds on a write: defaults, derived fields and refusals of its own."""

from collections.abc import Callable

from sandbox.caller import Caller
from sandbox.clock import now_stamp
from sandbox.errors import SalesforceError
from sandbox.person_accounts import complete_account, refuse_person_contact
from sandbox.rows import Record

# record: the whole record as it will be stored. given: what the request set. before: the stored
# record, None on a create.
ObjectRule = Callable[[Caller, Record, Record, Record | None], None]


def full_name(record: Record) -> str:
    """First and last name, as the read-only Name of people."""
    return " ".join(filter(None, [record.get("FirstName"), record.get("LastName")]))


def lead(caller: Caller, record: Record, given: Record, before: Record | None) -> None:
    """Leads: no change after conversion, no converted status by a plain write."""
    if before and before.get("IsConverted") and not caller.org.settings.edit_converted_leads:
        raise SalesforceError(
            "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", fields=[]
        )
    if given.get("IsConverted"):
        raise SalesforceError(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "Unable to create/update fields: IsConverted.",
            fields=["IsConverted"],
        )
    record["Name"] = full_name(record)
    if not record.get("Status"):
        record["Status"] = _default(caller, "LeadStatus")
    converted = caller.rows.find(
        caller.org, "LeadStatus", ApiName=record["Status"], IsConverted=True
    )
    if converted and (before is None or before.get("Status") != record["Status"]):
        raise SalesforceError(
            "INVALID_STATUS",
            "invalid status: a converted status is set by conversion only",
            fields=["Status"],
        )


def contact(caller: Caller, record: Record, given: Record, before: Record | None) -> None:
    """Contacts: the mirrored contact of a person account is written through its account."""
    refuse_person_contact(record if before is None else before)
    record["Name"] = full_name(record)


def account(caller: Caller, record: Record, given: Record, before: Record | None) -> None:
    """Accounts: with person accounts on, a last name makes a person."""
    complete_account(caller, record, given, before)


def opportunity(caller: Caller, record: Record, given: Record, before: Record | None) -> None:
    """Opportunities: what follows from the stage. An unknown stage is an open one."""
    if before is not None and before.get("StageName") == record["StageName"]:
        return
    stages = caller.rows.find(caller.org, "OpportunityStage", ApiName=record["StageName"])
    stage = stages[0] if stages else {}
    record["IsClosed"] = bool(stage.get("IsClosed"))
    record["IsWon"] = bool(stage.get("IsWon"))
    record["ForecastCategory"] = stage.get("ForecastCategory", "Pipeline")
    record["LastStageChangeDate"] = now_stamp() if before is not None else None
    if "Probability" not in given:
        record["Probability"] = stage.get("DefaultProbability", 0)
    if "ForecastCategoryName" not in given:
        record["ForecastCategoryName"] = stage.get("ForecastCategoryName", "Pipeline")


def contact_role(caller: Caller, record: Record, given: Record, before: Record | None) -> None:
    """Contact roles: one contact once per opportunity; one primary, the newest."""
    same = caller.rows.find(
        caller.org, "OpportunityContactRole", OpportunityId=record["OpportunityId"]
    )
    schema = caller.org.object("OpportunityContactRole")
    for other in same:
        if other["Id"] != record.get("Id") and record.get("IsPrimary") and other.get("IsPrimary"):
            assert schema is not None  # noqa: S101 - a standard object
            caller.rows.replace(schema, {**other, "IsPrimary": False})


def task(caller: Caller, record: Record, given: Record, before: Record | None) -> None:
    """Tasks: a lead excludes WhatId, a converted lead is refused, closed and account derived."""
    who = caller.rows.get(caller.org, record.get("WhoId"))
    what = caller.rows.get(caller.org, record.get("WhatId"))
    if who and who.object == "Lead":
        if record.get("WhatId"):
            raise SalesforceError(
                "FIELD_INTEGRITY_EXCEPTION",
                "Related To ID: cannot specify WhatId with a Lead as WhoId",
                fields=["WhatId"],
            )
        if who.data.get("IsConverted") and (before is None or "WhoId" in given):
            raise SalesforceError(
                "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", fields=["WhoId"]
            )
    if (record.get("CallDurationInSeconds") or 0) < 0:
        raise SalesforceError(
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Call Duration: value outside of valid range on numeric field",
            fields=["CallDurationInSeconds"],
        )
    record["Status"] = record.get("Status") or _default(caller, "TaskStatus")
    record["Priority"] = record.get("Priority") or _default(caller, "TaskPriority")
    record["TaskSubtype"] = record.get("TaskSubtype") or "Task"
    _derive_task(caller, record, before)
    if what and what.object == "Account":
        record["AccountId"] = what.id
    else:
        source = what or (who if who and who.object == "Contact" else None)
        record["AccountId"] = source.data.get("AccountId") if source else None


def _derive_task(caller: Caller, record: Record, before: Record | None) -> None:
    statuses = caller.rows.find(caller.org, "TaskStatus", ApiName=record["Status"])
    priorities = caller.rows.find(caller.org, "TaskPriority", ApiName=record["Priority"])
    record["IsClosed"] = bool(statuses and statuses[0]["IsClosed"])
    record["IsHighPriority"] = bool(priorities and priorities[0]["IsHighPriority"])
    if not record["IsClosed"]:
        record["CompletedDateTime"] = None
    elif before is None or not before.get("IsClosed"):
        record["CompletedDateTime"] = now_stamp()


def _default(caller: Caller, name: str) -> str:
    return str(caller.rows.find(caller.org, name, IsDefault=True)[0]["ApiName"])


OBJECT_RULES: dict[str, ObjectRule] = {
    "Lead": lead,
    "Contact": contact,
    "Account": account,
    "Opportunity": opportunity,
    "OpportunityContactRole": contact_role,
    "Task": task,
}
