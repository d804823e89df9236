"""Telephony's RQ door: a client that has redis and rq only, and a real worker that answers."""

import json
import os
import re
import subprocess
import sys
import time

import pytest
from rq import Queue
from rq.job import Job, JobStatus
from rq.serializers import DefaultSerializer, JSONSerializer

from core.queues import CALLS, open_redis
from tests.helpers.databases import ROOT
from tests.helpers.events import CLIENT, event
from tests.helpers.servers import emptied
from tests.scenarios.helpers.world import World
from worker.process import make_worker

SETTLED = (JobStatus.FINISHED, JobStatus.FAILED)
PATIENCE = 60  # seconds
SINGLE, LIST = "worker.jobs.log_call", "worker.jobs.log_calls"


@pytest.fixture(params=["sqlite and valkey", "postgresql and redis"])
def house(request, tmp_path, worker_id):
    """An account and a worker process for the queue `calls`."""
    from_name = request.getfixturevalue
    if request.param == "sqlite and valkey":
        database_url, redis_url = from_name("sqlite_url"), from_name("embedded_redis_url")
    else:
        database_url = from_name("postgresql_url")
        redis_url = emptied(from_name("redis_server"), worker_id)
    world = World(database_url, redis_url, tmp_path)
    worker = subprocess.Popen(
        [sys.executable, "-m", "worker", "run", CALLS], cwd=ROOT, env=environment(world)
    )
    yield world
    worker.terminate()
    worker.wait(30)
    world.close()


def environment(world):
    names = {name.upper(): str(value) for name, value in world.config.model_dump().items() if value}
    return {**os.environ, **names}


def settle(redis, job_id):
    """The job, once a worker is done with it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        job = Job.fetch(job_id, connection=redis, serializer=JSONSerializer)
        if job.get_status() in SETTLED:
            return job
        time.sleep(0.05)
    raise AssertionError("no worker took the job")


def answer(redis, *arguments, to=SINGLE, **named):
    """What telephony reads: the return value, or the end of why the job failed."""
    queue = Queue(CALLS, connection=redis, serializer=JSONSerializer)
    job = settle(redis, queue.enqueue(to, *arguments, **named).id)
    latest = job.latest_result()
    if job.get_status() is JobStatus.FINISHED:
        return latest.return_value
    assert job.id in queue.failed_job_registry.get_job_ids(), "a failed job stays visible"
    return latest.exc_string.strip().splitlines()[-1]


GOOD = [
    ("a finished call", ("acme", event(dbid=1)), "accepted"),
    ("the same again", ("acme", event(dbid=1)), "known"),
    ("a call that is not over", ("acme", {**event(dbid=2), "event": "CALL_NEW"}), "not_final"),
    ("a number that is none", ("acme", event(dbid=3, **{"from": "anonymous"})), "accepted"),
    ("a NUL, and one spelt out", ("acme", event(dbid=4, note="a\0b \\u0000")), "accepted"),
    ("half a character", ("acme", event(dbid=5, note="\ud83d")), "accepted"),
    ("a number that is none", ("acme", event(dbid=7, note=float("nan"))), "accepted"),
    ("an event as a text", ("acme", json.dumps(event(dbid=8))), "accepted"),
]
BAD = [
    ("an unknown account", ("nobody", event(dbid=9)), "UnknownAccount: there is no account"),
    ("an account of another type", (7, event(dbid=9)), "UnknownAccount: there is no account '7'"),
    ("a NUL in the account", ("ac\0me", event(dbid=9)), "UnknownAccount: there is no account"),
    ("half a character in it", ("\ud800", event(dbid=9)), "UnknownAccount: there is no account"),
    ("text for an event", ("acme", '"CALL_END"'), "BadEvent: event must be an object"),
    ("JSON that lacks the call", ("acme", '{"event": "CALL_END"}'), "direction is missing"),
    ("no event", ("acme",), "TypeError"),
    ("no call", ("acme", {"event": "CALL_END"}), "BadEvent: direction is missing"),
    ("no date", ("acme", event(dbid=9, date=None)), "BadEvent: call.date is missing"),
    ("no key", ("acme", event(dbid=None, id=None)), "BadEvent: call.dbid is missing"),
    ("no direction", ("acme", event(dbid=9, direction="?")), "BadEvent: call.direction must be"),
    ("too large", ("acme", event(dbid=9, note="x" * 300_000)), "BadEvent: event is larger than"),
    ("too many values", ("acme", event(dbid=9, note=[1] * 2000)), "BadEvent: event has more than"),
    ("no number", ("acme", event(dbid=9, **{"from": float("nan")})), "BadEvent: call.from must be"),
]
SEVERAL = [event(dbid=2), event(dbid=3)]


def test_every_event_gets_its_answer_and_bad_ones_stay_visible_with_the_reason(house):
    with open_redis(house.config.redis_url) as redis:
        for name, arguments, expected in GOOD:
            assert answer(redis, *arguments) == expected, name
        for name, arguments, expected in BAD:
            assert expected in answer(redis, *arguments), name
        assert answer(redis, account_id="acme", event=event(dbid=6)) == "accepted"
    assert house.call(3).number == "anonymous"
    assert house.call(4).event["call"]["note"] == "ab \\u0000"
    assert [house.store.journal.by_key("acme", key) for key in ("2", "9")] == [None, None]


def test_a_list_is_one_job_that_fails_once_its_good_events_are_taken(house):
    with open_redis(house.config.redis_url) as redis:
        events = [event(dbid=1), {**event(dbid=2), "event": "CALL_NEW"}, event(dbid=1)]
        assert answer(redis, "acme", events, to=LIST) == ["accepted", "not_final", "known"]
        assert answer(redis, account_id="acme", events=json.dumps(events), to=LIST)[0] == "known"
        mixed = [event(dbid=3), event(dbid=9, date=None), event(dbid=4)]
        told = answer(redis, "acme", mixed, to=LIST)
        assert told.endswith("BadEvent: call.date is missing (event 2 of 3; 1 refused, rest taken)")
        assert "UnknownAccount" in answer(redis, "nobody", events, to=LIST)
        assert "must be a list" in answer(redis, "acme", event(dbid=9), to=LIST)
    assert house.call(3).state == house.call(4).state
    assert house.store.journal.by_key("acme", "9") is None


def test_a_job_that_is_no_json_fails_and_the_worker_goes_on(house):
    with open_redis(house.config.redis_url) as redis:
        pickled = Queue(CALLS, connection=redis, serializer=DefaultSerializer)
        job = pickled.enqueue("worker.jobs.log_call", "acme", event(dbid=1))
        assert settle(redis, job.id).get_status() is JobStatus.FAILED
        assert answer(redis, "acme", event(dbid=1)) == "accepted"


def test_the_lines_in_the_documentation_work_where_nothing_of_ours_is_installed(house, tmp_path):
    document = (ROOT / "docs" / "telephony.md").read_text()
    single, several = re.findall(r"```python\n(.*?)```", document, re.DOTALL)
    given = f"REDIS_URL = {house.config.redis_url!r}\nevent, events = {event(dbid=1)!r}, {SEVERAL}"
    script = f"{given}\n{single}\n{several}"
    command = [sys.executable, "-I", "-c", script]
    telephony = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert telephony.returncode == 0, telephony.stderr
    deadline = time.monotonic() + PATIENCE
    while not house.store.journal.by_key("acme", "3") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [house.call(key).number for key in (1, 2, 3)] == [f"+{CLIENT}"] * 3


def test_a_worker_waits_a_minute_at_most_for_a_redis_that_says_nothing(embedded_redis_url):
    worker = make_worker(CALLS, open_redis(embedded_redis_url, blocking=True))
    assert worker.connection.connection_pool.connection_kwargs["socket_timeout"] <= 60
    assert worker.dequeue_timeout < worker.worker_ttl, "idle ones clean up as well"
