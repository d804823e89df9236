"""A write whose answer never came: what it meant is told once its Task is found."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from core import reasons
from core.facts import Lessons
from core.models import CallState, QueuedCall
from core.plan import Outcome, Plan, Receipt, Verdict, Written
from core.reasons import Words
from core.store.database import utc_now
from tests.helpers.events import CLIENT, event, missed
from worker import outcomes
from worker.batches import MAX_ATTEMPTS, claim, lessons_from_json
from worker.retries import UNREADABLE, mistaken, retry

ANSWERED_ODDLY = reasons.salesforce.unreadable(Words("ANSWER_TOO_LARGE"))
LOST = {"kind": "lost_reply", "path": "graph"}


def test_the_reasons_and_the_turn_outlive_the_lost_reply(world):
    bohdan, clara = world.users()[1:]
    world.connect(
        missed_calls=({"id": 0, "external_line": "", "user_ids": (bohdan, clara)},),
    )
    world.control("POST", "/faults", LOST)
    world.hand_over(missed(dbid=1)).deliver()
    world.hurry()
    world.deliver()
    row = world.call(1)
    assert (row.state, row.reason_code) == (CallState.DONE, "already.written")
    told = [code for code, _ in row.trace["steps"]]
    assert "owner.missed_any" in told
    assert told[-1] == "write.lead_created"
    world.hand_over(missed(dbid=2, **{"from": "380441112233"})).deliver()
    assert [one["OwnerId"] for one in world.records("Task")] == [bohdan, clara]


def test_a_line_nobody_has_is_still_offered(light_world):
    world = light_world.connect()
    world.control("POST", "/faults", LOST)
    world.hand_over(event(dbid=1)).deliver()
    world.hurry()
    world.deliver()
    assert world.call(1).state == CallState.DONE
    assert world.call(1).unmapped_line == "2000"


def test_a_turn_that_was_not_taken_is_not_counted(light_world):
    world = light_world
    bohdan, clara = world.users()[1:]
    world.connect(
        missed_calls=({"id": 0, "external_line": "", "user_ids": (bohdan, clara)},),
    )
    world.control("POST", "/faults", {"kind": "unavailable", "path": "graph"})
    world.hand_over(missed(dbid=1)).deliver()
    assert world.queued(1).unsure
    world.hurry()
    world.deliver()
    world.hand_over(missed(dbid=2, **{"from": "380441112233"})).deliver()
    assert [one["OwnerId"] for one in world.records("Task")] == [bohdan, clara]


@pytest.mark.parametrize(
    "meanwhile", [{"enabled": False}, {"excluded_numbers": (CLIENT,)}], ids=["off", "excluded"]
)
def test_a_written_call_is_not_told_to_be_skipped(light_world, meanwhile):
    world = light_world.connect()
    world.control("POST", "/faults", LOST)
    world.hand_over(event(dbid=1)).deliver()
    world.choose(**meanwhile)
    world.hurry()
    world.deliver()
    assert world.call(1).reason_code == "already.written"


def test_one_that_was_not_written_is_skipped_after_asking(light_world):
    world = light_world.connect()
    world.control("POST", "/faults", {"kind": "unavailable", "path": "graph"})
    world.hand_over(event(dbid=1)).deliver()
    world.choose(enabled=False)
    world.hurry()
    world.deliver()
    assert world.call(1).reason_code == "skip.off"
    assert world.records("Task") == []


def test_the_call_of_a_deliverer_that_died_is_looked_for_first(light_world):
    world = light_world.connect().hand_over(event(dbid=1))

    def die(response):
        if response.url.path.endswith("graph"):
            raise KeyboardInterrupt

    world.http.event_hooks = {"response": [die]}
    with pytest.raises(KeyboardInterrupt):
        world.deliver()
    world.http.event_hooks = {}
    with world.store.database.write() as session:
        row = session.query(QueuedCall).one()
        row.state, row.due_at = CallState.DELIVERING, utc_now() - timedelta(seconds=1)
    world.choose(enabled=False).deliver()
    assert world.call(1).reason_code == "already.written"


@pytest.mark.parametrize(("package", "soon"), [(True, True), (False, False)])
def test_without_the_package_a_late_commit_is_given_time(light_world, package, soon):
    world = light_world.org(package=package).connect()
    world.control("POST", "/faults", LOST)
    world.hand_over(event(dbid=1)).deliver()
    assert (world.queued(1).due_at < utc_now() + timedelta(minutes=2)) is soon


def plan(call_id):
    reason = reasons.write.lead_created()
    return Plan(call_id, str(call_id), Outcome.WRITE, reason, trace=())


def test_a_receipt_that_cannot_be_read_spoils_no_other(light_world):
    world = light_world.connect().hand_over(event(dbid=1), event(dbid=2))
    lease = world.store.leases.take("acme", 60)
    first, second = claim(world.store, "acme", lease, 60).calls
    odd = Receipt(first.id, Verdict.DONE, records=(Written("Task", "00T", created=True),))
    results = [outcomes.result_of(plan(one.id), one, {first.id: odd}) for one in (first, second)]
    assert [one.state for one in results] == [CallState.RETRY, CallState.RETRY]
    assert all(one.unsure for one in results)


def test_nobody_has_an_unanswered_write_asked_for_before_it_can_be_seen(light_world):
    world = light_world.connect().hand_over(event(dbid=1))
    lease = world.store.leases.take("acme", 60)
    (waiting,) = claim(world.store, "acme", lease, 60).calls
    waiting = replace(waiting, attempts=MAX_ATTEMPTS)
    lost = outcomes.unanswered(plan(waiting.id), waiting, reasons.salesforce.transient(Words()))
    assert lost.state == CallState.ATTENTION
    world.store.deliveries.record("acme", lease, [lost], 1)
    world.store.leases.drop("acme", lease)
    assert world.store.releases.try_again("acme") == 1
    world.deliver()
    assert world.queued(1).due_at > utc_now() + timedelta(minutes=2)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (retry(1, MAX_ATTEMPTS, reasons.salesforce.transient(Words())), "salesforce.gave_up"),
        (retry(1, UNREADABLE, ANSWERED_ODDLY), "salesforce.gave_up_unreadable"),
        (retry(1, MAX_ATTEMPTS, reasons.salesforce.halted()), "salesforce.gave_up_halted"),
        (retry(1, MAX_ATTEMPTS, reasons.delivery.database()), "delivery.gave_up"),
        (mistaken(1, MAX_ATTEMPTS, ValueError()), "delivery.gave_up"),
    ],
)
def test_no_further_attempt_is_promised_once_they_are_used_up(result, code):
    assert (result.state, result.reason_code) == (CallState.ATTENTION, code)


def test_a_write_that_never_left_is_not_looked_for(light_world):
    world = light_world.connect().hand_over(event(dbid=1))

    def refuse(request):
        if request.url.path.endswith("graph"):
            raise httpx.ConnectError("refused")

    world.http.event_hooks = {"request": [refuse]}
    world.deliver()
    row = world.queued(1)
    assert (row.state, row.unsure) == (CallState.RETRY, False)
    assert row.due_at < utc_now() + timedelta(minutes=1)


def test_what_another_version_learnt_besides_is_learnt_anew():
    kept = {"avoid": ["00Q1"], "of_another_version": ["x"]}
    assert lessons_from_json(kept) == Lessons(avoid=frozenset({"00Q1"}))
