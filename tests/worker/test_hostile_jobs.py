"""Whatever somebody wrote into Redis: nothing foreign runs, no worker ends, the next job is done,
and nothing stays there.

The attacker reaches Redis, and knows RQ."""

import json
import signal
import socket
import sys
import tracemalloc
import zlib

import pytest
from rq import Queue
from rq.serializers import JSONSerializer

from core.jobs import LARGEST_JOB, JobUnreadable, unpacked
from core.json_values import MOST_SENT
from core.models import RefusedEvent
from core.queues import CALLS, open_queue, open_redis
from tests.helpers.events import event
from worker.process import make_worker
from worker.rescue import SWEEPS_BEFORE_RESCUE, Rescue
from worker.runtime import set_runtime

CANARY = "canary_that_must_not_sing"
FOREIGN = f"{CANARY}.sing"


@pytest.fixture
def redis(light_world):
    with open_redis(light_world.config.redis_url) as redis:
        yield redis


@pytest.fixture
def world(light_world):
    return light_world.connect()


@pytest.fixture(autouse=True)
def canary(tmp_path, monkeypatch, world):
    """A module of somebody's; and RQ's signal handlers are put back."""
    (tmp_path / f"{CANARY}.py").write_text("def sing(*_args): ...\nclass Serializer: ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    set_runtime(world.runtime)
    before = [(one, signal.getsignal(one)) for one in (signal.SIGINT, signal.SIGTERM)]
    yield
    for one, handler in before:
        signal.signal(one, handler)
    assert CANARY not in sys.modules


def enqueue(redis, function="worker.jobs.log_call", dbid=1, **options):
    queue = Queue(CALLS, connection=redis, serializer=JSONSerializer)
    return queue.enqueue(function, "acme", event(dbid=dbid), **options)


def check_the_next_is_done(world, redis):
    """A good job behind it, a worker, its maintenance, and rescue; then another worker."""
    enqueue(redis, dbid=77)
    make_worker(CALLS, redis).work(burst=True)
    assert world.store.journal.by_key("acme", "77"), "the worker stopped before the good job"
    rescue = Rescue(redis, world.runtime)
    for _ in range(SWEEPS_BEFORE_RESCUE):
        rescue.run()
    enqueue(redis, dbid=78)
    make_worker(CALLS, redis).work(burst=True)
    assert world.store.journal.by_key("acme", "78"), "no worker starts any more"


def check_nothing_stays(redis):
    queue = open_queue(CALLS, redis)
    assert redis.lrange(queue.intermediate_queue_key, 0, -1) == []
    for registry in (
        queue.failed_job_registry,
        queue.started_job_registry,
        queue.deferred_job_registry,
    ):
        assert redis.zrange(registry.key, 0, -1) == []


def refused(world) -> list[RefusedEvent]:
    return world.store.refused.page("", 50)


HUGE = "9" * 30
FIELDS = {
    "callbacks": {f"{when}_callback_name": FOREIGN for when in ("success", "failure", "stopped")},
    "callbacks that are no text": {"success_callback_name": b"\xff"},
    "times of callbacks": {"failure_callback_timeout": "soon"},
    "a serializer": {"serializer": f"{CANARY}.Serializer"},
    "dependencies": {"dependency_ids": "no JSON"},
    "a dependency that is no text": {"dependency_id": b"\xff"},
    "failures of dependencies": {"allow_dependency_failures": "perhaps"},
    "retries": {"retries_left": "many"},
    "intervals of retries": {"retries_left": "3", "retry_intervals": "{"},
    "repeats": {"repeats_left": "5", "repeat_intervals": "[0]"},
    "repeats that are none": {"repeats_left": "often", "repeat_intervals": "]"},
    "a rate limit": {"rate_limit_key": "wrong-type", "rate_limit_concurrency": "1"},
    "meta": {"meta": b"\xff"},
    "a group that is not there": {"group_id": "nobody"},
    "a group that is no text": {"group_id": b"\xff"},
    "a result": {"result": b"\xff", "exc_info": zlib.compress(b"\xff")},
    "times": dict.fromkeys(
        ("created_at", "enqueued_at", "started_at", "ended_at", "last_heartbeat"), "yesterday"
    ),
    "a time-out that is none": {"timeout": "soon"},
    "a time-out below nothing": {"timeout": "-100"},
    "a time-out for ever": {"timeout": HUGE},
    "lives that are none": {"result_ttl": "x", "failure_ttl": "x", "ttl": "x"},
    "lives for ever": {"result_ttl": HUGE, "failure_ttl": HUGE, "ttl": HUGE},
    "lives below nothing": {"result_ttl": "-7", "failure_ttl": "-7"},
    "a state that is none": {"status": "flying"},
    "another queue": {"origin": "elsewhere"},
    "a queue that is no text": {"origin": b"\xff"},
    "a worker that is no text": {"worker_name": b"\xff"},
    "a place that is none": {"enqueue_at_front": "x", "enqueue_at_front_on_retry": "x"},
    "a field's name that is no text": {b"\xff": "1"},
    "a huge value that nobody needs": {"description": b"x" * (LARGEST_JOB + 1)},
}


@pytest.mark.parametrize("fields", FIELDS.values(), ids=FIELDS)
def test_what_a_call_does_not_need_does_nothing(world, redis, fields):
    redis.set("rq:rl:wrong-type:allowed", "x")
    redis.hset(enqueue(redis).key, mapping=fields)
    check_the_next_is_done(world, redis)
    assert world.store.journal.by_key("acme", "1"), "the call itself is good"
    assert refused(world) == []
    assert redis.keys("*elsewhere*") == []
    check_nothing_stays(redis)


def test_webhooks_are_not_called(world, redis):
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        address = f"http://127.0.0.1:{door.getsockname()[1]}/"
        hooks = [{"url": address, "job_status": one} for one in ("finished", "failed")]
        for function in ("worker.jobs.log_call", FOREIGN):
            redis.hset(enqueue(redis, function).key, "webhooks", json.dumps(hooks))
        check_the_next_is_done(world, redis)
        with pytest.raises(BlockingIOError):
            door.accept()


def test_a_bomb_is_not_unpacked_beyond_what_a_job_may_be():
    packed = zlib.compress(b" " * (32 * LARGEST_JOB))
    tracemalloc.start()
    with pytest.raises(JobUnreadable):
        unpacked(packed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * LARGEST_JOB


def job(*, data) -> dict[str, bytes]:
    return {"data": zlib.compress(data if isinstance(data, bytes) else json.dumps(data).encode())}


CALL, ARGUMENTS = "worker.jobs.log_call", ["acme", event(dbid=1)]
CALLS_OF_A_LIST = "worker.jobs.log_calls"
BAD_DATA = {
    "another function": (job(data=[FOREIGN, None, ARGUMENTS, {}]), f"'{FOREIGN}' may not run"),
    "a function that is none": (job(data=[["x"], None, ARGUMENTS, {}]), "may not run"),
    "a huge function": (job(data=["x" * 999_999, None, ARGUMENTS, {}]), "may not run"),
    "an attribute of a text": (job(data=["upper", "abc", [], {}]), "may not run"),
    "arguments that are no list": (job(data=[CALL, None, 7, {}]), "wrong arguments"),
    "names that are none": (job(data=[CALL, None, [], [1]]), "wrong arguments"),
    "too many arguments": (job(data=[CALL, None, [1, 2, 3], {}]), "wrong arguments"),
    "an unknown account": (job(data=[CALL, None, ["nobody", {}], {}]), "there is no account"),
    "a list for an account": (job(data=[CALL, None, [[1], {}], {}]), "there is no account"),
    "not a job": (job(data={"a": 1}), "no JSON of a function"),
    "no JSON": (job(data=b"\x80\x04\xff"), "no JSON of a function"),
    "not packed": ({"data": b"\xff\xfe"}, "no JSON of a function"),
    "nested without end": (job(data=b"[" * 100_000), "no JSON of a function"),
    "nested in the event": (
        job(data=b'["%b",null,["acme",%b],{}]' % (CALL.encode(), b"[" * 400 + b"]" * 400)),
        "",
    ),
    "a bomb": (job(data=b" " * (8 * LARGEST_JOB)), "is larger than 4 MiB"),
    "a bomb of values": (
        job(data=b'["%b",null,["acme",[{}%b]],{}]' % (CALL.encode(), b",{}" * MOST_SENT)),
        "holds more than 300000 values",
    ),
    "a list without end": (
        job(data=[CALLS_OF_A_LIST, None, ["acme", [{}] * 100_000], {}]),
        "are more than 10000",
    ),
    "a list without end in a text": (
        job(data=[CALLS_OF_A_LIST, None, ["acme", json.dumps([{}] * 100_000)], {}]),
        "are more than 10000",
    ),
    "too large": ({"data": b"x" * (LARGEST_JOB + 1)}, "is larger than 4 MiB"),
}


@pytest.mark.parametrize(("fields", "why"), BAD_DATA.values(), ids=BAD_DATA)
def test_a_job_that_cannot_be_taken_is_told_to_support(world, redis, fields, why):
    callbacks = FIELDS["callbacks"]
    bad = enqueue(redis)
    redis.hset(bad.key, mapping={**callbacks, **fields})
    check_the_next_is_done(world, redis)
    (told,) = refused(world)
    assert why in told.why
    assert len(told.event) <= 4000
    assert world.store.journal.by_key("acme", "1") is None
    assert 0 < redis.ttl(bad.key) <= 3600, "it can be fetched for an hour"
    check_nothing_stays(redis)


IDS = {
    "no text": b"\xff\xfe",
    "spaces": b"a job",
    "a colon": b"some:thing",
    "nothing": b"",
    "another alphabet": "задача".encode(),
    "much": b"x" * 100_000,
}


@pytest.mark.parametrize("name", IDS.values(), ids=IDS)
@pytest.mark.parametrize("where", ["queue", "intermediate", "failed", "wip", "deferred"])
def test_an_id_that_is_none_stops_nothing(world, redis, name, where):
    if where == "queue":
        redis.rpush("rq:queue:calls", name)
    elif where == "intermediate":
        redis.rpush("rq:queue:calls:intermediate", name)
    else:
        redis.zadd(f"rq:{where}:calls", {name: 1})
    check_the_next_is_done(world, redis)
    check_nothing_stays(redis)


@pytest.mark.parametrize("key", ["rq:job:{}", "rq:executions:{}", "rq:results:{}",
                                 "rq:job:{}:dependents", "rq:job::{}:dependencies"])  # fmt: skip
@pytest.mark.parametrize("put", ["SET {} x", "RPUSH {} x", "SADD {} x", "ZADD {} 1 x"])
def test_another_type_where_something_of_a_job_belongs_stops_nothing(world, redis, key, put):
    bad = enqueue(redis)
    redis.delete(key.format(bad.id))
    redis.execute_command(*put.format(key.format(bad.id)).split())
    check_the_next_is_done(world, redis)
    check_nothing_stays(redis)
    is_lost = key == "rq:job:{}"
    assert bool(world.store.journal.by_key("acme", "1")) is not is_lost
    assert len(refused(world)) == is_lost


SHARED = {
    "workers": ("SADD", "rq:workers:calls", b"\xff"),
    "groups": ("SADD", "rq:groups", b"\xff"),
    "no groups": ("SET", "rq:groups", "x"),
    "rate limits": ("SADD", "rq:rl-keys", b"\xff"),
    "no rate limits": ("SET", "rq:rl-keys", "x"),
    "ready jobs": ("ZADD", "rq:ready:calls", 1, b"\xff"),
    "no registry of what failed": ("SET", "rq:failed:deliveries", "x"),
    "no registry of what was started": ("SET", "rq:wip:deliveries", "x"),
    "no list of what was taken": ("SET", "rq:queue:deliveries:intermediate", "x"),
}


@pytest.mark.parametrize("command", SHARED.values(), ids=SHARED)
def test_nothing_beside_the_jobs_stops_anything_either(world, redis, command):
    redis.execute_command(*command)
    check_the_next_is_done(world, redis)


def test_a_job_that_is_stuck_with_unreadable_times_is_rescued(world, redis):
    stuck = enqueue(redis)
    redis.hset(stuck.key, mapping={"status": "started", "started_at": "long ago"})
    redis.lrem("rq:queue:calls", 0, stuck.id)
    redis.zadd("rq:wip:calls", {f"{stuck.id}:execution": 1})
    check_the_next_is_done(world, redis)
    assert world.store.journal.by_key("acme", "1")
    check_nothing_stays(redis)


def test_a_job_that_waits_for_another_is_taken_all_the_same(world, redis):
    first = enqueue(redis)
    enqueue(redis, dbid=2, depends_on=first)
    check_the_next_is_done(world, redis)
    assert world.store.journal.by_key("acme", "2")
    check_nothing_stays(redis)


def test_messages_to_a_worker_reach_nobody(world, redis):
    worker = make_worker(CALLS, redis)
    assert redis.publish(worker.pubsub_channel_name, b'{"command": "shutdown"}') == 0
    worker.bootstrap()
    assert redis.publish(worker.pubsub_channel_name, b'{"command": "shutdown"}') == 0
    worker.teardown()


def test_the_reason_can_be_read_where_rq_keeps_it(world, redis):
    bad = enqueue(redis, "worker.jobs.log_call")
    redis.hset(bad.key, mapping=job(data=[CALL, None, ["acme", {"event": "CALL_END"}], {}]))
    check_the_next_is_done(world, redis)
    bad.refresh()
    assert bad.get_status() == "failed"
    assert "direction is missing" in bad.latest_result().exc_string


def test_many_large_jobs_are_not_read_together(world, redis):
    queue = open_queue(CALLS, redis)
    text = json.dumps([CALL, None, ["acme", {"note": "x" * (LARGEST_JOB // 2)}], {}])
    for _ in range(25):
        bad = enqueue(redis)
        redis.hset(bad.key, "data", text)
        redis.zadd(queue.failed_job_registry.key, {bad.id: 1 << 40})
    redis.delete(queue.key)
    rescue = Rescue(redis, world.runtime)
    tracemalloc.start()
    while redis.zcard(queue.failed_job_registry.key):
        rescue.run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * LARGEST_JOB
    assert len(refused(world)) == 25
