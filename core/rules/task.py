"""The one Task that a call becomes, written once, when the call is over (rules section 6).

Source: Salesforce object reference, Task: Call* fields exist only where the org has a call
center, `WhatId` must be empty with a lead, and a completed Task locks no other record.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core import reasons
from core.call import Call, Direction
from core.clock import started
from core.kinds import Kind, Known, choices_of
from core.objects import EXTERNAL_LINE, TASK
from core.plan import Create, Ref
from core.rules import wording
from core.rules.fields import Values, fields_to_create, writable
from core.rules.handling import Handling, Person
from core.rules.keys import key_of_task
from core.rules.owners import owner_of_task, responsible_for_missed
from core.rules.talks import after, spoken


def write_task(handling: Handling, person: Person, what: str | Ref) -> None:
    """The Task is the last step of every plan that writes; only contacts come with a `what`."""
    owner = owner_of_task(handling, person)
    waits = _stays_open(handling)
    talk = handling.talk if waits else None
    values: Values = {
        "TaskSubtype": "Call",
        "Subject": wording.subject(handling),
        **_status(handling, waits, talk),
        "CallType": "Outbound" if handling.call.direction is Direction.OUT else "Inbound",
        "CallDurationInSeconds": handling.call.seconds_talk,
        "CallDisposition": wording.disposition(handling),
        "Description": _description(handling, talk),
        "WhoId": person.id,
        "WhatId": what or None,
        "OwnerId": owner or None,
        handling.facts.shape.named(EXTERNAL_LINE): handling.call.external_line or None,
        **key_of_task(handling),
    }
    fields, own = fields_to_create(handling, TASK, values)
    handling.steps.append(Create(handling.step_name("task"), TASK, fields, own))


def _description(handling: Handling, talk: Call | None) -> str:
    """A missed call that is told late says who has spoken with the client since."""
    no_field = not writable(handling, TASK, "CallDurationInSeconds")
    said = wording.description(handling, with_duration=no_field)
    if not talk:
        return said
    passed = after(handling, talk, started(handling.call, handling.policy.zone))
    return wording.with_line(said, wording.called_back(handling, talk, passed))


def _status(handling: Handling, waits: bool, talk: Call | None) -> Values:
    """A log entry that is over; for a missed call somebody answers for, a thing to do, unless the
    client was spoken to since."""
    began, shape = started(handling.call, handling.policy.zone), handling.facts.shape
    if talk:
        handling.say(spoken(handling, talk, began))
    if talk or not waits:
        return {"Status": shape.closed_task_status, "ActivityDate": began.date().isoformat()}
    due = handling.due = due_of(handling)
    handling.say((reasons.task.open if handling.call.missed else reasons.task.to_do)(due=due))
    return to_do(handling, due)


def due_of(handling: Handling) -> datetime:
    """When a Task that stays open is due."""
    began = started(handling.call, handling.policy.zone)
    within = timedelta(minutes=handling.policy.missed_task_due_minutes)
    return handling.policy.hours.later(began, within)


def to_do(handling: Handling, due: datetime) -> Values:
    """What makes a Task an open one."""
    status = handling.facts.shape.open_task_status
    values: Values = {"Status": status, "ActivityDate": due.date().isoformat()}
    if writable(handling, TASK, "ReminderDateTime"):
        # A Task has a due date only; the time is carried by its reminder.
        values["ReminderDateTime"] = due.isoformat()
        values["IsReminderSet"] = True
    return values


def _stays_open(handling: Handling) -> bool:
    if handling.loop and handling.call.missed:  # the earlier one's Task waits already
        return False
    if handling.kind is Kind.INCOMING_MISSED_OUTSIDE:
        handling.say(reasons.task.outside_hours())
    chosen = handling.policy.grid.known(handling.kind)
    if chosen is Known.NOTHING:  # said of known clients: this one was not
        chosen = choices_of(handling.kind)[0]
    if chosen is Known.AS_TABLE:
        return bool(responsible_for_missed(handling))
    return chosen is Known.OPEN
