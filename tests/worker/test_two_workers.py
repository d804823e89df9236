"""Two machines' workers on PostgreSQL and a real Redis, and calls of one number that race."""

import threading
from collections import Counter

import httpx
import pytest
from redis import Redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from core.loops import LoopState
from core.models import CallState, LoopRow
from core.queues import DELIVERIES, open_queue
from core.store import Store
from core.store.standing import as_they_stand, with_queue
from tests.chaos.figures import NOT_HANDED_OVER, everything, judge_loops, ledger
from tests.chaos.house import House, patiently
from tests.chaos.options import Options
from tests.chaos.orgs import Orgs
from tests.chaos.run import unsettled
from tests.helpers.events import event, missed, outgoing

CALLS = 80
"""For each account: more than Salesforce takes in one request, so at least two batches."""
OPTIONS = Options(machines=2, database="postgresql", redis="redis", accounts=2, lease=10)


@pytest.fixture
def house(tmp_path):
    tmp_path.chmod(0o755)
    house = House(OPTIONS, tmp_path)
    try:
        house.open()
        yield house
    finally:
        house.close()


@pytest.fixture
def store(house):
    store = Store(house.database_url, house.environment["TOKEN_KEYS"])
    yield store
    store.close()


def by_queue(house, account, keys, make):
    with Redis.from_url(house.redis_url) as redis:
        queue = Queue("calls", connection=redis, serializer=JSONSerializer)
        for key in keys:
            queue.enqueue("worker.jobs.log_call", account, make(key))


def by_http(house, orgs, account, keys, make):
    headers = {"Authorization": f"Bearer {orgs.keys[account]}"}
    for key in keys:
        body = make(key)
        answer = httpx.post(f"{house.portal_url}/api/calls", json=body, headers=headers, timeout=30)
        assert answer.status_code == 202, answer.text


def answers(house):
    try:
        return httpx.get(f"{house.portal_url}/healthz", timeout=30).is_success
    except httpx.TransportError:
        return False


def states(store):
    with store.database.read() as session:
        return Counter(row.state for row in as_they_stand(session.scalars(with_queue())))


def jobs_done(house):
    """How many wake-ups each delivering process answered."""
    with Redis.from_url(house.redis_url) as redis:
        workers = Worker.all(queue=open_queue(DELIVERIES, redis), serializer=JSONSerializer)
        return [worker.successful_job_count for worker in workers]


@pytest.fixture
def orgs(house, store):
    """Two, one with the package, written to by two workers of two processes each."""
    orgs = Orgs(OPTIONS, house, store)
    orgs.prepare()
    house.start_product()
    assert patiently(lambda: len(jobs_done(house)) == 4, 60)
    assert patiently(lambda: answers(house), 60)
    return orgs


def through_both_doors(house, orgs, calls, make):
    telephony = [
        threading.Thread(target=door, args=(*arguments, make))
        for account in orgs.accounts
        for door, arguments in (
            (by_queue, (house, account, range(1, calls, 2))),
            (by_http, (house, orgs, account, range(2, calls + 1, 2))),
        )
    ]
    for thread in telephony:
        thread.start()
    for thread in telephony:
        thread.join()


def test_one_new_number_through_both_doors_on_two_workers_becomes_one_lead(house, store, orgs):
    through_both_doors(house, orgs, CALLS, lambda key: event(dbid=key))
    assert patiently(lambda: states(store)[CallState.DONE] == 2 * CALLS, 120), states(store)
    for account in orgs.accounts:
        (lead,) = orgs.records(account, "Lead")
        tasks = orgs.records(account, "Task")
        assert len(tasks) == CALLS
        assert {task["WhoId"] for task in tasks} == {lead["Id"]}
    assert sum(count > 0 for count in jobs_done(house)) > 1, "more than one process delivered"


def missed_or_answered(key):
    began = f"2026-07-09 {10 + key // 60}:{key % 60:02}:00"
    return (missed if key % 3 else outgoing)(dbid=key, date=began)


def test_whoever_waits_is_called_back_once(house, store, orgs):
    """Two of three calls are missed, the third is ours. A missed one that is told after its talk
    says so itself, and waits for nobody."""
    through_both_doors(house, orgs, CALLS, missed_or_answered)
    assert patiently(lambda: states(store).total() == 2 * CALLS, 60), states(store)
    assert patiently(lambda: not unsettled(store), 120), states(store)
    found, calls = everything(store, LoopRow), ledger(store)
    for account in orgs.accounts:
        mine = [one for one in found if one.account_id == account]
        tasks = orgs.records(account, "Task")
        own = [one for one in calls if one.account == account]
        wrong = {name for name, number in judge_loops(mine, tasks, own).items() if number}
        assert wrong <= {NOT_HANDED_OVER}  # nobody looks here at who waits
        said = {task["Id"]: task["Description"].count("Called back after") for task in tasks}
        told = {task for task, times in said.items() if times}
        closed = {one.task_id for one in mine if one.state == LoopState.CALLED_BACK}
        assert closed <= told
        assert told
        assert {said[task] for task in told} == {1}
        missed_calls = sum(one.times for one in mine) + len(told - closed)
        assert missed_calls == sum(key % 3 > 0 for key in range(1, CALLS + 1))
