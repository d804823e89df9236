"""Until somebody calls back: a missed call with an open Task waits for a talk with its client.

    missed          the Task stays open: the loop opens
    missed again    the open Task says how many times and when last; the call's own is completed
    answered        in or out: the open Task is completed, and the loop closes

What is done to the open Task is beside the call: where Salesforce refuses it, the call is written
all the same. A loop whose Task a person completed or deleted is over.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core import reasons
from core.call import Direction
from core.clock import started
from core.facts import Facts, Lessons, OpenLoop, OrgShape, WaitingCall
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
from core.rules.task import due_of

HIGH = "High"
"""Salesforce's own value for what is urgent (object reference, TaskPriority)."""


def follow_loop(handling: Handling) -> None:
    """What this call means for the client's earlier missed call, if that still waits."""
    _end_what_a_person_ended(handling)
    handling.loop = _loop(handling)
    if handling.loop is None:
        return
    if handling.call.missed:
        _miss_again(handling, handling.loop)
    elif _answers(handling, handling.loop):
        _close(handling, handling.loop)


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
    owner = handling.facts.open_tasks.get(task_id)
    if handling.call.missed and owner is not None:
        _end_what_a_person_ended(handling)
    loop = handling.loop = _loop(handling)
    if handling.call.missed and loop:
        _note_missed_again(handling, loop)
    elif handling.call.missed and owner is not None:
        _open(handling, task_id, owner)
    elif loop and _answers(handling, loop):
        _note_closed(handling, loop)


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
    began = _began(handling)
    handling.earlier.loops[handling.number] = Loop(
        task,
        began,
        1,
        wording.subject(handling),
        wording.description(handling, with_duration=False),
        owner,
        handling.transaction if isinstance(task, Ref) else "",
    )
    handling.loop_changes.append(
        LoopOpened(handling.number, began, due_of(handling), owner, handling.call.external_line)
    )


def _miss_again(handling: Handling, loop: Loop) -> None:
    times = loop.times + 1
    subject = wording.missed_times(handling, loop.subject, times)
    description = wording.with_line(loop.description, wording.missed_again(handling, times))
    told = replace(loop, subject=subject, description=description)
    if not _change(handling, told, {"Subject": subject, **_high(handling)}):
        told = loop
    _note_missed_again(handling, told)


def _note_missed_again(handling: Handling, loop: Loop) -> None:
    reason = reasons.loop.missed_again(count=loop.times + 1)
    handling.say(reason)
    handling.loop_changes.append(MissedAgain(handling.number, _began(handling), reason))
    handling.earlier.loops[handling.number] = replace(loop, times=loop.times + 1)


def _close(handling: Handling, loop: Loop) -> None:
    line = wording.called_back(handling, _after(handling, loop))
    told = replace(loop, description=wording.with_line(loop.description, line))
    _change(handling, told, {"Status": handling.facts.shape.closed_task_status})
    _note_closed(handling, loop)


def _note_closed(handling: Handling, loop: Loop) -> None:
    call, user = handling.call, handling.policy.user_of_line(handling.call.line)
    outgoing = call.direction is Direction.OUT
    state = LoopState.CALLED_BACK if outgoing else LoopState.CALLED_AGAIN
    reason = _told(outgoing, _after(handling, loop), user_name(handling, user) or call.line)
    handling.say(reason)
    handling.loop_changes.append(
        LoopEnded(handling.number, state, user, reason, at=_began(handling))
    )
    handling.earlier.loops[handling.number] = None


def _told(outgoing: bool, after: timedelta, who: str) -> Reason:
    """With the name of whoever spoke with the client, or the line; with neither, without."""
    if not who:
        unnamed = (
            reasons.loop.called_back_unnamed if outgoing else reasons.loop.called_again_unnamed
        )
        return unnamed(after=after)
    sentence = reasons.loop.called_back if outgoing else reasons.loop.called_again
    return sentence(after=after, user=who)


def _change(handling: Handling, told: Loop, values: Values) -> bool:
    """Have the open Task say it, where Salesforce lets us."""
    if _fits(handling, told.description):
        values = {**values, "Description": told.description}
    taken = fields_to_change(handling, TASK, values)
    elsewhere = isinstance(told.task, Ref) and told.graph != handling.transaction
    if handling.avoids(told.task) or elsewhere or not taken:
        handling.say(reasons.loop.refused())
        return False
    handling.steps.append(Update(handling.step_name("loop"), TASK, told.task, taken, beside=True))
    return True


def _high(handling: Handling) -> Values:
    """An org may have other priorities than Salesforce's own."""
    priority = handling.facts.shape.fields.get(TASK, {}).get("Priority")
    return {"Priority": HIGH} if priority is None or HIGH in priority.picklist else {}


def _fits(handling: Handling, description: str) -> bool:
    """What people wrote there is not cut."""
    info = handling.facts.shape.fields.get(TASK, {}).get("Description")
    return info is None or cut(description, info.length) == description


def _after(handling: Handling, loop: Loop) -> timedelta:
    return max(timedelta(), _began(handling).astimezone(UTC) - loop.missed_at.astimezone(UTC))


def _answers(handling: Handling, loop: Loop) -> bool:
    return answers(handling.call, _began(handling), loop.missed_at)


def _began(handling: Handling) -> datetime:
    return started(handling.call, handling.policy.zone)
