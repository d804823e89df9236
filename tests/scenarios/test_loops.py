"""A missed call is somebody's until the client was spoken to: read back from the stand-in."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.loops import LoopState
from core.models import CallState, LoopRow, QueuedCall
from core.policy import LineRow, MissedCallRow
from tests.helpers.events import event, missed, outgoing

LATER = {"date": "2026-07-09 17:10:52"}
LATEST = {"date": "2026-07-09 17:40:52"}


@pytest.fixture
def world(world):
    """Anna takes calls on line 2000; Bohdan and Clara answer for missed ones, in turn."""
    world.connect()
    anna, bohdan, clara = world.users()
    table = MissedCallRow(id=0, external_line="", user_ids=(bohdan, clara))
    return world.choose(missed_calls=(table,), lines=(LineRow(line="2000", user_id=anna),))


def loops(world):
    with world.store.database.read() as session:
        return list(session.scalars(select(LoopRow).order_by(LoopRow.id)))


def loop(world):
    (row,) = loops(world)
    return row


def task(world, key):
    """The Task of a call that was written, as the org has it."""
    written = world.call(key).written["task"]
    return next(one for one in world.records("Task") if one["Id"] == written)


def told(world, key):
    """Codes of what a call's page tells: its trace, and its history."""
    row = world.call(key)
    return [code for code, _ in row.trace["steps"]] + [
        one.reason_code for one in world.store.ledger.history(row) if one.reason_code
    ]


def test_a_missed_call_waits(world):
    world.hand_over(missed(dbid=1)).deliver()
    row, call = loop(world), world.call(1)
    assert (row.state, row.times, row.call_id) == (LoopState.OPEN, 1, call.id)
    assert row.task_id == task(world, 1)["Id"]
    assert row.responsible == task(world, 1)["OwnerId"] == world.users()[1]
    assert row.due_at - row.missed_at == timedelta(hours=1)
    assert row.missed_at == call.started_at
    assert "loop.opened" in told(world, 1)


def test_missed_again(world):
    world.hand_over(missed(dbid=1)).deliver()
    before = task(world, 1)
    world.hand_over(missed(dbid=2, **LATER)).deliver()
    first, again = task(world, 1), task(world, 2)
    assert again["Status"] == "Completed"
    assert again["OwnerId"] == first["OwnerId"], "whose the open one is"
    assert first["Subject"] == f"{before['Subject']} · missed: 2, last 2026-07-09 17:10"
    assert first["Description"].startswith(before["Description"])
    assert first["Description"].endswith("\nMissed again 2026-07-09 17:10 (calls missed: 2)")
    assert first["Priority"] == "High"
    kept = ("Status", "ActivityDate", "ReminderDateTime", "OwnerId")
    assert [first[name] for name in kept] == [before[name] for name in kept]
    row = loop(world)
    assert (row.state, row.times) == (LoopState.OPEN, 2)
    assert row.last_missed_at - row.missed_at == timedelta(minutes=12)
    assert "loop.missed_again" in told(world, 1)
    assert "loop.missed_again" in told(world, 2)


@pytest.mark.parametrize(
    ("answer", "state", "line"),
    [
        (outgoing(dbid=2, **LATER), LoopState.CALLED_BACK, "Called back after 12 minutes"),
        (
            event(dbid=2, **LATER),
            LoopState.CALLED_AGAIN,
            "Called again after 12 minutes and was answered",
        ),
    ],
)
def test_an_answer_closes(world, answer, state, line):
    world.hand_over(missed(dbid=1)).deliver()
    world.hand_over(answer).deliver()
    anna = next(one for one in world.records("User") if one["Id"] == world.users()[0])
    assert task(world, 1)["Status"] == "Completed"
    assert task(world, 1)["Description"].endswith(f"\n{line}: {anna['Name']} (2000)")
    row, call = loop(world), world.call(2)
    assert (row.state, row.closed_by_call, row.closed_by) == (state, call.id, anna["Id"])
    assert row.closed_at == call.started_at
    assert f"loop.{state}" in told(world, 1)
    assert f"loop.{state}" in told(world, 2)


def test_an_outgoing_call_that_nobody_took_closes_nothing(world):
    world.hand_over(missed(dbid=1)).deliver()
    world.hand_over(outgoing(dbid=2, state="BUSY", secondsTalk=0, **LATER)).deliver()
    assert (loop(world).state, loop(world).times) == (LoopState.OPEN, 1)
    assert task(world, 1)["Status"] == "Not Started"


def test_a_talk_that_was_over_before_answers_nothing(world):
    world.hand_over(missed(dbid=1, **LATEST)).deliver()
    world.hand_over(event(dbid=2, **LATER)).deliver()
    assert loop(world).state == LoopState.OPEN


def test_a_kind_that_writes_nothing_closes_nothing(world):
    world.hand_over(missed(dbid=1)).deliver()
    kinds = ({"kind": "outgoing_answered", "known": "nothing"},)
    world.choose(kinds=kinds)
    world.hand_over(outgoing(dbid=2, **LATER)).deliver()
    assert world.call(2).state == CallState.SKIPPED
    assert loop(world).state == LoopState.OPEN
    assert task(world, 1)["Status"] == "Not Started"


def test_missed_twice_and_called_back_in_one_batch(world):
    calls = missed(dbid=1), missed(dbid=2, **LATER), outgoing(dbid=3, **LATEST)
    world.hand_over(*calls).deliver()
    first = task(world, 1)
    assert [task(world, key)["Status"] for key in (1, 2, 3)] == ["Completed"] * 3
    assert first["Subject"].endswith("missed: 2, last 2026-07-09 17:10")
    assert "\nMissed again" in first["Description"]
    assert "\nCalled back after 42 minutes" in first["Description"]
    row = loop(world)
    assert (row.state, row.times) == (LoopState.CALLED_BACK, 2)
    assert len({one.api_calls for one in map(world.call, (1, 2, 3))}) == 1
    again, back = "loop.missed_again", "loop.called_back"
    story = [[code for code in told(world, key) if code in (again, back)] for key in (1, 2, 3)]
    assert story == [[again, back], [again, back], [back]]


def test_missed_called_back_and_missed_in_one_batch(world):
    calls = missed(dbid=1), outgoing(dbid=2, **LATER), missed(dbid=3, **LATEST)
    world.hand_over(*calls).deliver()
    assert [one.state for one in loops(world)] == [LoopState.CALLED_BACK, LoopState.OPEN]
    assert task(world, 1)["Status"] == "Completed"
    assert task(world, 3)["Status"] == "Not Started"
    assert loops(world)[1].task_id == task(world, 3)["Id"]


def test_a_person_completes_the_task(world):
    world.hand_over(missed(dbid=1)).deliver()
    clara = world.users()[2]
    row = f"/orgs/Acme/records/Task/{task(world, 1)['Id']}"
    world.control(
        "PATCH", row, {"Status": "Completed", "IsClosed": True, "LastModifiedById": clara}
    )
    world.hand_over(missed(dbid=2, **LATER)).deliver()
    old, new = loops(world)
    assert (old.state, old.closed_by) == (LoopState.COMPLETED, clara)
    assert (new.state, new.times, new.task_id) == (LoopState.OPEN, 1, task(world, 2)["Id"])
    assert " · " not in task(world, 1)["Subject"]
    assert "loop.completed" in told(world, 1)
    assert "loop.completed" in told(world, 2)


def test_a_person_deletes_the_task(world):
    world.hand_over(missed(dbid=1)).deliver()
    world.control("DELETE", f"/orgs/Acme/records/Task/{task(world, 1)['Id']}")
    world.hand_over(event(dbid=2, **LATER)).deliver()
    assert (loop(world).state, loop(world).closed_by_call) == (LoopState.GONE, None)
    assert world.call(2).state == CallState.DONE
    assert "loop.gone" in told(world, 1)


@pytest.mark.parametrize("code", ["ENTITY_IS_LOCKED", "INSUFFICIENT_ACCESS_OR_READONLY"])
def test_salesforce_refuses_to_complete_it(world, code):
    world.hand_over(missed(dbid=1)).deliver()
    world.control("POST", "/faults", {"kind": "error", "object": "Task", "code": code})
    world.hand_over(outgoing(dbid=2, **LATER)).deliver()
    assert world.call(2).state == CallState.DONE
    assert task(world, 2)["Status"] == "Completed"
    assert task(world, 1)["Status"] == "Not Started"
    assert "loop.refused" in told(world, 2)
    assert loop(world).state == LoopState.CALLED_BACK


def test_refused_within_a_batch(world):
    """What the batch itself creates may be refused to be changed, too."""
    rule = {"object": "Task", "when": "Priority = 'High'", "message": "Nothing is urgent here."}
    world.org(validation_rules=[rule])
    calls = missed(dbid=1), missed(dbid=2, **LATER)
    world.hand_over(*calls).deliver()
    assert [world.call(key).state for key in (1, 2)] == [CallState.DONE] * 2
    assert "loop.refused" in told(world, 2)
    assert (loop(world).state, loop(world).times) == (LoopState.OPEN, 2)


@pytest.mark.parametrize(
    "calls",
    [
        [missed(dbid=1)],
        [missed(dbid=1), missed(dbid=2, **LATER)],
    ],
)
def test_a_lost_reply_opens_once(world, calls):
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "graph"})
    world.hand_over(*calls).deliver()
    assert loops(world) == []
    world.hurry().deliver()
    row = loop(world)
    assert (row.state, row.times, row.task_id) == (
        LoopState.OPEN,
        len(calls),
        task(world, 1)["Id"],
    )
    assert row.responsible == world.users()[1]
    world.hand_over(outgoing(dbid=9, **LATEST)).deliver()
    assert loop(world).state == LoopState.CALLED_BACK
    assert task(world, 1)["Status"] == "Completed"


def test_a_lost_reply_closes_once(world):
    """Found completed by its own call, it was completed by nobody else."""
    world.hand_over(missed(dbid=1)).deliver()
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "graph"})
    world.hand_over(outgoing(dbid=2, **LATER)).deliver()
    assert loop(world).state == LoopState.OPEN
    world.hurry().deliver()
    row = loop(world)
    assert (row.state, row.closed_by_call) == (LoopState.CALLED_BACK, world.call(2).id)
    assert task(world, 1)["Description"].count("Called back") == 1


def test_two_numbers_of_one_contact_wait_apart(world):
    world.choose(mode="opportunities")
    other = "380441112233"
    world.plant("Contact", LastName="Iryna", Phone="+380505557182", MobilePhone=f"+{other}")
    world.hand_over(
        missed(dbid=1), missed(dbid=2, **{"from": other}), event(dbid=3, **LATER)
    ).deliver()
    first, second = loops(world)
    assert (first.state, second.state) == (LoopState.CALLED_AGAIN, LoopState.OPEN)
    assert [task(world, key)["Status"] for key in (1, 2)] == ["Completed", "Not Started"]
    world.hand_over(outgoing(dbid=4, to=[other], **LATEST)).deliver()
    assert loops(world)[1].state == LoopState.CALLED_BACK


def test_a_missed_call_whose_task_is_a_log_entry_waits_for_nobody(world):
    world.choose(missed_calls=()).hand_over(missed(dbid=1)).deliver()
    assert loops(world) == []
    assert "loop.opened" not in told(world, 1)


def test_told_after_its_talk_it_waits_for_nobody(world):
    world.plant("Lead", LastName="Known", Company="C", Phone="+380505557182")
    world.hand_over(outgoing(dbid=2, **LATER)).deliver()
    world.hand_over(missed(dbid=1)).deliver()
    assert loops(world) == []
    assert task(world, 1)["Status"] == "Completed"
    assert "\nCalled back after 12 minutes: " in task(world, 1)["Description"]
    assert "loop.called_back" in told(world, 1)
    world.hand_over(missed(dbid=3, **LATEST)).deliver()
    assert loop(world).call_id == world.call(3).id


def test_told_after_its_talk_in_one_batch(world):
    world.hand_over(event(dbid=2, **LATER), missed(dbid=1)).deliver()
    assert loops(world) == []
    assert [one["Status"] for one in world.records("Task")] == ["Completed"] * 2


def in_queue(world, **columns):
    with world.store.database.write() as session:
        session.execute(update(QueuedCall).values(**columns))


@pytest.mark.parametrize(
    ("overtaking", "after"),
    [
        (missed(dbid=2, **LATER), [(LoopState.OPEN, 2)]),
        (outgoing(dbid=2, **LATER), []),
    ],
)
def test_one_that_was_overtaken_is_not_left_open(world, overtaking, after):
    """Written, without a reply, and parked: tried again it is found."""
    world.plant("Lead", LastName="Known", Company="C", Phone="+380505557182")
    world.control("POST", "/faults", {"kind": "lost_reply", "path": "graph"})
    world.hand_over(missed(dbid=1)).deliver()
    (first,) = world.records("Task")
    before = world.queued(1)
    in_queue(world, state=CallState.ATTENTION)
    world.hand_over(overtaking).deliver()
    in_queue(world, state=CallState.RETRY)
    world.hurry().deliver()
    assert world.call(1).state == CallState.DONE
    assert world.call(1).written["task"] == first["Id"]
    assert world.call(1).trace == before.trace
    assert task(world, 1)["Status"] == "Completed"
    assert [(one.state, one.times) for one in loops(world)] == after
    if after:
        assert loop(world).task_id == task(world, 2)["Id"]
        world.hand_over(outgoing(dbid=3, **LATEST)).deliver()
    assert {one["Status"] for one in world.records("Task")} == {"Completed"}


def test_who_was_called_back_after_the_lead_was_converted_waits_no_longer(world):
    world.hand_over(missed(dbid=1)).deliver()
    lead, contact = world.one("Lead")["Id"], world.plant("Contact", LastName="Converted")
    converted = {"IsConverted": True, "ConvertedContactId": contact}
    world.control("PATCH", f"/orgs/Acme/records/Lead/{lead}", converted)
    world.hand_over(outgoing(dbid=2, **LATER)).deliver()
    call = world.call(2)
    assert (call.state, call.reason_code) == (CallState.SKIPPED, "skip.outgoing_converted")
    row = loop(world)
    assert (row.state, row.closed_by_call) == (LoopState.CALLED_BACK, call.id)
    assert task(world, 1)["Status"] == "Not Started"
    assert "loop.called_back" in told(world, 1)
    assert "loop.task_left" in told(world, 2)


def test_an_earlier_one_that_is_told_late_was_not_the_last(world):
    world.hand_over(missed(dbid=2, **LATEST)).deliver()
    world.hand_over(missed(dbid=1, **LATER)).deliver()
    assert task(world, 2)["Subject"].endswith("missed: 2, last 2026-07-09 17:40")
