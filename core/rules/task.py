"""The one Task that a call becomes, written once, when the call is over (rules section 6).

Source: Salesforce object reference, Task: Call* fields exist only where the org has a call
center, `WhatId` must be empty with a lead, and a completed Task locks no other record.
"""

from __future__ import annotations

from datetime import timedelta

from core import reasons
from core.call import Direction, call_object
from core.objects import CALL_OBJECT, TASK
from core.plan import Create, Ref
from core.rules import wording
from core.rules.case import Case, Person
from core.rules.fields import Values, fields_to_create, writable
from core.rules.keys import task_key_field
from core.rules.owners import owner_of_task, responsible_for_missed


def write_task(case: Case, person: Person, what: str | Ref) -> None:
    """The Task is the last step of every plan that writes; only contacts come with a `what`."""
    owner = owner_of_task(case, person)
    values: Values = {
        "TaskSubtype": "Call",
        "Subject": wording.subject(case),
        **_status(case),
        "CallType": "Outbound" if case.call.direction is Direction.OUT else "Inbound",
        "CallDurationInSeconds": case.call.seconds_talk,
        "CallDisposition": wording.disposition(case),
        "Description": wording.description(
            case, with_duration=not writable(case, TASK, "CallDurationInSeconds")
        ),
        "WhoId": person.id,
        "WhatId": what or None,
        "OwnerId": owner or None,
        **_key(case),
    }
    fields, own = fields_to_create(case, TASK, values)
    case.steps.append(Create(case.step_name("task"), TASK, fields, own))


def _status(case: Case) -> Values:
    """A log entry that is over; for a missed call somebody answers for, a thing to do."""
    started, shape = case.call.started_at, case.facts.shape
    if not (case.call.missed and responsible_for_missed(case)):
        return {"Status": shape.closed_task_status, "ActivityDate": started.date().isoformat()}
    due = started + timedelta(minutes=case.policy.missed_task_due_minutes)
    case.say(reasons.task.open(due=due))
    values: Values = {"Status": shape.open_task_status, "ActivityDate": due.date().isoformat()}
    if writable(case, TASK, "ReminderDateTime"):
        # A Task has a due date only; the time is carried by its reminder.
        values["ReminderDateTime"] = due.replace(tzinfo=case.policy.zone).isoformat()
        values["IsReminderSet"] = True
    return values


def _key(case: Case) -> Values:
    field = task_key_field(case)
    if not field:
        case.say(reasons.task.no_key())
        return {}
    return {field: call_object(case.call.key) if field == CALL_OBJECT else case.call.key}
