"""What RQ loses sight of is found; what must not run does not; lines in the log keep secrets."""

import io
import json
import threading
import time
from dataclasses import replace

import pytest
import structlog
from rq import Queue
from rq.serializers import JSONSerializer

from core.jobs import JobNotAllowed, OurJob
from core.logs import configure_logs
from core.models import CallState
from core.queues import CALLS, open_queue, open_redis
from tests.chaos.house import patiently
from tests.helpers.events import CLIENT, event
from worker.in_hand import in_hand_key, said_in_hand
from worker.process import make_worker
from worker.rescue import LOOK_SECONDS, SWEEPS_BEFORE_RESCUE, Rescue, rescue_forever
from worker.runtime import set_runtime

LIST = "worker.jobs.log_calls"


@pytest.fixture
def redis(light_world):
    with open_redis(light_world.config.redis_url) as redis:
        yield redis


def enqueue(redis, function, *arguments, **named):
    """As telephony does, knowing nothing of our job class."""
    queue = Queue(CALLS, connection=redis, serializer=JSONSerializer)
    return queue.enqueue(function, *arguments, **named)


def fail(redis, *jobs):
    """As RQ leaves jobs that failed because the database was away."""
    queue = open_queue(CALLS, redis)
    for job in jobs:
        queue.failed_job_registry.add(job, 3600)
        redis.lrem(queue.key, 0, job.id)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(("acme", event(dbid=1)), {}), ((), {"account_id": "acme", "event": event(dbid=1)})],
    ids=["positions", "keywords"],
)
def test_a_call_popped_by_a_worker_that_was_killed_is_taken_over(
    light_world, redis, arguments, named
):
    world = light_world.connect()
    enqueue(redis, "worker.jobs.log_call", *arguments, **named)
    queue = open_queue(CALLS, redis)
    # What is left of a worker that was killed right after it took the job.
    redis.blmove(queue.key, queue.intermediate_queue_key, 1)
    rescue = Rescue(redis, world.runtime)
    assert [rescue.run() for _ in range(SWEEPS_BEFORE_RESCUE)] == [0] * 2 + [1]
    assert world.call(1).state == CallState.WAITING
    assert rescue.run() == 0
    assert redis.llen(queue.intermediate_queue_key) == 0


def test_a_long_job_is_left_to_its_worker_as_long_as_that_lives(light_world, redis):
    world = light_world.connect()
    enqueue(redis, "worker.jobs.log_calls", "acme", [event(dbid=1)])
    worker = make_worker(CALLS, redis)
    job, _ = worker.dequeue_job_and_maintain_ttl(timeout=None)
    key, rescue = in_hand_key(job.id.encode()), Rescue(redis, world.runtime)
    with said_in_hand(worker, redis):
        worker.prepare_execution(job)
        worker.prepare_job_execution(job, remove_from_intermediate_queue=True)
        assert patiently(lambda: redis.exists(key), 30, 0.01)
        assert sum(rescue.run() for _ in range(2 * SWEEPS_BEFORE_RESCUE)) == 0
        assert job.get_status() == "started"
    assert patiently(lambda: not redis.exists(key), 30, 0.01)
    assert rescue.run() == 1, "it was killed"
    assert world.call(1).state == CallState.WAITING


def test_a_wake_up_of_a_killed_worker_does_not_stay(light_world, redis):
    redis.zadd("rq:wip:deliveries", {"job:execution": 1})
    rescue = Rescue(redis, light_world.runtime)
    for _ in range(SWEEPS_BEFORE_RESCUE):
        rescue.run()
    assert not redis.exists("rq:wip:deliveries")


def test_long_jobs_that_failed_are_taken_a_piece_at_a_time_and_each_is_told_once(
    light_world, redis
):
    world = light_world.connect()
    for first in (1, 1001):
        good = [event(dbid=first + n) for n in range(698)]
        bad = [event(dbid=first + n, date="yesterday") for n in (700, 701)]
        fail(redis, enqueue(redis, LIST, "acme", [bad[0], *good, bad[1]]))
    slow = replace(world.runtime, waker=Slow())
    rescue, looks = Rescue(redis, slow), 0
    while redis.zcard("rq:failed:calls"):
        rescue.run()
        looks += 1
        assert looks < 10
    assert slow.waker.pieces == looks > 1, "one piece a look, as each takes its time"
    assert len(world.store.refused.page("", 50)) == 4
    assert world.call(1).state == world.call(1698).state == CallState.WAITING


class Slow:
    """Waking takes longer than a look may."""

    pieces = 0

    def wake(self, account_id):
        self.pieces += 1
        time.sleep(LOOK_SECONDS)
        return True


def test_an_event_that_cannot_be_read_is_left_for_people(light_world, redis):
    job = enqueue(redis, "worker.jobs.log_call", "acme", {"event": "CALL_END"})
    queue = open_queue(CALLS, redis)
    redis.blmove(queue.key, queue.intermediate_queue_key, 1)
    rescue = Rescue(redis, light_world.runtime)
    assert sum(rescue.run() for _ in range(5)) == 0
    assert OurJob.exists(job.id, connection=redis)


def test_a_job_that_no_database_takes_does_not_keep_the_others_from_rescue(light_world, redis):
    world = light_world.connect()
    queue = open_queue(CALLS, redis)
    for account in ("\ud800", "acme"):
        enqueue(redis, "worker.jobs.log_call", account, event(dbid=1))
        redis.blmove(queue.key, queue.intermediate_queue_key, 1)
    rescue = Rescue(redis, world.runtime)
    assert sum(rescue.run() for _ in range(SWEEPS_BEFORE_RESCUE)) == 1
    assert world.call(1).state == CallState.WAITING


def test_a_job_that_breaks_whatever_reads_it_does_not_stop_rescue(light_world, redis):
    world = light_world.connect()
    queue = open_queue(CALLS, redis)
    broken = enqueue(redis, "worker.jobs.log_call", "acme", event(dbid=1))
    redis.hset(broken.key, "created_at", "yesterday")
    enqueue(redis, "worker.jobs.log_call", "acme", event(dbid=2))
    for _ in range(2):
        redis.blmove(queue.key, queue.intermediate_queue_key, 1)
    rescue = Rescue(redis, world.runtime)
    assert sum(rescue.run() for _ in range(SWEEPS_BEFORE_RESCUE)) == 2
    assert {world.call(key).state for key in (1, 2)} == {CallState.WAITING}


GOOD = event(dbid=1)
FORMS = {
    "an event": ("worker.jobs.log_call", GOOD),
    "an event as a text": ("worker.jobs.log_call", json.dumps(GOOD)),
    "an event in a field": ("worker.jobs.log_call", {"payload": json.dumps(GOOD)}),
    "a list": ("worker.jobs.log_calls", [GOOD]),
    "a list as a text": ("worker.jobs.log_calls", json.dumps([GOOD])),
    "a list of texts": ("worker.jobs.log_calls", [json.dumps(GOOD)]),
    "a list in a field": ("worker.jobs.log_calls", {"data": [GOOD]}),
}


@pytest.mark.parametrize("way", ["the door", "rescue"])
@pytest.mark.parametrize(("function", "sent"), FORMS.values(), ids=FORMS)
def test_what_the_door_takes_is_taken_by_rescue(light_world, redis, function, sent, way):
    world = light_world.connect()
    job = enqueue(redis, function, "acme", sent)
    if way == "the door":
        set_runtime(world.runtime)
        OurJob.fetch(job.id, connection=redis, serializer=JSONSerializer).perform()
    else:
        fail(redis, job)
        assert Rescue(redis, world.runtime).run() == 1
    assert world.call(1).state == CallState.WAITING
    assert world.store.refused.page("", 50) == []


class Rounds(threading.Event):
    """Told to stop, and how often somebody asked."""

    asked = 0

    def wait(self, timeout=None):
        self.asked += 1
        return super().wait(timeout)


def test_rescuing_goes_on_after_a_mistake(light_world, redis):
    world = light_world.connect()
    config = world.config.model_copy(update={"sweep_seconds": 0.01})
    queue = open_queue(CALLS, redis)
    redis.lpush(queue.intermediate_queue_key, b"\xff")
    stop = Rounds()
    runtime = replace(world.runtime, config=config)
    rescuing = threading.Thread(target=rescue_forever, args=(runtime, stop))
    rescuing.start()
    assert patiently(lambda: stop.asked > 3, 30, 0.01)
    redis.delete(queue.intermediate_queue_key)
    enqueue(redis, "worker.jobs.log_call", "acme", event(dbid=1))
    redis.blmove(queue.key, queue.intermediate_queue_key, 1)
    try:
        assert patiently(lambda: world.store.journal.by_key("acme", "1"), 30, 0.01)
    finally:
        stop.set()
        rescuing.join()


def test_only_our_functions_run(redis):
    job = enqueue(redis, "os.system", "true")
    with pytest.raises(JobNotAllowed):
        OurJob.fetch(job.id, connection=redis, serializer=JSONSerializer).perform()


def test_a_lock_left_by_a_worker_killed_at_maintenance_keeps_nobody_from_it(redis):
    queue = open_queue(CALLS, redis)
    redis.set(queue.registry_cleaning_key, 1, ex=700)
    registries = [queue.finished_job_registry.key, queue.failed_job_registry.key]
    for key in registries:
        redis.zadd(key, {"ended-long-ago": 1, "kept": 1 << 40})
    redis.sadd("rq:workers:calls", "rq:worker:killed")
    make_worker(CALLS, redis).work(burst=True)
    assert [redis.zrange(key, 0, -1) for key in registries] == [[b"kept"]] * 2
    assert redis.smembers("rq:workers:calls") == set()


def test_a_calls_life_in_the_log_without_its_number_or_a_token(light_world, monkeypatch):
    written = io.StringIO()
    configure_logs()
    processors = structlog.get_config()["processors"]
    structlog.configure(processors=processors, logger_factory=structlog.PrintLoggerFactory(written))
    try:
        world = light_world.connect().hand_over(event(dbid=1234567890)).deliver()
        structlog.get_logger().warning("x", detail=f"+{CLIENT}", token=world.http and "5AepABC")
    finally:
        structlog.reset_defaults()
    lines = [line for line in written.getvalue().splitlines() if "call=1234567890" in line]
    assert len(lines) == 2, written.getvalue()
    assert "call accepted" in lines[0]
    assert "state=done" in lines[1]
    tokens = world.store.connections.tokens("acme")
    for secret in (CLIENT, CLIENT[3:], tokens.access_token, tokens.refresh_token, "5AepABC"):
        assert secret not in written.getvalue()
