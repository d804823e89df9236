"""Calls, records and orgs for the rule tests: short to write, complete to decide on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from core.call import Call, Direction
from core.facts import (
    Contact,
    Facts,
    FieldInfo,
    Lead,
    Lessons,
    Opportunity,
    OrgShape,
    Stage,
    User,
    WaitingCall,
)
from core.phone import e164
from core.plan import Create, Plan, Ref, Update
from core.policy import ClosedOpportunity, LineRow, MissedCallRow, Mode, Policy
from core.rules import decide, triage

NUMBER = "+380505557182"
OWN_LINE = "380444900123"
OLENA, PETRO, GONE, CONNECTED = "005OLENA", "005PETRO", "005GONE", "005CONNECTED"
QUEUE = "00GQUEUE"
TODAY = date(2026, 7, 9)


def call(**changes: Any) -> Call:
    """An answered incoming call."""
    known: dict[str, Any] = {
        "key": "275",
        "direction": Direction.IN,
        "client_number": "380505557182",
        "lines": ("2000",),
        "external_line": OWN_LINE,
        "started_at": datetime(2026, 7, 9, 16, 58, 52),
        "state": "ANSWER",
        "seconds_total": 19,
        "seconds_talk": 9,
        "recording_url": "https://api.unitalk.cloud/tracking/rec/275",
    }
    return Call(**{**known, **changes})


def missed(**changes: Any) -> Call:
    silent = {"state": "NOANSWER", "seconds_talk": 0, "recording_url": ""}
    return call(**{**silent, **changes})


def outgoing(**changes: Any) -> Call:
    return call(**{"direction": Direction.OUT, **changes})


def waiting(a_call: Call, ledger_id: int = 1, **lessons: Any) -> WaitingCall:
    learnt = Lessons(**{name: frozenset(values) for name, values in lessons.items()})
    return WaitingCall(ledger_id, a_call, e164(a_call.client_number, "UA") or "", learnt)


def policy(**changes: Any) -> Policy:
    """Switched on; line 2000 is Olena's, 2001 Petro's, 2009 of one who left."""
    known: dict[str, Any] = {
        "enabled": True,
        "language": "en",
        "lines": tuple(
            LineRow(line=line, user_id=user)
            for line, user in (("2000", OLENA), ("2001", PETRO), ("2009", GONE), ("2010", "005X"))
        ),
    }
    return Policy(**{**known, **changes})


def row(*users: str, line: str = "", row_id: int = 7, turn: int = 0) -> MissedCallRow:
    return MissedCallRow(id=row_id, external_line=line, user_ids=users, turn=turn)


def moment(day: int) -> datetime:
    return datetime(2026, 7, day, tzinfo=UTC)


def lead(record_id: str = "00QLEAD", day: int = 1, **changes: Any) -> Lead:
    known = Lead(record_id, f"Lead {record_id}", ("050 555 71 82",), PETRO, moment(day))
    return replace(known, **changes)


def converted(record_id: str = "00QCONVERTED", **changes: Any) -> Lead:
    return lead(record_id, **{"is_converted": True, **changes})


def contact(record_id: str = "003CONTACT", day: int = 1, **changes: Any) -> Contact:
    known = Contact(record_id, f"Contact {record_id}", (NUMBER,), PETRO, moment(day))
    return replace(known, **changes)


def opportunity(
    record_id: str = "006OPEN", day: int = 1, *, closed: bool = False, close: date = TODAY
) -> Opportunity:
    stage = "Closed Lost" if closed else "Prospecting"
    return Opportunity(record_id, f"Deal {record_id}", stage, closed, close, PETRO, moment(day))


def fields(*names: str, **more: FieldInfo) -> dict[str, FieldInfo]:
    plain = {name: FieldInfo(name, name, "string", length=255) for name in names}
    return {**plain, **more}


def shape(*, package: bool = True, call_center: bool = True, **changes: Any) -> OrgShape:
    """An org as describe shows it, with our package and a call center or without."""
    key = ("UniTalk_Key__c",) if package else ()
    task = ["Subject", "Status", "ActivityDate", "WhoId", "WhatId", "OwnerId", "TaskSubtype"]
    task += ["UniTalk_Call_Id__c"] if package else []
    if call_center:
        task += ["CallType", "CallDurationInSeconds", "CallDisposition", "CallObject"]
    known: dict[str, Any] = {
        "fields": {
            "Lead": fields(
                *("LastName", "Phone", "MobilePhone", "OwnerId", "Status", *key),
                Company=FieldInfo("Company", "Company", "string", length=255, required=True),
            ),
            "Contact": fields(*("LastName", "Phone", "MobilePhone", "AccountId", "OwnerId", *key)),
            "Opportunity": fields(
                *("Name", "StageName", "CloseDate", "AccountId", "ContactId", "OwnerId", *key)
            ),
            "Account": fields("Name", "OwnerId"),
            "OpportunityContactRole": fields("OpportunityId", "ContactId", "IsPrimary"),
            "Task": fields(
                *task,
                *("ReminderDateTime", "IsReminderSet"),
                Description=FieldInfo("Description", "Description", "textarea", length=32000),
            ),
        },
        "stages": (
            Stage("Prospecting", "Prospecting", False),
            Stage("Proposal", "Proposal", False),
            Stage("Closed Lost", "Closed Lost", True),
        ),
        "users": {
            OLENA: User(OLENA, "Olena"),
            PETRO: User(PETRO, "Petro"),
            GONE: User(GONE, "Left Long Ago", is_active=False),
        },
    }
    return OrgShape(**{**known, **changes})


def facts(*records: Lead | Contact, **changes: Any) -> Facts:
    known: dict[str, Any] = {
        "shape": shape(),
        "connected_user_id": CONNECTED,
        "leads": tuple(one for one in records if isinstance(one, Lead)),
        "contacts": tuple(one for one in records if isinstance(one, Contact)),
        "today": TODAY,
    }
    return Facts(**{**known, **changes})


def created(plan: Plan) -> list[str]:
    """Objects that a plan creates, besides its Task."""
    return [step.object for step in plan.steps if isinstance(step, Create)][:-1]


def updated(plan: Plan) -> list[str | Ref]:
    return [step.id for step in plan.steps if isinstance(step, Update)]


def step(plan: Plan, object_name: str) -> Create | Update:
    return next(one for one in plan.steps if one.object == object_name)


def task(plan: Plan) -> Create:
    last = plan.steps[-1]
    assert isinstance(last, Create)
    assert last.object == "Task"
    return last


def told(plan: Plan) -> list[str]:
    """Codes of the trace."""
    return [reason.code for reason in plan.trace]


DEALS = policy(mode=Mode.OPPORTUNITIES)
REOPEN = policy(mode=Mode.OPPORTUNITIES, closed_opportunity=ClosedOpportunity.REOPEN)

OPEN_DEAL, CLOSED_DEAL = opportunity(), opportunity("006CLOSED", closed=True)
WITH_OPEN = contact(opportunities=(CLOSED_DEAL, OPEN_DEAL))
WITH_CLOSED = contact(opportunities=(CLOSED_DEAL,))

Records = tuple[Lead | Contact, ...]


def planned(calls: Sequence[WaitingCall], policy: Policy, facts: Facts) -> list[Plan]:
    """What becomes of calls, as in a delivery: triage, and the rules for those that it leaves."""
    settled = {one.id: triage(one, policy, "active", facts.seen_lines) for one in calls}
    decided = iter(decide([one for one in calls if settled[one.id] is None], policy, facts))
    return [settled[one.id] or next(decided) for one in calls]


def only(policy: Policy, held: Records, call: Call, **lessons: Any) -> Plan:
    """What becomes of one call when Salesforce holds these records."""
    (plan,) = planned([waiting(call, **lessons)], policy, facts(*held))
    return plan
