"""Lead conversion, which Salesforce does by its pages, SOAP or Apex, never by plain REST."""

from datetime import UTC, datetime, timedelta

from sandbox.caller import Caller
from sandbox.clock import now_stamp
from sandbox.dml import create, existing
from sandbox.errors import SalesforceError
from sandbox.rows import Record

DEAL_DAYS = 30


def convert_lead(caller: Caller, lead_id: str, *, with_opportunity: bool) -> Record:
    """Make account, contact and, if wanted, opportunity of a lead; returns the converted lead.

    The lead's activities move to the contact and the opportunity. With person accounts a lead
    without a company becomes a person account.
    """
    leads = caller.org.object("Lead")
    assert leads is not None, "Lead is a standard object"  # noqa: S101
    with caller.storage.transaction():
        lead = existing(caller, leads, lead_id).data
        if lead["IsConverted"]:
            raise SalesforceError("CANNOT_UPDATE_CONVERTED_LEAD", "lead is already converted")
        account_id, contact_id = _person(caller, lead) or _company(caller, lead)
        deal_id = _deal(caller, lead, account_id, contact_id) if with_opportunity else None
        status = caller.rows.find(caller.org, "LeadStatus", IsConverted=True)[0]["ApiName"]
        moment = now_stamp()
        converted = {
            **lead,
            "IsConverted": True,
            "Status": status,
            "ConvertedDate": moment[:10],
            "ConvertedAccountId": account_id,
            "ConvertedContactId": contact_id,
            "ConvertedOpportunityId": deal_id,
            "LastModifiedDate": moment,
            "SystemModstamp": moment,
        }
        caller.rows.replace(leads, converted)
        _move_activities(caller, lead["Id"], contact_id, deal_id or account_id, account_id)
    return converted


def _owned(lead: Record, **fields: str | None) -> Record:
    """A body that keeps the lead's owner unless that is a queue."""
    owner = {"OwnerId": lead["OwnerId"]} if lead["OwnerId"].startswith("005") else {}
    return {**{k: v for k, v in fields.items() if v is not None}, **owner}


def _create(caller: Caller, name: str, body: Record) -> str:
    schema = caller.org.object(name)
    assert schema is not None, f"{name} is a standard object"  # noqa: S101
    return create(caller, schema, body)


def _person(caller: Caller, lead: Record) -> tuple[str, str] | None:
    """Account and contact of a person, where the org and the lead ask for one."""
    if lead.get("Company") or not caller.org.settings.person_accounts:
        return None
    body = _owned(
        lead,
        LastName=lead["LastName"],
        FirstName=lead["FirstName"],
        Phone=lead["Phone"],
        PersonMobilePhone=lead["MobilePhone"],
        PersonEmail=lead["Email"],
    )
    account_id = _create(caller, "Account", body)
    row = caller.rows.get(caller.org, account_id)
    return account_id, str(row.data["PersonContactId"]) if row else ""


def _company(caller: Caller, lead: Record) -> tuple[str, str]:
    account_id = _create(caller, "Account", _owned(lead, Name=lead["Company"], Phone=lead["Phone"]))
    same = ("FirstName", "LastName", "Phone", "MobilePhone", "Email", "Title", "LeadSource")
    body = _owned(lead, AccountId=account_id, **{name: lead.get(name) for name in same})
    return account_id, _create(caller, "Contact", body)


def _deal(caller: Caller, lead: Record, account_id: str, contact_id: str) -> str:
    stage = caller.rows.find(caller.org, "OpportunityStage", IsClosed=False)[0]["ApiName"]
    close = datetime.now(UTC) + timedelta(days=DEAL_DAYS)
    body = _owned(
        lead,
        Name=f"{lead.get('Company') or lead['Name']}-"[:120],
        StageName=stage,
        CloseDate=close.date().isoformat(),
        AccountId=account_id,
        ContactId=contact_id,
    )
    return _create(caller, "Opportunity", body)


def _move_activities(
    caller: Caller, lead_id: str, contact_id: str, what_id: str, account_id: str
) -> None:
    for name in ("Task", "Event"):
        schema = caller.org.object(name)
        assert schema is not None, f"{name} is a standard object"  # noqa: S101
        for activity in caller.rows.find(caller.org, name, WhoId=lead_id):
            moved = {"WhoId": contact_id, "WhatId": what_id, "AccountId": account_id}
            caller.rows.replace(schema, {**activity, **moved})
