"""Telephony: hands calls over by either door, and says how fast they were taken."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock, local
from urllib.parse import urlsplit

from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from tests.bench.calls import event_of

LIST = 100
CLIENTS = 8
"""Connections at once; busy ones would make us the bottleneck."""

Post = tuple[str, bytes]
"""A key, and the body that goes with it."""


def lists_of(key: str, calls: int, size: int = LIST) -> Iterator[Post]:
    for first in range(1, calls + 1, size):
        last = min(first + size, calls + 1)
        yield key, json.dumps([event_of(call) for call in range(first, last)]).encode()


def post_all(url: str, posts: Sequence[Post], said: Callable[[int], object] = str) -> float:
    """Post all of them, some at once; returns the seconds it took. `said` hears how many were
    taken. Raises AssertionError for an answer that is no acknowledgement; one that asks to wait is
    minded."""
    place = urlsplit(url)
    here, lock = local(), Lock()
    done = 0

    def post(one: Post) -> None:
        nonlocal done
        if not hasattr(here, "connection"):
            here.connection = http.client.HTTPConnection(str(place.hostname), place.port, 60)
        headers = {"Authorization": f"Bearer {one[0]}", "Content-Type": "application/json"}
        while True:
            here.connection.request("POST", "/api/calls", one[1], headers)
            answer = here.connection.getresponse()
            text = answer.read()
            if answer.status not in (429, 503):
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        assert answer.status in (200, 202), text
        with lock:
            done += 1
            said(done)

    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        for _ in pool.map(post, posts):
            pass
    return time.monotonic() - began


def open_queue(name: str, redis: Redis) -> Queue:
    return Queue(name, connection=redis, serializer=JSONSerializer)


def rate_of_jobs(jobs: Sequence[str], redis: Redis, at_most: float = 120) -> float:
    """Jobs a second of one process, from the end of the first to the end of the last.

    Raises AssertionError when one failed, or was not done within `at_most` seconds.
    """
    deadline = time.monotonic() + at_most
    last = Job.fetch(jobs[-1], connection=redis, serializer=JSONSerializer)
    while not last.is_finished and not last.is_failed:
        assert time.monotonic() < deadline, "jobs are not done in time"
        time.sleep(0.1)
        with suppress(Exception):
            last.refresh()
    done = [
        Job.fetch(job, connection=redis, serializer=JSONSerializer) for job in (jobs[0], jobs[-1])
    ]
    assert all(one.is_finished for one in done), [one.latest_result() for one in done]
    first, last = done
    assert first.ended_at and last.ended_at
    return (len(jobs) - 1) / (last.ended_at - first.ended_at).total_seconds()
