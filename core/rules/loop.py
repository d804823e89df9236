"""Until somebody calls back: a missed call with an open Task waits for a talk with its client.

    missed          the Task stays open: the loop opens
    missed again    the open Task says how many times and when last; the call's own is completed
    answered        in or out: the open Task is completed, and the loop closes
    told late       a missed call whose client was spoken to since waits for nobody

What is done to the open Task is beside the call: where Salesforce refuses it, the call is written
all the same. A loop whose Task a person completed or deleted is over.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core import reasons
from core.call import Direction
from core.facts import Facts, Lessons, OpenLoop, OrgShape, WaitingCall
from core.kinds import Known
from core.loops import LoopEnded, LoopOpened, LoopState, MissedAgain, answers
from core.objects import TASK
from core.own_fields import cut
from core.plan import Plan, Ref, Update
from core.policy import Policy
from core.reasons import Reason
from core.rules import wording
from core.rules.fields import Values, fields_to_change
from core.rules.handling import Earlier, Handling, Loop
from core.rules.owners import next_in_turn, user_name
from core.rules.talks import after, began, note_talk, spoken, talk_since
from core.rules.task import due_of

HIGH = "High"
"""Salesforce's own value for what is urgent (object reference, TaskPriority)."""


_NOBODY_HAS_IT = (
    reasons.skip.outgoing_unknown,
    reasons.skip.outgoing_converted,
    reasons.skip.lead_converted,
)


def follow_loop(handling: Handling) -> None:
    """What this call means for the client's earlier missed call, if that still waits."""
    _end_what_a_person_ended(handling)
    note_talk(handling)
    if handling.call.missed:
        handling.talk = talk_since(handling)
    handling.loop = None if handling.talk else _loop(handling)
    if handling.loop is None:
        return
    if handling.call.missed:
        _miss_again(handling, handling.loop)
    elif _answers(handling, handling.loop):
        _close(handling, handling.loop)


def follow_skipped(handling: Handling, skipped: Reason) -> None:
    """A talk that is written nowhere, as nobody has the number any more (the lead was converted,
    the number corrected), ends the wait even so: the Task is left to a person."""
    silent = handling.policy.grid.known(handling.kind) is Known.NOTHING
    if silent or not (handling.call.answered and skipped.is_one_of(*_NOBODY_HAS_IT)):
        return
    _end_what_a_person_ended(handling)
    loop = _loop(handling)
    if loop and _answers(handling, loop):
        handling.say(reasons.loop.task_left())
        _note_closed(handling, loop)


def open_loop(handling: Handling) -> None:
    """Once the Task is written: a missed call whose Task stays open waits from now on."""
    if handling.call.missed and handling.due:
        step = handling.steps[-1]
        task, owner = Ref(step.step), step.fields.get("OwnerId")
        _open(handling, task, owner if isinstance(owner, str) else "")
        handling.say(reasons.loop.opened())


def follow_written(handling: Handling, task_id: str) -> None:
    """The same for a call that an earlier attempt wrote, whose reply was lost. What it did to the
    open Task is done; that this is completed may have been its doing."""
    note_talk(handling)
    if handling.call.missed:
        _follow_written_missed(handling, task_id)
        return
    loop = handling.loop = _loop(handling)
    if loop and _answers(handling, loop):
        _note_closed(handling, loop)


def _follow_written_missed(handling: Handling, task_id: str) -> None:
    """While it needed a person, later calls may have overtaken it: where its own Task is open, it
    is completed then."""
    owner = handling.facts.open_tasks.get(task_id)
    if owner is not None:
        _end_what_a_person_ended(handling)
        handling.talk = talk_since(handling)
    loop = handling.loop = None if handling.talk else _loop(handling)
    if owner is not None and (handling.talk or loop):
        _set(handling, task_id, {"Status": handling.facts.shape.closed_task_status})
    if handling.talk:
        handling.say(spoken(handling, handling.talk, began(handling, handling.call)))
    elif loop:
        _note_missed_again(handling, loop)
    elif owner is not None:
        _open(handling, task_id, owner)


def ending(number: str, known: OpenLoop, shape: OrgShape) -> LoopEnded | None:
    """Whether a person has completed the Task, or it is there no more."""
    if known.task is None:
        return LoopEnded(number, LoopState.GONE, "", reasons.loop.gone())
    if known.task.is_closed:
        user = shape.users.get(known.task.changed_by)
        reason = reasons.loop.completed(user=user.name if user else known.task.changed_by)
        return LoopEnded(number, LoopState.COMPLETED, known.task.changed_by, reason)
    return None


def hand_over(
    waiting: WaitingCall, task_id: str, owner: str, policy: Policy, facts: Facts, earlier: Earlier
) -> Plan | None:
    """Have the Task of an overdue loop go to whoever is next; None when nobody else is left.

    `waiting` is the call that opened it; `earlier` is shared by all of one look.
    """
    lessons = waiting.lessons | Lessons(not_owner=frozenset({owner}))
    handling = Handling(replace(waiting, lessons=lessons), policy, facts, earlier)
    user = next_in_turn(handling)
    if not user:
        return None
    step = Update(handling.step_name("hand_over"), TASK, task_id, {"OwnerId": user})
    handling.steps.append(step)
    return handling.write(reasons.loop.handed_over(user=user_name(handling, user)), "")


def _loop(handling: Handling) -> Loop | None:
    known = handling.facts.loops.get(handling.number)
    return handling.earlier.loops.get(handling.number, _as_known(known) if known else None)


def _as_known(known: OpenLoop) -> Loop:
    task = known.task
    return Loop(
        known.task_id,
        known.missed_at,
        known.last_missed_at or known.missed_at,
        known.times,
        task.subject if task else "",
        task.description if task else "",
        task.owner_id if task else "",
    )


def _end_what_a_person_ended(handling: Handling) -> None:
    number, known = handling.number, handling.facts.loops.get(handling.number)
    if known is None or number in handling.earlier.loops:
        return
    if ended := ending(number, known, handling.facts.shape):
        handling.loop_changes.append(ended)
        handling.earlier.loops[number] = None
        handling.say(ended.reason)


def _open(handling: Handling, task: str | Ref, owner: str) -> None:
    missed_at = began(handling, handling.call)
    handling.earlier.loops[handling.number] = Loop(
        task,
        missed_at,
        missed_at,
        1,
        wording.subject(handling),
        wording.description(handling, with_duration=False),
        owner,
        handling.transaction if isinstance(task, Ref) else "",
    )
    handling.loop_changes.append(
        LoopOpened(handling.number, missed_at, due_of(handling), owner, handling.call.external_line)
    )


def _miss_again(handling: Handling, loop: Loop) -> None:
    times = loop.times + 1
    subject = wording.missed_times(handling, loop.subject, times, _last(handling, loop))
    description = wording.with_line(loop.description, wording.missed_again(handling, times))
    told = replace(loop, subject=subject, description=description)
    if not _change(handling, told, {"Subject": subject, **_high(handling)}):
        told = loop
    _note_missed_again(handling, told)


def _note_missed_again(handling: Handling, loop: Loop) -> None:
    reason = reasons.loop.missed_again(count=loop.times + 1)
    handling.say(reason)
    handling.loop_changes.append(
        MissedAgain(handling.number, began(handling, handling.call), reason)
    )
    handling.earlier.loops[handling.number] = replace(
        loop, times=loop.times + 1, last_missed_at=_last(handling, loop)
    )


def _last(handling: Handling, loop: Loop) -> datetime:
    """An earlier one may be told late."""
    return max(loop.last_missed_at, began(handling, handling.call))


def _close(handling: Handling, loop: Loop) -> None:
    passed = after(handling, handling.call, loop.missed_at)
    line = wording.called_back(handling, handling.call, passed)
    told = replace(loop, description=wording.with_line(loop.description, line))
    _change(handling, told, {"Status": handling.facts.shape.closed_task_status})
    _note_closed(handling, loop)


def _note_closed(handling: Handling, loop: Loop) -> None:
    call, user = handling.call, handling.policy.user_of_line(handling.call.line)
    outgoing = call.direction is Direction.OUT
    state = LoopState.CALLED_BACK if outgoing else LoopState.CALLED_AGAIN
    reason = spoken(handling, call, loop.missed_at)
    handling.say(reason)
    handling.loop_changes.append(
        LoopEnded(handling.number, state, user, reason, at=began(handling, call))
    )
    handling.earlier.loops[handling.number] = None


def _change(handling: Handling, told: Loop, values: Values) -> bool:
    """Have the open Task say it, where Salesforce lets us."""
    if _fits(handling, told.description):
        values = {**values, "Description": told.description}
    return _set(handling, told.task, values, told.graph)


def _set(handling: Handling, task: str | Ref, values: Values, graph: str = "") -> bool:
    taken = fields_to_change(handling, TASK, values)
    elsewhere = isinstance(task, Ref) and graph != handling.transaction
    if handling.avoids(task) or elsewhere or not taken:
        handling.say(reasons.loop.refused())
        return False
    handling.steps.append(Update(handling.step_name("loop"), TASK, task, taken, beside=True))
    return True


def _high(handling: Handling) -> Values:
    """An org may have other priorities than Salesforce's own."""
    priority = handling.facts.shape.fields.get(TASK, {}).get("Priority")
    return {"Priority": HIGH} if priority is None or HIGH in priority.picklist else {}


def _fits(handling: Handling, description: str) -> bool:
    """What people wrote there is not cut."""
    info = handling.facts.shape.fields.get(TASK, {}).get("Description")
    return info is None or cut(description, info.length) == description


def _answers(handling: Handling, loop: Loop) -> bool:
    return answers(handling.call, began(handling, handling.call), loop.missed_at)
